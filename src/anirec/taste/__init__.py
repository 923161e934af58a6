"""What a list says of its viewer: taste, backtest, a wall of shows to rate, a place on the map."""
