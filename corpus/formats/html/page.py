"""HTML pages: the article without the page around it, found by trafilatura."""

import logging
import re
from typing import Any

from corpus.cleaning import clean, tidy
from corpus.dates import Order
from corpus.decoding import decode_stated
from corpus.errors import FormatError
from corpus.formats import UNDATED, Read, infer_date, is_web_address, make
from corpus.formats.html.page_dates import stated_date
from corpus.formats.html.tidying import tidy_page
from corpus.types import Rejected

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})")
_HEAD = 2**20
"""Bytes in which a page's encoding is looked for: what saves pages writes long comments before."""
_SENTENCE_END = tuple('.!?…。！？؟।"”’»')
_PAGE = re.compile(r"<(?:!doctype|html|body|head)\b", re.IGNORECASE)
_RULE = re.compile(r"[|\s:-]*-[|\s:-]*")
"""The line that the extractor draws under the head of a table."""


def read(data: bytes, *, article_id: str, where: str, order: Order | None = None) -> Read | Rejected:
    """Read the bytes of an HTML page as one article."""
    try:
        page, warnings = decode_page(data)
    except FormatError as error:
        return Rejected(where, str(error))
    return article_from_html(page, where=where, article_id=article_id, order=order, warnings=warnings)


def article_from_html(
    html: str,
    *,
    where: str,
    article_id: str | None = None,
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    published_at: str | None = None,
    authors: tuple[str, ...] = (),
    language: str | None = None,
    order: Order | None = None,
    warnings: list[str] | None = None,
) -> Read | Rejected:
    """Make an article from a page or a fragment of one; fields that are given go before what the page says.

    ``published_at`` must be ISO 8601 already. Rejected where the page holds no article text.
    """
    # Imported when used: it takes half a second and most archives need none of it.
    import trafilatura

    # It logs what it could not parse, as errors, to a terminal that nobody configured; we say it in the outcome.
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    if not html.strip():
        return Rejected(where, "the page is empty")
    # NUL and its kin, which the parser refuses; a fragment needs a page around it to be parsed whole.
    html = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]", "", html)
    fragment = not _PAGE.search(html)
    if fragment:
        # Marks of CDATA that came along from a feed would be a comment, with all that is in them.
        html = html.replace("<![CDATA[", "").replace("]]>", "") if "<![CDATA[" in html else html
        html = f"<html><body><article>{html}</article></body></html>"
    page: Any = None
    stated: str | None = None
    try:
        tree = trafilatura.load_html(html)
        if tree is not None:
            stated = published_at or stated_date(tree, title=title, url=url, order=order)
            tidy_page(tree)
            page = trafilatura.bare_extraction(
                tree,
                url=url,
                include_comments=False,
                with_metadata=True,
                # Its own guess of the date is not used: it reads 6/9/2017 in one order without asking.
                date_extraction_params={"original_date": True, "extensive_search": False},
            )
    except Exception as error:
        # Mangled pages make it fail in any way, failed assertions included; a page must not end the run.
        return Rejected(where, f"the page can't be parsed as HTML ({type(error).__name__})")
    if page is None or not _is_article(page.text or "", fragment):
        return Rejected(where, "the page holds no article text")
    heading = title or tidy(page.title or "")
    text = page.text
    if title and page.title and not fragment:
        # The page's own heading, where a feed has another one for it.
        text = text.removeprefix(f"{page.title}\n")
    # A line of the extractor is a paragraph.
    lines = [line for line in text.split("\n") if not _RULE.fullmatch(line)]
    found = clean("\n\n".join(lines), title=heading or None, order=order)
    address = url or (page.url if page.url and is_web_address(page.url) else None)
    notes = list(warnings or ())
    day = stated or found.published_at or infer_date(found.text, address, order, notes)
    if day is None and not any("date" in note or "published" in note for note in notes):
        notes.append(UNDATED)
    return make(
        where=where,
        article_id=article_id,
        title=found.title,
        text=found.text,
        source=source or page.sitename or found.source,
        url=address,
        published_at=day,
        authors=authors or (tuple(page.author.split(";")) if page.author else found.authors),
        language=language,
        warnings=notes,
    )


def _is_article(text: str, fragment: bool) -> bool:
    """Tell an article from a page's menu, which the extractor falls back to; a fragment is what it is."""
    if fragment:
        return bool(text.strip())
    return len(text) >= 100 or any(line.rstrip().endswith(_SENTENCE_END) for line in text.split("\n"))


def decode_page(data: bytes, charset: str = "") -> tuple[str, list[str]]:
    """Decode a page: by its mark, as UTF-8, by the encoding it declares or its server names, and else by guess.

    Gives warnings of what was assumed. Raises FormatError.
    """
    head = data[:_HEAD]
    declared = _CHARSET.search(head) or _XML_ENCODING.match(head.lstrip())
    stated = (declared[1].decode("ascii", "replace") if declared else "", charset)
    return decode_stated(data, filter(None, stated), lenient=True)
