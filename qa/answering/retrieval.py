"""Selects the passages to read: each once, few from one origin, in the text that was known on the day asked about.

The search uses the current texts, which are about the same things as earlier ones; of each passage found, the part of
the earlier text that has most words in common with it is read instead.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.chunking import chunk
from corpus.types import Article
from index.archive import Snapshot
from index.embedding import Embedder
from index.types import Filter, Hit
from qa.answering.types import RetrievedPassage
from qa.engine import Engine

_WORDS = re.compile(r"\w+")
PER_ORIGIN = 3
"""Chunks of one origin among those that are read: copies of one report must not crowd out the others."""


def choose_passages(
    engine: Engine, snapshot: Snapshot, hits: Sequence[Hit], count: int, where: Filter
) -> list[RetrievedPassage]:
    """The ``count`` best passages to read, in the text of the filter's last day where that was published anew since."""
    return _in_text_of_day(engine, snapshot, attach_articles(snapshot, choose_hits(snapshot, hits, count)), where)


def choose_hits(snapshot: Snapshot, hits: Sequence[Hit], count: int) -> list[Hit]:
    """The ``count`` best hits to read: each passage once, from its earliest copy, and few of one origin."""
    fingerprints = snapshot.view.fingerprints([hit.article_no for hit in hits])
    passages: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        passages.setdefault((fingerprints[hit.article_no].text, hit.start), []).append(hit)
    taken: Counter[int] = Counter()
    best: list[Hit] = []
    for copies in passages.values():
        origin = fingerprints[copies[0].article_no].family
        if taken[origin] < PER_ORIGIN and len(best) < count:
            taken[origin] += 1
            best.append(min(copies, key=lambda hit: (fingerprints[hit.article_no].day or 10**7, hit.article_id)))
    return best


def attach_articles(snapshot: Snapshot, hits: Sequence[Hit]) -> list[RetrievedPassage]:
    """The hits with their articles, without those whose text is not what was stored."""
    articles = snapshot.view.articles([hit.article_no for hit in hits])
    return [RetrievedPassage(hit, articles[hit.article_no]) for hit in hits if hit.article_no in articles]


def _in_text_of_day(
    engine: Engine, snapshot: Snapshot, found: Sequence[RetrievedPassage], where: Filter
) -> list[RetrievedPassage]:
    """What was found, in the text of the filter's last day where that was published anew since."""
    anew = {one.hit.article_no for one in found}.intersection(where.also)
    if not anew or where.published_to is None:
        return [*found]
    earlier = snapshot.view.as_they_stood([*anew], where.published_to.toordinal())
    # An earlier text that is not what was stored is not read, nor is today's in its place.
    there = [one for one in found if one.hit.article_no in earlier or one.hit.article_no not in anew]
    return earlier_passages(there, earlier, engine.embedder)


def earlier_passages(
    found: Sequence[RetrievedPassage], earlier: Mapping[int, Article], embedder: Embedder
) -> list[RetrievedPassage]:
    """What was found, with the ``earlier`` texts (by number of the article) where there are any; each part once."""
    stood: dict[tuple[str, int], RetrievedPassage] = {}
    for one in found:
        article = earlier.get(one.hit.article_no)
        there = one if article is None else RetrievedPassage(_place(one, article, embedder), article)
        stood.setdefault((there.article.id, there.hit.start), there)
    return [*stood.values()]


def _place(found: RetrievedPassage, article: Article, embedder: Embedder) -> Hit:
    """The hit in another text of its article."""
    words = Counter(_WORDS.findall(found.text.casefold()))
    best = max(
        chunk(article, embedder),
        key=lambda one: (words & Counter(_WORDS.findall(article.text[one.start : one.end].casefold()))).total(),
    )
    return replace(found.hit, start=best.start, end=best.end)


def passage_at(hit: Hit, article: Article, place: int, embedder: Embedder) -> RetrievedPassage:
    """The chunk of an article that holds this place of its text, as well retrieved as ``hit``."""
    there = next(one for one in chunk(article, embedder) if place < one.end)
    return RetrievedPassage(replace(hit, start=there.start, end=there.end, dense_rank=None, lexical_rank=None), article)
