"""Makes a citation of a span: the whole sentences around it, their context, and a link to the exact words."""

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import quote as percent_encode

from corpus.sentences import sentences
from corpus.storage.view import View
from corpus.types import Article
from qa.answering.origins import first_report, named_source
from qa.answering.types import Citation, Claim

MAX_QUOTE = 500
"""Longest quote in characters, where the sentences allow."""
MAX_SENTENCES = 3
_WHOLE = 100_000  # characters of an article whose sentences are found anew, in some 20 ms; of longer ones, a chunk's
_CONTEXT = 32  # characters of prefix and suffix: what the W3C annotation model's examples and tools use
_LEAST_WORDS = 3  # fewer match menus and captions of the page, which the stored text does not have


def cite(view: View, claim: Claim) -> Citation:
    """The citation for what a span of a passage says; its copies are those that hold its quote."""
    article, offset, found, span = claim.found.article, claim.found.hit.start, claim.found, claim.span
    if len(article.text) <= _WHOLE:
        start, end = quote_around(article.text, offset + span.start, offset + span.end)
    else:
        start, end = (offset + place for place in quote_around(found.text, span.start, span.end))
    copies = view.copies(article.id, quote=article.text[start:end])
    return Citation(
        article=article,
        start=start,
        end=end,
        answer_start=offset + span.start,
        answer_end=min(offset + span.end, end),
        score=span.score,
        prefix=article.text[max(0, start - _CONTEXT) : start],
        suffix=article.text[end : end + _CONTEXT],
        deep_link=_link(article, start, end),
        origin=claim.origin,
        copies=tuple(copy for copy in copies if copy.article_id != article.id),
        first_report=first_report(article, copies, named_source(found, span)),
    )


def cite_headline(view: View, article: Article, claim: Claim) -> Citation:
    """The citation for what only the article's headline says, the text of its claim: the sentences that the article
    begins with, none of which is the answer.
    """
    lead = article.text[:_WHOLE]
    start, end = quote_around(lead, *next(iter(sentences(lead)), (0, len(lead))))
    copies = view.copies(article.id, quote=article.text[start:end])
    return Citation(
        article=article,
        start=start,
        end=end,
        answer_start=start,
        answer_end=start,
        score=claim.span.score,
        prefix=article.text[max(0, start - _CONTEXT) : start],
        suffix=article.text[end : end + _CONTEXT],
        deep_link=_link(article, start, end),
        origin=claim.origin,
        copies=tuple(copy for copy in copies if copy.article_id != article.id),
    )


def quote_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole sentences of ``text`` that hold ``[start, end)``, with those beside them in their paragraph.

    Neighbours tell who "he" is and what "the move" was. At most three sentences, and 500 characters where they allow;
    what of ``[start, end)`` does not fit is left out.
    """
    spans = sentences(text)
    touched = [row for row, span in enumerate(spans) if span[0] < end and start < span[1]]
    if not touched:
        return start, end
    first = last = touched[0]

    def joins(row: int) -> bool:
        """Whether the quote can grow by this sentence."""
        if not 0 <= row < len(spans) or last - first + 1 == MAX_SENTENCES:
            return False
        return max(spans[row][1], spans[last][1]) - min(spans[row][0], spans[first][0]) <= MAX_QUOTE

    def beside(row: int) -> bool:
        """Whether a sentence is in the same paragraph as the next one."""
        return 0 <= row < len(spans) - 1 and "\n" not in text[spans[row][1] : spans[row + 1][0]]

    while last < touched[-1] and joins(last + 1):
        last += 1
    if last == touched[-1]:
        if beside(first - 1) and joins(first - 1):
            first -= 1
        if beside(last) and joins(last + 1):
            last += 1
    return spans[first][0], spans[last][1]


def _link(article: Article, start: int, end: int) -> str | None:
    """The link to ``[start, end)``: to its page where the article has pages, else to its words."""
    if article.url is None:
        return None
    if (page := article.page_at(start)) is not None:
        # PDF viewers open a page by its number (RFC 8118), and know no text fragments.
        return f"{article.url.partition('#')[0]}#page={page}"
    return deep_link(article.url, article.text, start, end)


def deep_link(url: str, text: str, start: int, end: int) -> str:
    """``url`` with a text fragment that makes a browser scroll to ``text[start:end]`` and mark it.

    The form is ``#:~:text=[prefix-,]start[,end]`` with the fewest words that are found at this place first, as a
    browser searches: without regard to case, in whole words, from the top (https://wicg.github.io/scroll-to-text-fragment/).
    """
    words = [match.span() for match in re.finditer(r"\S+", text[start:end])]
    if not words:
        return url
    words = [(start + a, start + b) for a, b in words]
    first_line = _until_break(text, words)

    size = next(
        (n for n in range(min(_LEAST_WORDS, first_line), first_line + 1) if _first(text, words[:n]) == words[0][0]), 0
    )
    prefix = ""
    if not size:
        # These words stand earlier in the article too: say what comes before them.
        size = first_line
        prefix = _prefix(text, words[:size])
    parts = [_encode(text[words[0][0] : words[size - 1][1]])]
    if size < len(words):
        behind = words[size - 1][1]
        most = min(_until_break(text, words, backwards=True), len(words) - size)
        tail = next(
            (n for n in range(min(_LEAST_WORDS, most), most + 1) if _first(text, words[-n:], behind) == words[-n][0]),
            most,
        )
        parts.append(_encode(text[words[-tail][0] : words[-1][1]]))
    base, _, fragment = url.partition("#")
    return f"{base}#{fragment.partition(':~:')[0]}:~:text={prefix}{','.join(parts)}"


def _until_break(text: str, words: Sequence[tuple[int, int]], *, backwards: bool = False) -> int:
    """How many words stand on the first line (the last, ``backwards``): a match can't cross blocks of a page."""
    gaps = [text[left[1] : right[0]] for left, right in pairwise(words)]
    if backwards:
        gaps.reverse()
    return next((count for count, gap in enumerate(gaps, 1) if "\n" in gap), len(words))


def _first(text: str, words: Sequence[tuple[int, int]], behind: int = 0) -> int | None:
    """Where these words are found first in ``text``, from ``behind`` on."""
    pattern = r"\s+".join(re.escape(text[a:b]) for a, b in words)
    match = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE).search(text, behind)
    return match.start() if match else None


def _prefix(text: str, words: Sequence[tuple[int, int]]) -> str:
    """The fewest words before ``words`` that, together with them, are found here first; "" when none do."""
    line = text.rfind("\n", 0, words[0][0]) + 1
    before = [(line + match.start(), line + match.end()) for match in re.finditer(r"\S+", text[line : words[0][0]])]
    for n in range(1, len(before) + 1):
        run = [*before[-n:], *words]
        if _first(text, run) == run[0][0]:
            return _encode(text[before[-n][0] : before[-1][1]]) + "-,"
    return ""


def _encode(words: str) -> str:
    # A dash, a comma and an ampersand have a meaning of their own in the directive.
    return percent_encode(" ".join(words.split()), safe="").replace("-", "%2D")
