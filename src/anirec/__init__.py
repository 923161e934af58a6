"""anirec: a hybrid anime recommender."""
