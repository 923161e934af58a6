"""The report as one HTML page that needs nothing from elsewhere."""

from anirec.evaluation.page.build import write_page

__all__ = ["write_page"]
