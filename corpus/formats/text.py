"""Plain text files: one article each, as somebody scraped or saved it."""

from corpus.cleaning import clean
from corpus.dates import Order
from corpus.decoding import decode
from corpus.errors import FormatError
from corpus.formats import Read, infer_date, make
from corpus.types import Rejected


def read(data: bytes, *, article_id: str, where: str, order: Order | None = None) -> Read | Rejected:
    """Read the bytes of a text file as one article, cleaned."""
    try:
        text, warnings = decode(data)
    except FormatError as error:
        return Rejected(where, str(error))
    found = clean(text, order=order)
    if not found.text:
        return Rejected(where, "the file is empty")
    return make(
        where=where,
        article_id=article_id,
        title=found.title,
        text=found.text,
        source=found.source,
        published_at=found.published_at or infer_date(found.text, None, order, warnings),
        authors=found.authors,
        warnings=warnings,
    )
