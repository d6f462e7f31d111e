"""Small stories of the project's own, each an archive of a few articles, and what must be answered there.

    python -m bench.evidence [--kind copies] [--verbose]

A line of ``evidence.jsonl`` is a story: its articles, what is asked of them and expected, and then what changes and is
asked anew. An answer is as expected when its status is, its text is one of the accepted ones (or holds one in at most
12 words), every further and every earlier answer is there, none holds what must never appear, and its origins and its
quantity are right.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.measuring import HERE, save
from corpus.formats import Read
from corpus.types import Article
from index.archive import Archive
from index.embedding import SentenceTransformerEmbedder
from qa.answering.pipeline import ask
from qa.answering.types import Answer, Question, Reply
from qa.engine import Engine, reader_named
from qa.evaluation.metrics import holds_any, normalise
from qa.ingestion.pipeline import ingest
from qa.schemas.answers import QuantityOut
from qa.settings import Settings

STORIES = HERE / "evidence.jsonl"
LONGEST = 12
"""Words that an answer may have at most."""


def failures(reply: Reply, expect: dict[str, Any]) -> Iterator[str]:
    """What is not as expected."""
    if reply.status != expect["status"]:
        yield f"status {reply.status}"
    texts = [answer.text for answer in reply.answers]
    # Of those that stand beside each other, any may come first.
    first = texts if expect["status"] in ("conflicting", "ambiguous") else texts[:1]
    if "answers" in expect and not any(_accepted(text, expect["answers"]) for text in first):
        yield f"first answer {texts[:1]}"
    for wanted in expect.get("others", ()):
        if not any(_accepted(text, wanted) for text in texts):
            yield f"no further answer {wanted}"
    if expect.get("others") == [] and len(texts) > 1:
        yield "further answers"
    for wanted in expect.get("earlier", ()):
        if not any(answer.role == "earlier" and _accepted(answer.text, wanted) for answer in reply.answers):
            yield f"no earlier answer {wanted}"
    yield from (f"{text!r} appears" for text in texts if holds_any(text, expect.get("never", ())))
    if reply.answers:
        yield from _wrong(reply.answers[0], expect)


def _wrong(first: Answer, expect: dict[str, Any]) -> Iterator[str]:
    if "origins" in expect and first.origins != expect["origins"]:
        yield f"{first.origins} origins"
    if "quantity" in expect:
        found = QuantityOut.of(first.meaning)
        fields = found.model_dump() if found else {}
        if any(fields.get(name) != value for name, value in expect["quantity"].items()):
            yield f"quantity {fields}"


def _accepted(text: str, wanted: Sequence[str]) -> bool:
    return normalise(text) in map(normalise, wanted) or (len(text.split()) <= LONGEST and holds_any(text, wanted))


def told(engine: Engine, story: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Reply]]:
    """Each question of a story with its expectation, asked when it is due."""
    _put(engine, story["articles"])
    for step in ({"asks": story["asks"]}, *story.get("then", ())):
        if "put" in step:
            _put(engine, [step["put"]])
        if "delete" in step:
            engine.archive.delete(step["delete"])
        for one in step.get("asks", ()):
            day = date.fromisoformat(one["as_of"]) if "as_of" in one else None
            yield one, ask(engine, Question(one["question"], as_of=day))


def _put(engine: Engine, articles: Sequence[dict[str, Any]]) -> None:
    records = (Read(Article(**fields), fields["id"], ()) for fields in articles)
    outcomes = {outcome.outcome for outcome in ingest(engine, records)}
    if "rejected" in outcomes:
        raise ValueError("an article of the story was rejected")


def main() -> None:
    """Ask, print what is not as expected, and keep the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind")
    parser.add_argument("--stories", type=Path, default=STORIES)
    parser.add_argument("--verbose", action="store_true", help="print every answer")
    arguments = parser.parse_args()
    stories = [json.loads(line) for line in arguments.stories.read_text("utf-8").splitlines() if line.strip()]
    settings = Settings()
    embedder = SentenceTransformerEmbedder(settings.model)
    reader = reader_named(settings.reader, embedder, settings.device)
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for story in stories:
        kind = story["kind"]
        if arguments.kind not in (None, kind):
            continue
        with (
            tempfile.TemporaryDirectory() as directory,
            Archive.open(Path(directory), settings={}, dimensions=embedder.dimensions, create=True) as archive,
        ):
            for one, reply in told(Engine(archive, embedder, reader), story):
                wrong = [*failures(reply, one["expect"])]
                asked[kind] += 1
                right[kind] += not wrong
                if wrong or arguments.verbose:
                    day = f" (as of {one['as_of']})" if "as_of" in one else ""
                    print(f"{kind}/{story['name']}: {one['question']}{day} {'; '.join(wrong) or 'right'}")
                    for answer in reply.answers:
                        words = f"{answer.role} {answer.confidence:.2f} {answer.text!r} ({answer.origins})"
                        print(f"    {words} {answer.about or ''}")
    total, of = right.total(), asked.total()
    shares = {kind: f"{right[kind]} of {count}" for kind, count in asked.items()}
    if arguments.kind is None and arguments.stories == STORIES:
        save(
            "evidence",
            "python -m bench.evidence",
            {"stories": len(stories), "as_expected": f"{total} of {of}", **shares},
        )
    else:
        print(f"{total} of {of}", shares)


if __name__ == "__main__":
    main()
