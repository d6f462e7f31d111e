"""Families of copies and rewrites among real articles: how many, the largest, and what finding them costs.

    python -m bench.origins [--articles 10000] [--show]

``--show`` prints title and text of every pair that was joined, to be read and judged.
"""

import argparse
import sqlite3
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from bench.measuring import real_articles, save
from corpus.provenance.near_duplicates import similarity
from corpus.storage.store import FILE, Store
from corpus.types import Chunk, Rejected

BLOCK = 1_000
"""Articles whose cost is compared."""
LARGEST = 20


def _family(members: list[Any]) -> dict[str, Any]:
    first = members[0][2]
    return {
        "articles": len(members),
        "outlets": [f"{source}, {day}" for source, day, *_ in members],
        "least_in_common_with_the_first": round(min(similarity(first, one[2]) for one in members), 2),
    }


def main() -> None:
    """Put the articles into a store, without chunks worth the name, and count the families."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    articles = [one.article for one in real_articles(arguments.articles) if not isinstance(one, Rejected)]
    milliseconds: list[float] = []
    with tempfile.TemporaryDirectory() as directory:
        store = Store.open(Path(directory), create=True)
        with store.write() as writing:
            for article in articles:
                start = perf_counter()
                writing.put(article, [Chunk(0, len(article.text), 1)], np.zeros((1, 4), np.float16))
                milliseconds.append(1000 * (perf_counter() - start))
        store.close()
        with sqlite3.connect(Path(directory) / FILE) as db:
            rows = db.execute(
                "SELECT family, source, published_at, sketch, title, text FROM articles ORDER BY no"
            ).fetchall()
    families: dict[int, list[Any]] = defaultdict(list)
    for family, *row in rows:
        families[family].append(row)
    several = sorted((members for members in families.values() if len(members) > 1), key=len, reverse=True)
    for members in several if arguments.show else ():
        print("----")
        for source, day, _, title, text in members:
            print(f"{source} {day} {len(text)} {title!r}\n{text[:300]!r}")
    save(
        "origins",
        f"python -m bench.origins --articles {arguments.articles}",
        {
            "articles": len(articles),
            "origins": len(families),
            "families_of_several": len(several),
            "articles_in_them": sum(map(len, several)),
            "largest": [_family(members) for members in several[:LARGEST]],
            "milliseconds_an_article": {
                f"first {BLOCK:,}": round(median(milliseconds[:BLOCK]), 3),
                f"last {BLOCK:,}": round(median(milliseconds[-BLOCK:]), 3),
            },
        },
    )


if __name__ == "__main__":
    main()
