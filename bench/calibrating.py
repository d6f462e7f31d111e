"""Confidence fitted, and measured on what it was not fitted on.

    python -m bench.calibrating ask SET [--questions 300]   SET: past, held, small, sample, news or squad
    python -m bench.calibrating fit
    python -m bench.calibrating measure

Every question of a set is asked to its archive, and again with all articles taken out that hold an answer: then nothing
is right. ``ask`` takes some time and keeps what the reader said under ``.bench``; the others go on from there.

Fitted on ``past``, RealtimeQA 2020-2021 (the short texts that hold its answers stand among the articles of 2022-2023),
on ``held``, the held-out training articles of SQuAD among all its paragraphs, on ``small``, the same with each
question asked to the paragraphs of its own article alone, and on the sample's questions. Those of ``held`` and
``small`` are asked a third time with a name, a year or a number swapped for another, so that nothing answers them.
Measured on ``news``, RealtimeQA 2022-2023, and ``squad``, SQuAD's development questions among all its paragraphs.
"""

import argparse
import pickle
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.asking import archive_of, news_gold, part_of_news, squad_articles, squad_gold
from bench.fusing import held_out
from bench.measuring import HERE, RESULTS, WORK, save
from bench.past import past, past_archive
from bench.quality import SAMPLE
from corpus.formats import Read
from corpus.reading import read as read_files
from index.archive import Snapshot
from index.embedding import packaged_model
from index.retriever import DEPTH
from index.retriever import search as retrieve
from index.types import EVERYTHING, Filter, Hit
from qa.answering.calibration import FITTED, PLAIN, Looked, Signs, Weights, probability, signs
from qa.answering.claims import make_claims, merge_claims
from qa.answering.pipeline import READ_PASSAGES
from qa.answering.reranking import order_by_merit, read_until_sure
from qa.answering.retrieval import attach_articles, choose_hits
from qa.answering.types import Claim
from qa.engine import Engine, open_engine
from qa.evaluation.gold import Gold, read_gold
from qa.evaluation.metrics import f1, holds_any
from qa.ingestion.pipeline import ingest
from qa.reader.inputs import packaged_tokenizer
from qa.reader.training.likeness import Likeness
from qa.reader.training.swaps import swap, swappable
from qa.settings import DEFAULT_MIN_CONFIDENCE, Settings

BINS = 10
STATEMENTS = 3
"""Statements to a question that are fitted on, and among which the best is looked for."""
LOST = 0.1
"""The share of right answers that the default bar may refuse."""
WRONG = 0.1
"""The share of wrong answers among those given at which a bar and what it answers are told."""
SPEAKING_FOR = ("score", "retrieved", "kind", "origins")
"""Signs that can't count against an answer."""
YEARS = ("2022", "2023")
"""Of RealtimeQA, those that are measured on."""
SWAPS = 20
"""Times that a swap is tried until one changes a name or a figure."""
FITTED_ON = ("past", "held", "small", "sample")
MEASURED_ON = ("news", "squad")

Truths = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What the reader said to a question, in an archive of so many chunks; ``out``: without the answering articles."""

    gold: Gold
    out: bool
    claims: list[Claim]
    chunks: int


@dataclass(frozen=True)
class Judged:
    """The signs of a statement, and whether it is right."""

    signs: Signs
    right: bool
    out: bool


def told(engine: Engine, gold: Gold, *, out: bool, where: Filter = EVERYTHING) -> Told:
    """Ask as ``qa.answering.pipeline`` does."""
    vector = engine.embedder.embed([gold.question], kind="query")
    with engine.archive.read() as snapshot:
        hits = retrieve(snapshot, gold.question, vector, DEPTH, where)
        found = attach_articles(snapshot, choose_hits(snapshot, _left(snapshot, hits, gold, out=out), READ_PASSAGES))
        read = order_by_merit(read_until_sure(engine.reader, gold.question, found)) if found else []
        chunks = snapshot.view.state.chunks if where.article_ids is None else len(where.article_ids)
        return Told(gold, out, make_claims(engine, snapshot, gold.question, read), chunks)


def _left(snapshot: Snapshot, hits: Sequence[Hit], gold: Gold, *, out: bool) -> Sequence[Hit]:
    if not out:
        return hits
    articles = snapshot.view.articles([hit.article_no for hit in hits])
    return [hit for hit in hits if not holds_any(articles[hit.article_no].text, gold.answers)]


def questions_of(name: str, count: int, articles: int | None) -> tuple[list[Gold], AbstractContextManager[Engine]]:
    """A set's questions, and its archive; of news only so many ``articles`` where it is said, those that the first
    ``count`` questions need among them.
    """
    match name:
        case "past":
            return [gold for gold, _ in past()], past_archive(news_archive(count, articles))
        case "held" | "small":
            return held_out(), archive_of("squad")
        case "sample":
            return read_gold(HERE / "gold.jsonl"), sample_archive()
        case "news":
            return news_gold(YEARS), news_archive(count, articles)
        case "squad":
            return squad_gold("dev"), archive_of("squad")
        case _:
            raise ValueError(f"no such set: {name}")


def ask_set(name: str, count: int, articles: int | None = None) -> list[Told]:
    """A random ``count`` of a set's questions, each asked twice where it has an answer, and swapped where it can be."""
    gold, archive = questions_of(name, count, articles)
    taken = drawn(gold, count)
    swaps = swapped(taken) if name in ("held", "small") else {}
    found: list[Told] = []
    with archive as engine:
        for one in taken:
            where = Filter(article_ids=_neighbours(one, gold)) if name == "small" else EVERYTHING
            found += [told(engine, one, out=out, where=where) for out in (False, True) if one.answers or not out]
            if one in swaps:
                found.append(told(engine, Gold(swaps[one], ()), out=True, where=where))
    return found


