"""What the figures say against a model, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from anirec.evaluation.figures import LIFT
from anirec.evaluation.groups import TASTE
from anirec.evaluation.protocols import NEW_VIEWERS
from anirec.evaluation.wording import PROTOCOL_TITLES, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Report = Mapping[str, Any]

VERDICTS: Final = {
    "worse": "it falls behind",
    "no difference shown": "no difference is shown to",
}


def limits(reports: Mapping[str, Report], model: str) -> list[str]:
    """Return where a model falls behind, what its lists favour and what nobody measured.

    Parameters
    ----------
    reports
        JSON reports by protocol, each with figures of the model.
    """
    found = [
        *_not_ahead(reports, model),
        *_favoured(reports.get(NEW_VIEWERS), model),
    ]
    absent = [title.lower() for name, title in PROTOCOL_TITLES.items() if name not in reports]
    if absent:
        found.append(f"Not measured for this bundle: {', '.join(absent)}.")
    return found


def _not_ahead(reports: Mapping[str, Report], model: str) -> Iterator[str]:
    for protocol, report in reports.items():
        for margin in report["to_best_other"]:
            words = VERDICTS.get(margin["verdict"])
            if margin["model"] != model or words is None:
                continue
            headline, models = report["headline"], report["models"]
            here, there = models[model][headline]["mean"], models[margin["other"]][headline]["mean"]
            yield (
                f"{PROTOCOL_TITLES[protocol]}: {words} `{margin['other']}`, {here:.3f} against "
                f"{there:.3f}, difference {in_words(margin)}."
            )


def _favoured(main: Report | None, model: str) -> Iterator[str]:
    """Tell whether the lists favour what is widely watched, and how little of the catalogue they hold."""
    if main is None:
        return
    figures = main["models"][model]
    if LIFT in figures:
        yield f"What it shows is {_as_popular(figures[LIFT])} what these viewers watch{_by_taste(main, model)}."
    if "coverage" in figures:
        shown = round(figures["coverage"] * main["items"])
        yield (
            f"The first ten places of all {main['viewers']:,} viewers together hold {shown:,} of "
            f"{main['items']:,} shows ({figures['coverage']:.1%})."
        )


def _by_taste(main: Report, model: str) -> str:
    parts = [
        f"{group['label']} {group['models'][model][LIFT]['mean']:+.0%}"
        for group in main["groups"].get(TASTE, ())
        if LIFT in group["models"][model]
    ]
    return f" (by taste: {', '.join(parts)})" if parts else ""


def _as_popular(lift: Mapping[str, float]) -> str:
    if lift["low"] <= 0 <= lift["high"]:
        return "about as widely watched as"
    more = "more" if lift["mean"] > 0 else "less"
    return f"{abs(lift['mean']):.0%} {more} widely watched than"
