"""The starter community: facts of well-known shows, statistics about them, simulated viewers.

``shows`` holds the facts, ``derive`` learns statistics about items from real lists, ``calibrate``
fits a sampler to those statistics alone, ``draw`` makes simulated viewers of it, ``write`` puts
them into files, ``fidelity`` compares them with real lists.
"""
