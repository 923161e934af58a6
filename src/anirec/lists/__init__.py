"""Watch lists of people: files that sites export, lists by user name, lists in addresses."""
