"""Near-copies that differ: what the other articles of a report's family say where the answer stands.

Of a report and its copies few passages are read, and all of them count as one origin. An update of a wire story, or a
copy in which two names are swapped, is therefore looked for by its words: in each article of the family, the sentence
that corresponds to the answer's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.sentences import sentences
from corpus.types import Article
from index.analysis import terms
from index.archive import Snapshot
from index.embedding import Embedder
from index.filters import passing_articles
from index.types import Filter
from qa.answering.retrieval import passage_at
from qa.answering.types import Claim, RetrievedPassage, Statement

ALIKE = 0.6
"""The least share of their words that corresponding sentences have in common, of both together."""
LOOKED_THROUGH = 50
"""Texts of one family, each of them different, that are looked through."""
READ = 4
"""Passages that are read for them: the latest and the earliest of those that differ."""

_NAMED = re.compile(r"\b(?:[A-Z]|\d)\w*")
"""Words with a capital, and figures."""
_WORDS = re.compile(r"\w+")


def differing_copies(
    embedder: Embedder,
    snapshot: Snapshot,
    question: str,
    claims: Sequence[Claim],
    statement: Statement,
    where: Filter,
) -> list[RetrievedPassage]:
    """The passages of other articles in the families of a statement's claims that say something else at its place, at
    most ``READ``. Each counts as retrieved as well as the passage that it corresponds to.
    """
    found: dict[tuple[str, int], RetrievedPassage] = {}
    looked: set[tuple[str, str]] = set()
    for claim in (claims[row] for row in statement.claims):
        if (key := (claim.origin, " ".join(_words(claim.sentence)))) in looked:
            continue
        looked.add(key)
        for number, article in _family(snapshot, claim, where):
            place = _differs(claim, article)
            if place is not None:
                hit = replace(claim.found.hit, article_no=number, article_id=article.id)
                passage = passage_at(hit, article, place, embedder)
                if asks_of(question, claim, passage):
                    found.setdefault((article.id, passage.hit.start), passage)
    last_first = sorted(found.values(), key=lambda one: (one.article.published_at or "", one.article.id), reverse=True)
    return last_first if len(last_first) <= READ else [*last_first[: READ - 1], last_first[-1]]


def contradicts(one: Claim, other: Claim) -> bool:
    """Whether two claims, which don't say the same, stand at one place of two near-copies."""
    if one.found.article.id == other.found.article.id:
        return False
    mine, theirs = (_words(claim.sentence) for claim in (one, other))
    if not _alike(mine, theirs):
        return False
    answer, before, behind = _placed(one)
    _, before_other, behind_other = _placed(other)
    return (before == before_other or behind == behind_other) and not _says(theirs, answer, before, behind)


def asks_of(question: str, claim: Claim, copy: RetrievedPassage) -> bool:
    """Whether a copy of a claim's report is about what was asked: what the question names, a day or a year among it,
    and the claim's passage has beside its answer, stands there too. A club's reports of two matches share most words.
    """
    text, (start, end, _) = claim.found.text, claim.span
    passage = f"{claim.found.article.title}\n{text[:start]} {text[end:]}"
    return terms(question) & terms(" ".join(_NAMED.findall(passage))) <= terms(f"{copy.article.title}\n{copy.text}")


def _family(snapshot: Snapshot, claim: Claim, where: Filter) -> Iterator[tuple[int, Article]]:
    """The other articles that are the same report, each text once, as the filter lets them through."""
    view = snapshot.view
    numbers = view.numbers("family = (SELECT family FROM articles WHERE id = ?)", (claim.found.article.id,))
    if len(numbers) < 2:
        return
    passing = {*passing_articles(view, where).tolist()} if where else {*numbers.tolist()}
    prints = view.fingerprints([number for number in numbers.tolist() if number in passing])
    texts: dict[str, int] = {}
    for number, one in sorted(prints.items(), key=lambda item: (item[1].day or 10**7, item[0])):
        texts.setdefault(one.text, number)
    chosen = [*texts.values()][-LOOKED_THROUGH:]
    articles = view.articles(chosen)
    if where.published_to and (anew := [number for number in chosen if number in where.also]):
        earlier = view.as_they_stood(anew, where.published_to.toordinal())
        articles = {number: one for number, one in articles.items() if number not in anew} | earlier
    yield from ((number, one) for number, one in articles.items() if one.id != claim.found.article.id)


def _differs(claim: Claim, article: Article) -> int | None:
    """Where the sentence of the article begins that corresponds to the claim's and has not its answer in its place."""
    if " ".join(claim.sentence.split()) in " ".join(article.text.split()):
        return None
    mine = _words(claim.sentence)
    among = [(_shared(mine, _words(article.text[a:b])), -a, b) for a, b in sentences(article.text)]
    shared, start, end = max(among, default=(0.0, 0, 0))
    if shared < ALIKE or _says(_words(article.text[-start:end]), *_placed(claim)):
        return None
    return -start


def _placed(claim: Claim) -> tuple[list[str], str, str]:
    """The words of a claim's answer, the one before them in their sentence and the one behind."""
    text, (start, end, _) = claim.found.text, claim.span
    inside = [(a, b) for a, b in sentences(text) if a < end and start < b] or [(start, end)]
    before, behind = _words(text[inside[0][0] : start]), _words(text[end : inside[-1][1]])
    return _words(text[start:end]), before[-1] if before else "", behind[0] if behind else ""


def _says(words: Sequence[str], answer: Sequence[str], before: str, behind: str) -> bool:
    """Whether a sentence of these words has the answer, beside one of the two that it stands between."""
    size = len(answer)
    framed = ["", *words, ""]
    return any(
        framed[at : at + size] == [*answer] and (framed[at - 1] == before or framed[at + size] == behind)
        for at in range(1, len(words) - size + 2)
    )


def _alike(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    return _shared(mine, theirs) >= ALIKE


def _shared(mine: Sequence[str], theirs: Sequence[str]) -> float:
    """The share of words that two sentences have in common (Dice's coefficient, each word as often as it comes)."""
    return 2 * (Counter(mine) & Counter(theirs)).total() / max(1, len(mine) + len(theirs))


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())
