"""The command line: one verb a file; a verb parses, calls one function, prints."""
