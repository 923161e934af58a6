"""The artefact that is served: write, verify, load; and the registry of versions."""
