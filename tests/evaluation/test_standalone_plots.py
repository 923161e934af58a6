from __future__ import annotations

from xml.etree import ElementTree

from anirec.evaluation.page.plots import Plots
from anirec.evaluation.page.standalone import plots_of_page


def test_each_plot_of_a_page_stands_alone() -> None:
    plots = Plots(["ease"])
    values = {"ease": {"mean": 0.3, "low": 0.2, "high": 0.4}}
    drawn = [plots.bars(title, "", "NDCG@10", values) for title in ("Fish & chips", "Other")]
    page = f"<figure>{drawn[0].svg}</figure><p>text</p><figure>{drawn[1].svg}</figure>"
    found = plots_of_page(page)

    assert list(found) == ["Fish & chips", "Other"]
    for svg in found.values():
        root = ElementTree.fromstring(svg)  # an image must be well-formed
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        style = root[0].text or ""
        assert "--ink: #1b1f26" in style
        assert "--series-0" in style


def test_no_plot() -> None:
    assert plots_of_page("<p>nothing drawn</p>") == {}
