"""Answers and citations: the sample's gold questions; the seeds', alone and buried among real articles.

    python -m bench.quality [--buried 2000]

The seeds are asked two sets of questions: in words as unlike theirs as possible (``seeds.jsonl``), and in those that a
reader of news would use (``seeds_plain.jsonl``). They and the articles are real texts that the project does not hold;
without ``../shared`` they are left out.
"""

import argparse
import shutil
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from bench.measuring import HERE, SHARED, WORK, real_articles, save
from corpus.reading import read
from qa.answering.pipeline import ask, search
from qa.answering.types import Answer, Question
from qa.engine import Engine, open_engine
from qa.evaluation.evaluate import evaluate
from qa.evaluation.gold import Gold, read_gold
from qa.evaluation.metrics import holds_any
from qa.ingestion.pipeline import ingest
from qa.settings import Settings

WORDS = 12
"""Words of an answer at most, to be one."""
SAMPLE = HERE.parent / "corpus" / "sample" / "articles.jsonl"


def measured(engine: Engine, gold_file: Path) -> dict[str, Any]:
    """The measures of ``citewire evaluate``, how many citations and hits slice wrongly, and the archive's size.

    ``answered_right`` and ``refused`` are at the default bar: the first answer's text, in a few words, and its first
    citation hold the gold answer; or nothing is answered where the archive doesn't say.
    """
    gold = read_gold(gold_file)
    sliced = wrong = right = answerable = answered = refused = 0
    for one in gold:
        given = ask(engine, Question(one.question)).answers
        refused += not one.answers and not given
        answered += bool(one.answers and given) and _right(given[0], one)
        reply = ask(engine, Question(one.question, min_confidence=0.0))
        citations = [citation for answer in reply.answers for citation in answer.citations]
        for citation in citations:
            wrong += citation.article.text[citation.start : citation.end] != citation.quote
        hits = search(engine, one.question, k=20)
        wrong += sum(found.article.text[found.hit.start : found.hit.end] != found.text for found in hits)
        sliced += len(citations) + len(hits)
        if one.answers:
            answerable += 1
            right += bool(citations) and holds_any(citations[0].quote, one.answers)
    with engine.archive.store.read() as view:
        state = view.state._asdict()
    return {
        "archive": state,
        "first_citation_holds_the_answer": f"{right} of {answerable}",
        "answered_right": f"{answered} of {answerable}",
        "refused": f"{refused} of {len(gold) - answerable}",
        "slices": {"checked": sliced, "wrong": wrong},
        "at_the_default_bar": asdict(evaluate(engine, gold)),
    }


def _right(answer: Answer, gold: Gold) -> bool:
    short = len(answer.text.split()) <= WORDS
    return short and holds_any(answer.text, gold.answers) and holds_any(answer.citations[0].quote, gold.answers)


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buried", type=int, default=0, help="real articles around the seeds; 0: leave that out")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {}
    seeds = [SHARED / "seeds"]
    for name, sets, articles in (
        ("sample", ["gold"], read([SAMPLE])),
        ("seeds_alone", ["seeds", "seeds_plain"], read(seeds)),
        ("seeds_buried", ["seeds", "seeds_plain"], chain(read(seeds), real_articles(arguments.buried))),
    ):
        if (name != "sample" and not SHARED.is_dir()) or (name == "seeds_buried" and not arguments.buried):
            continue
        directory = WORK / name
        if name != "seeds_buried":
            shutil.rmtree(directory, ignore_errors=True)
        with open_engine(Settings(archive=directory), create=True) as engine:
            for outcome in ingest(engine, articles):
                if outcome.outcome == "rejected":
                    print(f"rejected: {outcome.where}: {outcome.reason}")
            engine.archive.compact()
            figures[name] = {one: measured(engine, HERE / f"{one}.jsonl") for one in sets}
    save("quality", f"python -m bench.quality --buried {arguments.buried}", figures)


if __name__ == "__main__":
    main()
