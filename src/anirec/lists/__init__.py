"""Watch lists of people: files that sites export, and lists by user name."""
