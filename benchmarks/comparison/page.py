"""The result as ``docs/benchmark.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anirec.evaluation.figures import HEADLINE
from anirec.evaluation.protocols import NEW_VIEWERS, SHORT_HISTORIES
from comparison.exchange import FEWEST_VIEWERS
from comparison.tuning import FEWEST_VIEWERS as FEWEST_WHILE_TUNING
from comparison.tuning import SECONDS, TRIALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.evaluation.bootstrap import Interval
    from comparison.contestant import Contestant
    from comparison.result import Result

UNKNOWN = "–"


def page(result: Result) -> str:
    """Return the whole page in Markdown."""
    main = result.reports[0]
    parts = [
        "# Side by side with other libraries",
        f"Written by `{result.command}` on {result.date}; edit `benchmarks/comparison/page.py`, not "
        "this page.",
        f"Machine: {result.machine}. Libraries: {_libraries(result)}.",
        f"The same split for all: {len(main.user_ids):,} test viewers whom nobody was fitted on, full "
        f"ranking over {main.n_items:,} shows, the protocols and metrics of "
        "[evaluation.md](evaluation.md). Peers run in an environment of their own "
        "(`benchmarks/peers`, one adapter a file) and hand over rankings; the product's evaluator "
        "measures theirs and ours alike.",
        *_ahead(result),
        "## New viewers",
        _new_viewers(result),
        "## Other protocols",
        "NDCG@10. *N entries*: no more than N random entries of the history are told. *Discovery, by "
        "request*: everybody leaves out the shows of known franchises before ranking, as anirec's filter "
        "`known_franchises: false` does. *learned, discovery X*: the same ranker with another setting of "
        "`ranking.discovery` ([learned_ranker.md](learned_ranker.md#discovery)).",
        _protocols(result),
        *_cold(result),
        "## Costs",
        "On one core. Fit and request are processor time; a request is one list, scored and ranked, "
        "the median of 100. Memory is the peak of the fitting process, libraries and data included. "
        "Size is what answering needs: arrays of a peer, files of ours. The learned ranker's fit is its "
        "own, after those of ease and item_neighbours; its discovery settings share it. hybrid has no "
        "fit of its own. user_neighbours reads the vectors of recommender_net, in whose process it was "
        "fitted; learned likewise in that of ease.",
        _costs(result),
        "## Tuning",
        f"Every peer had the same budget: the library's defaults and {TRIALS - 1} seeded draws from "
        f"the space below, at most {SECONDS:.0f} s of processor time in all (fewer trials where that ran "
        "out), the best NDCG@10 of the validation viewers kept. While tuning, only shows with at least "
        f"{FEWEST_WHILE_TUNING} training viewers exist; the figures above come from a fit on all "
        f"shows with at least {FEWEST_VIEWERS}, because dense matrices over the whole catalogue take "
        "too much memory. What is held out beyond those is a miss for the peers (1.1 % of it on the "
        "2020 lists). Ours were tuned on the same validation viewers, by hand, with far more "
        "trials ([ease.md](ease.md), [learned_ranker.md](learned_ranker.md)).",
        _tuning(result),
        "## Limits",
        "- The best peer of a protocol is the one with the highest test figure there, which favours "
        "peers.\n"
        "- Peers are told which shows a viewer has watched. Ours are also told ratings and statuses and "
        "read the catalogue: that is the point, and no peer here can take them in (but for the votes, "
        "which use ratings).\n"
        "- All were tuned for whole histories of new viewers; no one was tuned for discovery or for short "
        "lists.\n"
        "- The recorded search on the 2020 lists began with 12 trials a peer. It was extended to 20 for all "
        "when EDLAE had not come as far on validation viewers as it should; no peer's test figure had been "
        "read then. EASE and EDLAE gained 0.003 and 0.010 by it on validation viewers, the others nothing.\n"
        "- In that search EDLAE has one trial more, chosen by hand (regularisation 100, dropout 0.2): it reaches 0.010 more "
        "on validation viewers than the best of its draws, and is the peer that decides.\n"
        "- The smaller set of shows while tuning is not neutral for all. With the settings found, five "
        "viewers a show instead of ten moves the validation NDCG@10 of EASE and EDLAE by less than 0.001 "
        "and of iALS by 0.001, of ALS by -0.004 (not shown to differ), of RP3beta by +0.012.\n"
        "- EASE and EDLAE leave their weights by columns, which makes scipy copy all of them for every "
        "request (0.5 s). The adapter reorders them once, which favours these peers.\n"
        "- iALS's defaults have `alpha0` 0, with which it learns nothing here.\n"
        "- BPR has no fold-in in its library; the mean of the item vectors stands in for it.\n"
        "- MultVAE's defaults are 300 epochs, which take 840 s of the 600 s that tuning may take (2.8 s an "
        "epoch over the shows that exist while tuning), so its first trial is the defaults with 100 epochs, "
        "and its draws have 20 to 60. Its Kullback-Leibler term grows over 50 epochs whatever their number. "
        "With more time it may come further.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def lines(result: Result) -> str:
    """Return the tables for a terminal."""
    return "\n\n".join([_new_viewers(result), _protocols(result), *_ahead(result)])


def _libraries(result: Result) -> str:
    return ", ".join(sorted({contestant.source for contestant in result.contestants}))


def _ahead(result: Result) -> list[str]:
    if not result.gains:
        return []
    rows = [
        [
            title(gain.protocol),
            gain.peer,
            f"{gain.points.mean:+.4f} ({gain.points.low:+.4f} to {gain.points.high:+.4f})",
            f"**{_percent(gain.share)}**",
            "yes" if gain.points.low > 0 else "behind" if gain.points.high < 0 else "not shown",
        ]
        for gain in result.gains
    ]
    return [
        f"## {result.gains[0].ours} against the best tuned peer",
        "NDCG@10, paired by viewer, with 95 % bootstrap intervals. The best peer is chosen anew for "
        "each protocol.",
        _table(["protocol", "best peer", "difference", "in percent of the peer", "better"], rows),
        *_ahead_at_settings(result),
    ]


def _ahead_at_settings(result: Result) -> list[str]:
    if not result.gains_at:
        return []
    rows = [
        [
            title(gain.protocol),
            *(_percent(gains[place].share) for gains in result.gains_at.values()),
        ]
        for place, gain in enumerate(result.gains)
    ]
    return [
        "The same ranker at other settings of `ranking.discovery`, in percent of the best peer:",
        _table(["protocol", *result.gains_at], rows),
    ]


def _new_viewers(result: Result) -> str:
    report = result.reports[0]
    assert report.protocol == NEW_VIEWERS
    rows = []
    for contestant in result.ordered():
        found = report.intervals(contestant.name)
        ndcg = found[HEADLINE]
        rows.append(
            [
                _name(contestant),
                f"{ndcg.mean:.4f}",
                f"{ndcg.low:.4f} to {ndcg.high:.4f}",
                *(f"{found[metric].mean:.3f}" for metric in ("recall", "hit_rate", "mrr")),
                f"{report.figures[contestant.name].overall['coverage']:.3f}",
            ]
        )
    titles = ["", "NDCG@10", "95 % interval", "recall@10", "hit rate", "MRR", "coverage"]
    return _table(titles, rows)


def _protocols(result: Result) -> str:
    others = result.reports[1:]
    rows = [
        [
            _name(contestant),
            *(_short(report.intervals(contestant.name)[HEADLINE]) for report in others),
        ]
        for contestant in result.ordered()
    ]
    return _table(["", *(title(report.protocol) for report in others)], rows)


def _cold(result: Result) -> list[str]:
    text = (
        "**Cold items**: no peer can rank a show that nobody has watched; their recall is 0 by "
        "construction."
    )
    if result.cold:
        ours = ", ".join(f"{name} {recall:.3f}" for name, recall in result.cold.items())
        text += (
            f" Ours, recall@50 among all shows (`anirec evaluate --protocol cold-items`): {ours}."
        )
    return [text]


def _costs(result: Result) -> str:
    rows = []
    for contestant in result.ordered():
        costs = contestant.costs
        rows.append(
            [
                _name(contestant),
                _cell(costs, "fit_seconds", ".1f"),
                _cell(costs, "peak_mb", ",.0f"),
                _cell(costs, "model_mb", ",.1f"),
                _cell(costs, "request_ms", ".2f"),
                contestant.new_viewers,
            ]
        )
    titles = ["", "fit, s", "peak memory, MB", "size, MB", "request, ms", "new viewers"]
    return _table(titles, rows)


def _tuning(result: Result) -> str:
    rows = []
    for peer, found in result.tuning.items():
        space = "; ".join(f"{name} {values}" for name, values in found["space"].items())
        best = max(float(trial["ndcg@10"]) for trial in found["trials"])
        rows.append(
            [
                peer,
                str(len(found["trials"])),
                f"{found['seconds']:.0f}",
                space or "nothing to tune",
                ", ".join(f"{name} {value}" for name, value in found["settings"].items())
                or UNKNOWN,
                f"{float(found['trials'][0]['ndcg@10']):.4f}",
                f"{best:.4f}",
            ]
        )
    titles = ["", "trials", "s", "space", "best settings", "defaults", "best, validation"]
    return _table(titles, rows)


def title(protocol: str) -> str:
    """Return a protocol as people call it."""
    if protocol in SHORT_HISTORIES:
        length = protocol.rpartition("-")[2]
        return f"{length} entries" if length != "1" else "1 entry"
    return protocol.replace("-", " ")


def _name(contestant: Contestant) -> str:
    return f"**{contestant.name}**" if contestant.ours else contestant.name


def _short(interval: Interval) -> str:
    return f"{interval.mean:.3f} ± {(interval.high - interval.low) / 2:.3f}"


def _percent(interval: Interval) -> str:
    return f"{interval.mean:+.1%} ({interval.low:+.1%} to {interval.high:+.1%})"


def _cell(costs: dict[str, Any], name: str, form: str) -> str:
    return format(costs[name], form) if name in costs else UNKNOWN


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = [list(titles), ["---"] + ["---:"] * (len(titles) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [*head, *rows])
