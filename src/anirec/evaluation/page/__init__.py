"""The report as one HTML page that needs nothing from elsewhere."""

from anirec.evaluation.page.build import page, write_page

__all__ = ["page", "write_page"]