def drawn(gold: Sequence[Gold], count: int) -> list[Gold]:
    """A random ``count`` of the questions, always the same."""
    return [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[:count]]


def news_archive(count: int, articles: int | None) -> AbstractContextManager[Engine]:
    """The archive of news, or ``articles`` of it."""
    return archive_of("news") if articles is None else part_of_news(drawn(news_gold(YEARS), count), articles)


def _neighbours(one: Gold, gold: Sequence[Gold]) -> tuple[str, ...]:
    """The paragraphs of the article that a question is about."""
    article = one.article_ids[0].rpartition("/")[0]
    return tuple(sorted({name for other in gold for name in other.article_ids if name.startswith(f"{article}/")}))


def swapped(gold: Sequence[Gold]) -> dict[Gold, str]:
    """The questions about something else: a name, year or number swapped for one that stands in their paragraph or in
    other questions.
    """
    paragraphs = {one.article.id: one.article.text for one in squad_articles() if isinstance(one, Read)}
    like = Likeness.packaged(packaged_tokenizer(), packaged_model())
    rng = np.random.default_rng(0)
    found: dict[Gold, str] = {}
    for one in gold:
        others = [gold[int(row)].question for row in rng.integers(len(gold), size=4)]
        for _ in range(SWAPS):
            other = swap(one.question, paragraphs[one.article_ids[0]], others, like, rng)
            if other and _shown(one.question) != _shown(other):
                found[one] = other
                break
    return found


def _shown(question: str) -> list[str]:
    """Its names and figures."""
    return [question[one.start : one.end] for one in swappable(question) if one.kind != "word"]


@contextmanager
def sample_archive() -> Iterator[Engine]:
    """The sample as an archive: small, so that something is found near every question."""
    with open_engine(Settings(archive=WORK / "sample"), create=True) as engine:
        for _ in ingest(engine, read_files([SAMPLE])):
            pass
        yield engine


def kept(name: str) -> list[Told]:
    """What was asked before."""
    with (WORK / f"calibrating_{name}.pickle").open("rb") as file:
        found: list[Told] = pickle.load(file)
    return found


def judged(told: Told) -> Iterator[Judged]:
    """The first statements to a question."""
    looked = Looked.of(told.gold.question)
    for one in merge_claims(told.claims)[:STATEMENTS]:
        text = told.claims[one.claims[0]].meaning.text
        right = not told.out and f1(text, told.gold.answers) >= 0.5
        yield Judged(signs(looked, told.claims, one, told.chunks), right, told.out)


def best(found: Sequence[Told], weights: Weights) -> list[Judged]:
    """The statement that would be given to each question, bar or not; none where nothing was said."""
    return [max(judged(one), key=lambda row: probability(row.signs, weights)) for one in found if one.claims]


def fitted(found: Sequence[Judged]) -> Weights:
    """Logistic regression, lightly regularised. What speaks for an answer by what it means, and would count against it
    by chance of the sample, counts nothing.
    """
    from sklearn.linear_model import LogisticRegression

    table = np.array([one.signs for one in found])
    right = [one.right for one in found]
    used = np.ones(table.shape[1], bool)
    while True:
        scale = table.std(0) + 1e-9
        regression = LogisticRegression(C=1.0).fit((table / scale)[:, used], right)
        weights = np.zeros(table.shape[1])
        weights[used] = regression.coef_[0] / scale[used]
        against = used & np.isin(Signs._fields, SPEAKING_FOR) & (weights < 0)
        if not against.any():
            return Weights(Signs(*(round(float(w), 3) for w in weights)), round(float(regression.intercept_[0]), 3))
        used &= ~against


