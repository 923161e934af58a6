"""The stages that verbs call when they take more than one room."""
