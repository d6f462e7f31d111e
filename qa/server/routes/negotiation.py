"""Content negotiation: a reply as the API's own JSON, Web Annotations or CSL-JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import Response

from qa.export import FORMS, Form, csl_json, web_annotations
from qa.schemas import answers
from qa.schemas.answers import AskResponse

_TYPES: dict[str, tuple[Form, str]] = {
    "application/ld+json": ("annotations", web_annotations.MEDIA_TYPE),
    csl_json.MEDIA_TYPE: ("csl", csl_json.MEDIA_TYPE),
}
_OWN = ("application/json", "application/*", "*/*")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/ld+json": {"schema": {"type": "object", "description": "Citations as Web Annotations."}},
            csl_json.MEDIA_TYPE: {
                "schema": {"type": "array", "items": {"type": "object"}, "description": "Cited articles as CSL-JSON."}
            },
        }
    }
}
"""For routes: the media types they offer besides JSON."""


def negotiate(reply: AskResponse, accept: str) -> Response:
    """The reply in the form that an Accept header weighs highest among those there are, the first of equal ones; the
    API's own where it names none.
    """
    for media_type in _by_weight(accept):
        if media_type in _TYPES:
            form, full = _TYPES[media_type]
            return Response(json.dumps(FORMS[form](reply), ensure_ascii=False), media_type=full)
        if media_type in _OWN:
            break
    return as_json(reply)


def _by_weight(accept: str) -> list[str]:
    """The media types that a header accepts, by their weights (RFC 9110, 12.5.1), those of weight 0 left out."""
    weights: dict[str, float] = {}
    for named in accept.split(","):
        media_type, *parameters = (part.strip().lower() for part in named.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        # A weight that is none counts as if it were not there.
        weights.setdefault(media_type, float(weight) if _WEIGHT.fullmatch(weight) else 1.0)
    return sorted((one for one in weights if weights[one]), key=lambda one: -weights[one])


def as_json(
    body: answers.Response,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    background: BackgroundTask | None = None,
) -> Response:
    """Make the response over HTTP. Serialised here: the framework would validate what was just built once more."""
    return Response(body.model_dump_json(), status, headers, "application/json", background)
