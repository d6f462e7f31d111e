"""Plots of the results that are kept; nothing is measured.

    python -m bench.plots

``bench.million``, ``bench.asking`` and ``bench.calibrating`` draw their own.
"""

import json
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from bench.measuring import RESULTS

_NAMES = ("citewire", "haystack", "llamaindex", "txtai", "chroma")


def result(name: str) -> dict[str, Any]:
    """What a measurement kept."""
    figures: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return figures


def keep(name: str, *axes: Axes) -> None:
    """Write the current figure, with a faint grid, alike each time."""
    for one in axes:
        one.grid(alpha=0.3)
        one.spines[["top", "right"]].set_visible(False)
    plt.rcParams["svg.hashsalt"] = name
    plt.tight_layout()
    plt.savefig(RESULTS / f"{name}.svg", metadata={"Date": None})
    plt.close()


def clients() -> None:
    """Answers a second, and how long one takes, against clients asking at once."""
    phases = result("clients")["phases"]
    counts = sorted({one["clients"] for one in phases})
    rates = [[one["answers_a_second"] for one in phases if one["clients"] == count] for count in counts]
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.plot(counts, [sum(one) / len(one) for one in rates], marker="o")
    left.set(xlabel="clients asking at once", ylabel="full answers a second", ylim=(0, None), xticks=counts)
    for name in ("p50", "p95"):
        times = [[one["milliseconds"][name] / 1000 for one in phases if one["clients"] == count] for count in counts]
        right.plot(counts, [sum(one) / len(one) for one in times], marker="o", label=name)
    right.set(xlabel="clients asking at once", ylabel="seconds an answer", ylim=(0, None), xticks=counts)
    right.legend(frameon=False)
    keep("clients", left, right)


def kinds() -> None:
    """What each kind of dense index finds of the ten nearest, against its time."""
    figures = result("kinds")
    _, axes = plt.subplots(figsize=(9, 4.2))
    for name, one in figures["kinds"].items():
        ours = name in ("exact-float16", "ours")
        where = one["milliseconds"]["p50"], one["recall"]
        axes.scatter(*where, marker="*" if ours else "o", s=140 if ours else 40, label=name)
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.axhline(0.98, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xscale="log", xlabel="milliseconds a question, median", ylabel="of the ten nearest found")
    ticks = (0.25, 0.5, 1, 2, 4, 8)
    axes.set_xticks(ticks, map(str, ticks))
    axes.set_xticks((), minor=True)
    keep("kinds", axes)


def stages() -> None:
    """Where the time of ingest goes."""
    shares = result("stages")["share"]
    _, axes = plt.subplots(figsize=(8, 1.9))
    start = 0.0
    for name, share in shares.items():
        axes.barh(0, share, left=start, label=f"{name} {share:.1%}")
        start += share
    axes.set(yticks=[], xlabel="of the processor's time", xlim=(0, 1))
    axes.legend(ncols=4, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=8)
    keep("stages", axes)


def peers() -> None:
    """A question's time and the memory at 10,000 and 100,000 chunks, beside others."""
    sizes = {int(size): one for size, one in result("peers_chunks").items() if size.isdigit()}
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    for axes, figure, label in (
        (left, "question_ms_p50", "milliseconds a question, median"),
        (right, "peak_mb", "peak memory, MB"),
    ):
        for name in _NAMES:
            axes.plot([*sizes], [one[name][figure] for one in sizes.values()], marker="o", label=name)
        axes.set(xscale="log", yscale="log", xlabel="chunks", ylabel=label)
    right.legend(frameon=False, fontsize=8)
    keep("peers", left, right)


def soak() -> None:
    """A server's memory and threads over half an hour at the machine's limit."""
    samples = result("soak")["samples"]
    minutes = [one["s"] / 60 for one in samples]
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
    for name, label in (("all", "resident"), ("own", "its own"), ("mapped", "mapped files")):
        left.plot(minutes, [one[name] for one in samples], label=label)
    left.set(xlabel="minutes", ylabel="MB", ylim=(0, None))
    left.legend(frameon=False)
    right.plot(minutes, [one["threads"] for one in samples])
    right.set(xlabel="minutes", ylabel="threads", ylim=(0, None))
    keep("soak", left, right)


def main() -> None:
    """Draw them all."""
    for draw in (clients, kinds, stages, peers, soak):
        draw()


if __name__ == "__main__":
    main()
