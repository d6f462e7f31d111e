"""The articles that an answer cites as CSL-JSON, which Zotero, Pandoc and word processors read.

Its form: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html.
"""

from typing import Any

from qa.schemas.answers import AskResponse, CitationOut

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"


def sources(reply: AskResponse) -> list[dict[str, Any]]:
    """An item an article, in the order in which they are cited."""
    cited = {one.article_id: one for answer in reply.answers for one in answer.citations}
    return [_item(one) for one in cited.values()]


def _item(citation: CitationOut) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": citation.article_id,
        # Without an outlet nothing says that a newspaper printed it.
        "type": "article-newspaper" if citation.source or not citation.url else "webpage",
        "title": citation.title,
        "container-title": citation.source,
        "author": [_name(author) for author in citation.authors],
        "issued": {"date-parts": [_day(citation.published_at)]} if citation.published_at else None,
        "URL": citation.url,
    }
    return {name: value for name, value in item.items() if value}


def _name(author: str) -> dict[str, str]:
    """A name in parts where a comma says which is which; "Associated Press" has no given name, and "Li Wei" another
    order.
    """
    family, comma, given = (part.strip() for part in author.partition(","))
    if comma and family and given and "," not in given:
        return {"family": family, "given": given}
    return {"literal": author}


def _day(published_at: str) -> list[int]:
    """Year, month and day where it was published, as the article writes it."""
    year, month, day = published_at[:10].split("-")
    return [int(year), int(month), int(day)]
