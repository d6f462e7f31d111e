"""A citation checked against the archive as it stands."""

from corpus.view import View
from qa.types import Verdict


def verify(view: View, article_id: str, start: int, end: int, quote: str, article_sha256: str) -> Verdict:
    """Say whether ``[start, end)`` of the article, in code points, is the quote, and if it no longer is, why.

    ``valid``: it is, in the text as it stands. ``changed``: it was, in an earlier text of the article.
    ``withdrawn``: that text was deleted; nothing is left to compare the quote with. ``mismatch``: it never was.
    """
    if not 0 <= start < end or len(quote) != end - start:
        return "mismatch"
    article = view.article(article_id)
    if article is not None and article.sha256 == article_sha256:
        return "valid" if article.text[start:end] == quote else "mismatch"
    earlier = view.version(article_id, article_sha256)
    if earlier is not None:
        return "changed" if earlier[start:end] == quote else "mismatch"
    # Another article may stand under the id by now: the text that was cited is gone all the same.
    return "withdrawn" if view.withdrawn(article_id, article_sha256) else "mismatch"
