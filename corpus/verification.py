"""Verifies citations: whether an article has the quote at the place the citation gives."""

from typing import Literal, NamedTuple

from corpus.storage.view import View

Verdict = Literal["valid", "changed", "withdrawn", "mismatch"]


class Reference(NamedTuple):
    """The part of a citation that can be checked: ``[start, end)`` of an article's text, in code points, and what
    stands there.
    """

    article_id: str
    start: int
    end: int
    quote: str
    article_sha256: str


def verify(view: View, reference: Reference) -> Verdict:
    """Say whether ``[start, end)`` of the article is the quote, and if it no longer is, why.

    ``valid``: it is, in the text as it stands. ``changed``: it was, in an earlier text of the article.
    ``withdrawn``: that text was deleted; nothing is left to compare the quote with. ``mismatch``: it never was.
    """
    article_id, start, end, quote, sha256 = reference
    if not 0 <= start < end or len(quote) != end - start:
        return "mismatch"
    article = view.article(article_id)
    if article is not None and article.sha256 == sha256:
        return "valid" if article.text[start:end] == quote else "mismatch"
    earlier = view.version(article_id, sha256)
    if earlier is not None:
        return "changed" if earlier[start:end] == quote else "mismatch"
    # Another article may stand under the id by now: the text that was cited is gone all the same.
    return "withdrawn" if view.withdrawn(article_id, sha256) else "mismatch"
