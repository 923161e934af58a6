"""The nightly loop: from raw lists to a promoted bundle, taken up where it stopped (docs/retrain.md)."""
