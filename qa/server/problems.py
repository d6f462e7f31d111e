"""Every error of the service as ``application/problem+json`` (RFC 9457)."""

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import BaseRoute, Match

from corpus.errors import ReadOnlyStore, StoreError
from index.errors import SearchError
from qa.errors import KindError, NoWriter, QaError
from qa.schemas.validation import MAX_ERRORS, join_messages, message_of, pointer

_UNAVAILABLE = "the archive or its models can't be used right now; see the server's log"

_log = logging.getLogger(__name__)


class Wrong(BaseModel):
    """One thing wrong with a request: a JSON Pointer (RFC 6901) into its body, or ``?name`` of its query string."""

    location: str
    message: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). ``errors`` is present if the request could be parsed but is not valid."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Wrong] = Field(default_factory=list)


RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""For routes: documents every error in place of the framework's own shape."""


def problem(
    status: int, detail: str, *, errors: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """Make the response for an error. ``detail`` must not reveal the server's internals."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    return Response(
        body.model_dump_json(exclude=None if errors else {"errors"}),
        status,
        media_type="application/problem+json",
        headers=headers,
    )


def install(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Make the app with these routes answer every error with a problem."""
    app.add_exception_handler(StarletteHTTPException, partial(_http, routes))
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(QaError, _asked_wrong)
    app.add_exception_handler(KindError, _no_kind)
    app.add_exception_handler(NoWriter, _no_writer)
    app.add_exception_handler(ReadOnlyStore, _read_only)
    for kind in (StoreError, SearchError, sqlite3.Error):
        app.add_exception_handler(kind, _unavailable)


async def _http(routes: Sequence[BaseRoute], request: Request, error: Exception) -> Response:
    if not isinstance(error, StarletteHTTPException):  # it is registered for nothing else
        raise error
    detail, headers = error.detail, error.headers
    if error.status_code == 405 and (possible := _possible(routes, request)):
        headers = {**(headers or {}), "Allow": ", ".join(sorted(possible))}
    if detail == HTTPStatus(error.status_code).phrase:
        detail = {
            404: "nothing exists at this address; /docs lists what does",
            405: f"{request.method} is not allowed here; the Allow header lists what is",
        }.get(error.status_code, detail)
    return problem(error.status_code, detail, headers=headers)


def _possible(routes: Sequence[BaseRoute], request: Request) -> set[str]:
    """The methods allowed at an address. The framework gives only those of the first route."""
    there = [one for one in (*routes, *request.app.routes) if one.matches(request.scope)[0] is not Match.NONE]
    return {method for one in there for method in getattr(one, "methods", None) or ()}


async def _validation(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):  # it is registered for nothing else
        raise error
    found = error.errors()
    broken = next((one for one in found if one["type"] == "json_invalid"), None)
    if broken is not None:
        why = (broken.get("ctx") or {}).get("error", "it is not JSON")
        return problem(400, f"the body is not valid JSON: {why} at character {broken['loc'][-1]}")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(tuple(one["loc"]) == ("body",) for one in found) and not (kind.endswith(("/json", "+json"))):
        if int(request.headers.get("content-length") or 0) or "transfer-encoding" in request.headers:
            return problem(415, "send the body as JSON, with the header Content-Type: application/json")
        return problem(422, "the request has no body; send one as JSON")
    errors = [
        Wrong(location=pointer(one["loc"][0], one["loc"][1:]), message=message_of(one)) for one in found[:MAX_ERRORS]
    ]
    return problem(
        422, join_messages([f"{one.location or 'the body'} {one.message}" for one in errors], len(found)), errors=errors
    )


async def _no_kind(request: Request, error: Exception) -> Response:
    return problem(415, str(error))


async def _no_writer(request: Request, error: Exception) -> Response:
    # The request is right; this server is not set up for it.
    return problem(409, str(error))


async def _read_only(request: Request, error: Exception) -> Response:
    return problem(403, "this archive is read-only: it can be asked, but not changed")


async def _asked_wrong(request: Request, error: Exception) -> Response:
    return problem(422, str(error))


async def _unavailable(request: Request, error: Exception) -> Response:
    # The message may contain a path on this machine: it is for the log only.
    _log.error("%s %s: %s", request.method, request.url.path, error)
    return problem(503, _UNAVAILABLE)
