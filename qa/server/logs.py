"""A server's log: one line per request, with the request's id and without the question.

As text for people, or as JSON for collectors (``CITEWIRE_LOG=json``).
"""

import json
import logging
import re
import sys
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import Literal

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FIELDS = ("method", "route", "status", "milliseconds")  # of a request, beside its line
_request: ContextVar[str] = ContextVar("request", default="-")

_log = logging.getLogger("citewire.requests")


def configure(form: Literal["text", "json"]) -> None:
    """Send the logs of this process to standard error in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("python_multipart").setLevel(logging.WARNING)  # it tells each file that it opens
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells each address that it asks
    logging.getLogger("uvicorn.access").disabled = True  # its lines hold query strings: what was asked


def route_of(scope: Scope) -> str:
    """The route that a request took. An address that is none may be anything, and is not said."""
    return str(getattr(scope.get("route"), "path", "other"))


def method_of(scope: Scope) -> str:
    """The method of a request, where it is a known one. Others may be anything as well."""
    return scope["method"] if scope["method"] in _METHODS else "other"


class RequestLog:
    """Gives every request an id, its own or the one it came with, and logs it when it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and log it when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        name = given if _ID.fullmatch(given) else uuid.uuid4().hex
        _request.set(name)
        start, status, end = perf_counter(), 0, 0.0

        async def noted(message: Message) -> None:
            nonlocal status, end
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = name
            await send(message)
            end = perf_counter()

        try:
            await self.app(scope, receive, noted)
        except BaseException:
            status = 500
            raise
        finally:
            # A status of 0: the client went away before it could be answered.
            said = {
                "method": method_of(scope),
                "route": route_of(scope),
                "status": status,
                "milliseconds": round(1000 * ((end or perf_counter()) - start), 1),
            }
            _log.info("%(method)s %(route)s %(status)d, %(milliseconds).1f ms", said, extra=said)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        line = f"{time} {record.levelname:<7} [{_request.get()}] {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": _request.get(),
            "message": record.getMessage(),
        }
        fields |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)
