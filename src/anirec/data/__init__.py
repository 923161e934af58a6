"""Raw files, their layouts, validation, tables, splits and the starter community."""
