"""The plots of the report, each with its figures as a table beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.evaluation.page.svg import INK, colour, draw
from anirec.evaluation.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    Interval = Mapping[str, float]
    """``mean``, ``low`` and ``high``, as in the JSON"""

MARKERS: Final = "osD^vP*X"
MISSING: Final = "–"


@dataclass(frozen=True)
class Table:
    """Titles and cells as text; the first cell of a row names it."""

    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Plot:
    """An SVG element, its caption and the same figures as a table."""

    title: str
    caption: str
    svg: str
    table: Table


@dataclass(frozen=True)
class Line:
    """One model's figures over the places of an axis; None where there is none."""

    model: str
    points: list[Interval | None]


class Plots:
    """Draws plots in one order of models, so that a model looks the same in all of them."""

    def __init__(self, models: Sequence[str]) -> None:
        self.models = list(models)
        self.drawn = 0

    def bars(self, title: str, caption: str, label: str, values: Mapping[str, Interval]) -> Plot:
        """Plot one figure per model, with its interval."""
        names = [model for model in self.models if model in values]

        def paint(axes: Axes) -> None:
            for place, name in enumerate(names):
                self._point(axes, name, values[name], place, upright=False)
            axes.set_yticks(range(len(names)), names)
            axes.set_ylim(-0.6, len(names) - 0.4)
            axes.grid(visible=False, axis="y")
            axes.set_xlabel(label)

        rows = [[name, in_words(values[name])] for name in names]
        height = 1.1 + 0.32 * len(names)
        return self._plot(title, caption, Table(["model", label], rows), paint, height, False)

    def lines(
        self,
        title: str,
        caption: str,
        label: str,
        places: Sequence[str],
        axis: str,
        lines: Sequence[Line],
        joined: bool = True,
        zero: bool = False,
    ) -> Plot:
        """Plot one line per model over named places.

        Parameters
        ----------
        label, axis
            What the figure and the places are.
        joined
            False for places without an order between them and their neighbours.
        zero
            True draws a line where nothing is gained or lost.
        """
        chosen = sorted(lines, key=lambda line: self.models.index(line.model))
        spread = 0.0 if joined else 0.5

        def paint(axes: Axes) -> None:
            if zero:
                axes.axhline(0, color=INK, linewidth=0.8)
            for number, line in enumerate(chosen):
                shift = spread * ((number + 0.5) / len(chosen) - 0.5)
                known = [(at, point) for at, point in enumerate(line.points) if point is not None]
                tint = colour(self.models.index(line.model))
                if joined:
                    means = [point["mean"] for _, point in known]
                    axes.plot([at for at, _ in known], means, color=tint, linewidth=1.4)
                for count, (at, point) in enumerate(known):
                    name = None if count else line.model
                    self._point(axes, line.model, point, at + shift, label=name)
            axes.set_xticks(range(len(places)), places)
            axes.set_xlim(-0.5, len(places) - 0.5)
            axes.grid(visible=False, axis="x")
            axes.set_xlabel(axis)
            axes.set_ylabel(label)

        rows = [
            [line.model, *(MISSING if point is None else in_words(point) for point in line.points)]
            for line in chosen
        ]
        return self._plot(title, caption, Table(["model", *places], rows), paint)

    def scatter(
        self,
        title: str,
        caption: str,
        labels: tuple[str, str],
        values: Mapping[str, tuple[Interval, Interval]],
    ) -> Plot:
        """Plot two figures of each model against each other."""
        names = [model for model in self.models if model in values]

        def paint(axes: Axes) -> None:
            for name in names:
                across, up = values[name]
                series = self.models.index(name)
                axes.errorbar(
                    across["mean"],
                    up["mean"],
                    xerr=_arms(across),
                    yerr=_arms(up),
                    color=colour(series),
                    marker=MARKERS[series % len(MARKERS)],
                    linewidth=1,
                    label=name,
                )
            axes.margins(0.12)
            axes.set_xlabel(labels[0])
            axes.set_ylabel(labels[1])

        rows = [[name, *(in_words(one) for one in values[name])] for name in names]
        return self._plot(title, caption, Table(["model", *labels], rows), paint)

    def _point(
        self,
        axes: Axes,
        model: str,
        interval: Interval,
        place: float,
        upright: bool = True,
        label: str | None = None,
    ) -> None:
        series = self.models.index(model)
        how: dict[str, Any] = {
            "color": colour(series),
            "marker": MARKERS[series % len(MARKERS)],
            "markersize": 5,
            "linestyle": "none",
            "elinewidth": 1.2,
            "label": label,
        }
        if upright:
            axes.errorbar(place, interval["mean"], yerr=_arms(interval), **how)
        else:
            axes.errorbar(interval["mean"], place, xerr=_arms(interval), **how)

    def _plot(
        self,
        title: str,
        caption: str,
        table: Table,
        paint: Any,
        height: float | None = None,
        legend: bool = True,
    ) -> Plot:
        self.drawn += 1
        if height is None:
            height = 3.1 + 0.24 * ((len(table.rows) + 1) // 2)
        told = "; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in table.rows)
        description = f"{caption} {', '.join(table.columns[1:])}. {told}."
        svg = draw(self.drawn, title, description, paint, height, legend)
        return Plot(title, caption, svg, table)


def of_group(group: Mapping[str, Any], model: str, metric: str) -> Interval | None:
    """Return a figure of one group of the JSON report, None where it is not defined."""
    found: Interval | None = group["models"][model].get(metric)
    return found


def _arms(interval: Interval) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    low, mean, high = interval["low"], interval["mean"], interval["high"]
    # A mean may lie a rounding outside its interval.
    return np.array([[max(mean - low, 0)], [max(high - mean, 0)]])
