"""A language model's API as prose is asked of it: a real server on loopback that answers as a test says."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any, NamedTuple

from qa.schemas.answers import AskResponse
from qa.writer.client import Writer
from tests.servers import in_thread

Answer = Callable[[BaseHTTPRequestHandler], None]


class Model(ThreadingHTTPServer):
    """Answers each request by ``answer``, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Answer = says()
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def writer(self, seconds: float = 10.0, key: str = "") -> Writer:
        return Writer(self.url, "a-model", key, seconds)

    def shown(self) -> str:
        """All that the model was shown by the last request."""
        return "\n".join(one["content"] for one in self.asked[-1]["messages"])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.answer(self)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def model(secured: ssl.SSLContext | None = None) -> Iterator[Model]:
    """A model that answers with no sentences until it is told otherwise; over TLS where that is ``secured``."""
    with Model() as server:
        if secured is not None:
            # Not in the thread that takes connections: a client that hangs up would hold it.
            server.socket = secured.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        with in_thread(server):
            yield server


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Answers with these bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def writes(content: object) -> Answer:
    """Answers as OpenAI's API does, with this as the words of the model."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return raw(json.dumps({"id": "x", "object": "chat.completion", "model": "a-model", "choices": [choice]}).encode())


def says(*sentences: tuple[str, list[int]]) -> Answer:
    """Answers with these sentences, in the form that is asked for."""
    return writes(json.dumps({"sentences": [{"text": text, "citations": cited} for text, cited in sentences]}))


class Later(NamedTuple):
    """A sentence that a citation of the second answer or a later one says: its number among all, and its outlet."""

    number: int
    sentence: str
    words: str
    source: str | None


_ORDERS = {
    "northern-ledger-2026-01-28-approval": (
        "Chinese technology companies ordered more than 2 million H200 chips in December, the agency said.",
        "ordered more than 2 million H200 chips in December",
    ),
    "harbour-courier-2026-01-07-orders": (
        "Chinese technology companies ordered about 1.4 million H200 chips in December, according to a first count by "
        "two distributors in Hong Kong.",
        "ordered about 1.4 million H200 chips in December",
    ),
}


def cited_later(reply: AskResponse) -> Later:
    """What stands in a later answer about the sample's orders: which comes first depends on a processor's rounding."""
    first = len(reply.answers[0].citations)
    numbered = [*enumerate(chain.from_iterable(one.citations for one in reply.answers), 1)][first:]
    number, cited = next((number, one) for number, one in numbered if one.article_id in _ORDERS)
    return Later(number, *_ORDERS[cited.article_id], cited.source)
