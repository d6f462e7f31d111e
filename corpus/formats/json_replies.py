"""JSON as services and crawlers write it: replies that hold records, Fundus' articles, texts that were cut."""

import re
from collections.abc import Iterator, Mapping

_LISTS = ("articles", "results", "docs", "items", "records", "entries", "stories", "news", "hits", "data", "value")
_AROUND = ("response", "result", "data", "hits")
_MOST_AROUND = 3

# "… [+2312 chars]", as NewsAPI ends what it gives of a text; GNews writes no plus.
_CUT = re.compile(r"(?:…|\.{3})\s*\[\+?\s?(?P<missing>[0-9][0-9,]*)\s(?:chars|characters)\]\s*\Z")


def listed(value: Mapping[str, object]) -> list[object] | None:
    """Give the records that a service's reply holds, such as ``{"articles": [...]}``; None for other objects."""
    for _ in range(_MOST_AROUND):
        for name in _LISTS:
            records = value.get(name)
            if isinstance(records, list) and all(isinstance(one, dict) for one in records):
                return [_source_of(one) for one in records]
        inner = next((one for name in _AROUND if isinstance(one := value.get(name), dict)), None)
        if inner is None:
            break
        value = inner
    return None


def _source_of(record: Mapping[str, object]) -> object:
    # Elasticsearch puts what was stored into an object of its own.
    inner = record.get("_source")
    return {"_id": record.get("_id"), **inner} if isinstance(inner, dict) else record


def of_fundus(record: Mapping[str, object]) -> Mapping[str, object]:
    """Give a record of Fundus, whose body and page are objects, with a text and an address; others as they are."""
    body, page = record.get("body"), record.get("html")
    if not (isinstance(body, dict) and ("sections" in body or "summary" in body)):
        return record
    plain = record.get("plaintext")
    found = {name: value for name, value in record.items() if name not in ("body", "html", "plaintext")}
    found["text"] = plain if isinstance(plain, str) and plain.strip() else "\n\n".join(_paragraphs(body))
    if isinstance(page, dict):
        about = page.get("source_info")
        publisher = about.get("publisher") or about.get("name") if isinstance(about, dict) else None
        found = {
            "url": page.get("responded_url") or page.get("requested_url"),
            **({"source": publisher} if isinstance(publisher, str) else {}),
            **found,
        }
    return found


def _paragraphs(body: Mapping[str, object]) -> Iterator[str]:
    """Give the paragraphs of Fundus' body in their order: the summary, and each section under its headline."""
    yield from _texts(body.get("summary"))
    sections = body.get("sections")
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            yield from _texts(section.get("headline"))
            yield from _texts(section.get("paragraphs"))


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one.strip():
            yield one


def said_of_cut(text: str) -> str | None:
    """Say that a service gave only the beginning of a text, by the mark that it ends with; None where it has none."""
    match = _CUT.search(text[-80:])
    if match is None:
        return None
    return f"only the beginning of its text was given: {match['missing']} characters are missing"
