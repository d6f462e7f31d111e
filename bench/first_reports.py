"""Citations of agencies' articles, and whom they name as having reported it first.

    python -m bench.first_reports [--citations 200] [--show 40]

Of each article of BBC News, Reuters and the Associated Press among 10,000 real ones its own passages are read with its
title as the question, and the best span is cited. ``--show`` prints so many of the citations, those with a first report
before others, to be read and judged.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from bench.measuring import real_articles, save
from corpus.storage.store import Store
from corpus.storage.view import View
from corpus.types import Article, Chunk, Rejected
from index.types import Hit
from qa.answering.citations import cite
from qa.answering.normalization import Meaning
from qa.answering.origins import named_source
from qa.answering.types import Citation, Claim, RetrievedPassage
from qa.reader.trained import TrainedReader
from qa.reader.training.news import passages
from qa.reader.types import Passage

AGENCIES = ("BBC News", "Reuters", "Associated Press")


def cited(view: View, reader: TrainedReader, article: Article) -> tuple[Citation, str | None]:
    """The citation of the article's best answer to its own title, and the outlet that its sentence names."""
    found: list[RetrievedPassage] = []
    place = 0
    for text, _ in passages(article.text):
        place = article.text.index(text, place)
        hit = Hit(0, 0, article.id, place, place + len(text), 0.0, len(found) + 1, None, None)
        found.append(RetrievedPassage(hit, article))
    readings = reader.read(article.title, [Passage(article.title, one.text) for one in found])
    best = max(range(len(found)), key=lambda row: readings[row].score)
    span = readings[best].spans[0]
    claim = Claim(Meaning(found[best].text[span.start : span.end]), 0.5, article.id, found[best], span)
    return cite(view, claim), named_source(found[best], span)


def main() -> None:
    """Put the articles into a store, cite, and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--citations", type=int, default=200)
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    articles = [one.article for one in real_articles(10_000) if not isinstance(one, Rejected)]
    asked = [one for one in articles if one.source in AGENCIES and one.title]
    reader = TrainedReader()
    with tempfile.TemporaryDirectory() as directory, Store.open(Path(directory), create=True) as store:
        with store.write() as writing:
            for article in articles:
                writing.put(article, [Chunk(0, len(article.text), 1)], np.zeros((1, 4), np.float16))
        with store.read() as view:
            given = [cited(view, reader, one) for one in asked[: arguments.citations]]
    given.sort(key=lambda one: one[0].first_report is None)
    for citation, named in given[: arguments.show]:
        first = citation.first_report
        print("----", citation.article.source, citation.article.published_at, citation.article.title)
        print(citation.quote)
        print("first report:", first and (first.source, first.published_at, first.title), "named:", named)
        print("copies:", [(copy.source, copy.published_at, copy.title) for copy in citation.copies])
    by = Counter(
        "none" if one.first_report is None else "named in the sentence" if named else "a copy" for one, named in given
    )
    command = f"python -m bench.first_reports --citations {arguments.citations}"
    figures = {
        "citations": len(given),
        "outlets": dict(Counter(one.article.source for one, _ in given)),
        "first_report": dict(by),
        "with_copies": sum(bool(one.copies) for one, _ in given),
    }
    save("first_reports", command, figures)


if __name__ == "__main__":
    main()
