"""An answer in the form that was asked for: the API's own JSON, Web Annotations or CSL-JSON."""

import json
from collections.abc import Callable
from typing import Any, Literal

from starlette.responses import Response

from qa import annotations, sources
from qa.responses import AskResponse, as_json

Form = Literal["annotations", "csl"]
FORMS: dict[Form, Callable[[AskResponse], Any]] = {"annotations": annotations.annotations, "csl": sources.sources}
_TYPES: dict[str, tuple[Form, str]] = {
    "application/ld+json": ("annotations", annotations.MEDIA_TYPE),
    sources.MEDIA_TYPE: ("csl", sources.MEDIA_TYPE),
}
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/ld+json": {"schema": {"type": "object", "description": "Citations as Web Annotations."}},
            sources.MEDIA_TYPE: {
                "schema": {"type": "array", "items": {"type": "object"}, "description": "Cited articles as CSL-JSON."}
            },
        }
    }
}
"""For routes: what they give beside their own form."""


def answered(reply: AskResponse, accept: str) -> Response:
    """The reply in the first form that an Accept header names among those there are; else the API's own."""
    for named in accept.split(","):
        media_type = named.partition(";")[0].strip().lower()
        if media_type in _TYPES:
            form, full = _TYPES[media_type]
            return Response(json.dumps(FORMS[form](reply), ensure_ascii=False), media_type=full)
        if media_type == "application/json":
            break
    return as_json(reply)
