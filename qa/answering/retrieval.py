"""Articles as they stood on a day: one that was corrected since is read in its earlier text.

Searching goes through the text of today, which tells of the same thing; of what is found there, the part of the earlier
text that has most words in common is read instead.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.chunking import chunk
from corpus.types import Article
from index.embedding import Embedder
from index.types import Hit
from qa.answering.types import Found

_WORDS = re.compile(r"\w+")


def as_it_stood(found: Sequence[Found], earlier: Mapping[int, Article], embedder: Embedder) -> list[Found]:
    """What was found, with the ``earlier`` texts (by number of the article) where there are any; each part once."""
    stood: dict[tuple[str, int], Found] = {}
    for one in found:
        article = earlier.get(one.hit.article_no)
        there = one if article is None else Found(_placed(one, article, embedder), article)
        stood.setdefault((there.article.id, there.hit.start), there)
    return [*stood.values()]


def _placed(found: Found, article: Article, embedder: Embedder) -> Hit:
    """The hit in another text of its article."""
    words = Counter(_WORDS.findall(found.text.casefold()))
    best = max(
        chunk(article, embedder),
        key=lambda one: (words & Counter(_WORDS.findall(article.text[one.start : one.end].casefold()))).total(),
    )
    return replace(found.hit, start=best.start, end=best.end)
