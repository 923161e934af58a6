"""The tracker that needs nothing: plain files, and one page that lists all runs."""
