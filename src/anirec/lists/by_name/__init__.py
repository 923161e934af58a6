"""Lists by user name: what each site answers, and how it is asked."""
