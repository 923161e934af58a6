"""The model card: what a bundle is, what it is for, how good it is and where it falls short.

After Mitchell, Wu, Zaldivar, Barnes, Vasserman, Hutchinson, Spitzer, Raji and Gebru, "Model Cards for
Model Reporting", FAT* 2019. Every figure is taken from the reports; none stands in the template.
"""

from anirec.pipeline.model_card.build import CardSource, model_card

__all__ = ["CardSource", "model_card"]
