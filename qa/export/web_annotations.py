"""An answer's citations as Web Annotations (https://www.w3.org/TR/annotation-model/), for tools that mark texts.

Offsets count Unicode code points, as that model asks; they are those of the stored text, of which the state names the
sha256 (RFC 6920). On the outlet's page, whose text differs, the quote with what stands beside it finds the place.
"""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from qa.schemas.answers import AnswerOut, AskResponse, CitationOut

MEDIA_TYPE = 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"'
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def annotations(reply: AskResponse, now: datetime | None = None) -> dict[str, Any]:
    """A collection of one page: an annotation a citation, in the order of answers. Empty where there is no answer.

    Names are made of what is cited, so that the same citation has the same one tomorrow; ``created`` is ``now``.
    """
    created = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    items = [
        _annotation(reply.question, answer, citation, created)
        for answer in reply.answers
        for citation in answer.citations
    ]
    name = _named(reply.question, *(item["id"] for item in items))
    page = {"id": f"{name}#page", "type": "AnnotationPage", "startIndex": 0, "items": items}
    collection = {"id": name, "type": "AnnotationCollection", "label": reply.question, "total": len(items)}
    return {"@context": CONTEXT, **collection, "first": page}


def _annotation(question: str, answer: AnswerOut, citation: CitationOut, created: str) -> dict[str, Any]:
    place = (citation.article_id, citation.article_sha256, str(citation.start), str(citation.end))
    return {
        "id": _named(question, answer.text, *place),
        "type": "Annotation",
        "motivation": "describing",
        "created": created,
        "generator": {"type": "Software", "name": "Citewire"},
        "body": [
            {"type": "TextualBody", "value": question, "format": "text/plain", "purpose": "questioning"},
            {"type": "TextualBody", "value": answer.text, "format": "text/plain", "purpose": "describing"},
        ],
        "target": {
            "type": "SpecificResource",
            "source": citation.url or f"urn:x-citewire:article:{quote(citation.article_id, safe='')}",
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": citation.quote,
                    "prefix": citation.prefix,
                    "suffix": citation.suffix,
                },
                {"type": "TextPositionSelector", "start": citation.start, "end": citation.end},
            ],
            # The model knows states of time and of HTTP; of its general kind one is named by what identifies it.
            "state": {"type": "http://www.w3.org/ns/oa#State", "id": _digest(citation.article_sha256)},
        },
    }


def _named(*parts: str) -> str:
    # Lengths keep parts apart whatever they hold.
    return f"urn:uuid:{uuid5(NAMESPACE_URL, ''.join(f'{len(part)}:{part}' for part in ('citewire', *parts)))}"


def _digest(sha256: str) -> str:
    return f"ni:///sha-256;{urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip('=')}"