def figures(found: Sequence[Judged], weights: Weights, bar: float) -> dict[str, Any]:
    """How well confidence fits, and what the bar does: ``refused_without`` of the questions whose answer was taken out,
    ``lost`` of the right answers, ``wrong`` of the answers given.
    """
    from sklearn.metrics import roc_auc_score

    right, out = (np.array([getattr(one, name) for one in found]) for name in ("right", "out"))
    probabilities = np.array([probability(one.signs, weights) for one in found])
    given = probabilities >= bar
    strict, covered = largest(right, probabilities)
    return {
        "asks": len(found),
        "right": round(float(right.mean()), 4),
        "expected_calibration_error": round(calibration_error(right, probabilities), 4),
        "area_under_roc": round(float(roc_auc_score(right, probabilities)), 4),
        "bar": bar,
        "given": round(float(given.mean()), 4),
        "wrong": round(float(1 - right[given].mean()), 4) if given.any() else None,
        "refused_without": round(float(1 - given[out].mean()), 4) if out.any() else None,
        "lost": round(float(1 - given[right].mean()), 4),
        "bar_of_a_tenth_lost": round(float(np.quantile(probabilities[right], LOST)), 3),
        "bar_of_a_tenth_wrong": strict,
        "given_at_it": covered,
    }


def largest(right: Truths, probabilities: Probabilities) -> tuple[float | None, float]:
    """The bar of the largest coverage at which ``WRONG`` of the answers given are wrong, and the coverage."""
    order = np.argsort(-probabilities, kind="stable")
    within = np.flatnonzero(risk(right[order]) <= WRONG)
    last = int(within[-1]) if len(within) else -1
    return (round(float(probabilities[order[last]]), 3) if last >= 0 else None), round((last + 1) / len(order), 4)


def risk(right: Truths) -> Probabilities:
    """The share of wrong answers among the first one, two, three ..."""
    return 1 - np.cumsum(right) / np.arange(1, len(right) + 1)


def bins(probabilities: Probabilities) -> list[npt.NDArray[np.intp]]:
    """The answers in bins of equal size, from the least confident."""
    return [one for one in np.array_split(np.argsort(probabilities, kind="stable"), BINS) if len(one)]


def calibration_error(right: Truths, probabilities: Probabilities) -> float:
    """Expected calibration error over bins of equal size (Naeini et al., "Obtaining well calibrated probabilities using
    Bayesian binning", AAAI 2015).
    """
    gaps = (len(one) * abs(right[one].mean() - probabilities[one].mean()) for one in bins(probabilities))
    return float(sum(gaps) / len(right))


def plot(sets: dict[str, list[Judged]]) -> None:
    """Reliability diagram and risk-coverage curve, as an SVG beside the figures."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    left, middle = figure.subplots(1, 2)
    for name, found in sets.items():
        right = np.array([one.right for one in found])
        probabilities = np.array([probability(one.signs, FITTED) for one in found])
        groups = bins(probabilities)
        left.plot(
            [probabilities[one].mean() for one in groups], [right[one].mean() for one in groups], marker="o", label=name
        )
        order = np.argsort(-probabilities, kind="stable")
        middle.plot(np.arange(1, len(order) + 1) / len(order), risk(right[order]), label=name)
    left.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    left.set(xlabel="confidence", ylabel="share right", title="Reliability")
    middle.axhline(WRONG, color="grey", linewidth=0.8)
    middle.set(xlabel="share of questions answered", ylabel="share wrong among them", title="Risk and coverage")
    for axes in (left, middle):
        axes.grid(alpha=0.3)
    left.legend()
    figure.savefig(RESULTS / "calibrating.svg", metadata={"Date": None})


def main() -> None:
    """Ask, fit or measure; print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["ask", "fit", "measure"])
    parser.add_argument("set", nargs="?", choices=[*FITTED_ON, *MEASURED_ON])
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--articles", type=int, help="of the archive of news, so many alone")
    arguments = parser.parse_args()
    if arguments.what == "ask":
        if arguments.set is None:
            parser.error("which set?")
        found = ask_set(arguments.set, arguments.questions, arguments.articles)
        (WORK / f"calibrating_{arguments.set}.pickle").write_bytes(pickle.dumps(found))
        return
    if arguments.what == "fit":
        sets = {name: kept(name) for name in FITTED_ON}
        weights = fitted([row for found in sets.values() for one in found for row in judged(one)])
        print(weights)
    else:
        sets, weights = {name: kept(name) for name in MEASURED_ON}, FITTED
        plot({name: best(found, weights) for name, found in sets.items()})
    sets["all"] = [one for found in sets.values() for one in found]
    measured = {
        name: {
            "fitted": figures(best(found, weights), weights, DEFAULT_MIN_CONFIDENCE),
            "reader_alone": figures(best(found, PLAIN), PLAIN, DEFAULT_MIN_CONFIDENCE),
        }
        for name, found in sets.items()
    }
    command = f"python -m bench.calibrating {arguments.what}"
    save(f"calibrating_{arguments.what}", command, {"weights": [*weights.signs, weights.bias], **measured})


if __name__ == "__main__":
    main()
