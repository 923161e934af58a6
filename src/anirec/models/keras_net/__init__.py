"""How RecommenderNet is trained: samples, network, schedule, checkpoints. Imported only by ``fit``."""
