"""Admission against the bare protocol: who waits, who works, who is sent away."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from qa.server import admission
from qa.server.admission import AdmissionControl, Lane, Lanes


class Server:
    """An app that works on a request until it is told to end, behind the admission."""

    def __init__(self, *, size: int = 1, waiting: int = 2, max_body: int = 1_000) -> None:
        self.reading, self.writing, self.uploading = Lane(size, waiting), Lane(1, waiting), Lane(1, waiting)
        lanes = Lanes(self.reading, self.writing, self.uploading)
        self.admitted = AdmissionControl(self.work, lanes, max_body, max_upload=3 * max_body)
        self.end = asyncio.Event()
        self.worked: list[tuple[str, bytes]] = []

    async def work(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, status = b"", 200
        try:
            while (message := await receive()).get("more_body"):
                assert scope["path"] == "/v1/jobs", "only uploads come in pieces"
                body += message["body"]
        except HTTPException as error:  # as the framework does
            status = error.status_code
        else:
            self.worked.append((scope["path"], body + message["body"]))
            await self.end.wait()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def request(self, path: str = "/v1/ask", method: str = "POST", *, pieces: tuple[bytes, ...] = (b"{}",)) -> "Client":
        return Client(self, path, method, pieces)


class Client:
    """One request, and what came back."""

    def __init__(self, server: Server, path: str, method: str, pieces: tuple[bytes, ...]) -> None:
        self.gone = asyncio.Event()
        self.sent: list[Message] = []
        self._pieces = [*pieces]
        scope = {"type": "http", "path": path, "method": method, "headers": []}
        self.task = asyncio.ensure_future(server.admitted(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if self._pieces and self._pieces[0] == b"...":
            await asyncio.sleep(3600)
        if self._pieces:
            piece = self._pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    async def status(self) -> int | None:
        await asyncio.wait_for(self.task, 5)
        return self.sent[0]["status"] if self.sent else None

    def problem(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.sent[1]["body"])
        return found


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 20))


async def turn() -> None:
    """Let everybody come as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_who_finds_no_place_waits_and_who_finds_no_room_to_wait_is_sent_away() -> None:
    async def test() -> None:
        server = Server()
        asked = [server.request(pieces=(str(number).encode(),)) for number in range(5)]
        await turn()
        assert (server.reading.working, server.reading.waiting) == (1, 2)
        for late in asked[3:]:
            assert await late.status() == 503
            assert dict(late.sent[0]["headers"])[b"retry-after"] == b"2"
            assert late.problem()["detail"] == "the server is busy: try again in a moment"
        server.end.set()
        assert [await one.status() for one in asked[:3]] == [200, 200, 200]
        assert [body for _, body in server.worked] == [b"0", b"1", b"2"]
        assert (server.reading.working, server.reading.waiting) == (0, 0)

    run(test)


def test_a_client_that_goes_away_while_it_waits_is_not_worked_on() -> None:
    async def test() -> None:
        server = Server()
        first, gone, last = (server.request(pieces=(body,)) for body in (b"first", b"gone", b"last"))
        await turn()
        gone.gone.set()
        assert await gone.status() is None
        server.end.set()
        assert [await first.status(), await last.status()] == [200, 200]
        assert [body for _, body in server.worked] == [b"first", b"last"]
        assert (server.reading.working, server.reading.waiting) == (0, 0)

    run(test)


def test_nobody_waits_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr(admission, "PATIENCE", 0.05)
        server = Server()
        first, second = server.request(), server.request()
        assert await second.status() == 503
        server.end.set()
        assert await first.status() == 200
        assert (server.reading.working, server.reading.waiting) == (0, 0)

    run(test)


def test_questions_do_not_wait_for_articles() -> None:
    async def test() -> None:
        server = Server()
        articles = [server.request("/v1/articles"), server.request("/v1/articles/a", "DELETE")]
        await turn()
        assert (server.writing.working, server.writing.waiting) == (1, 1)
        question, listing = server.request("/v1/ask"), server.request("/v1/articles", "GET")
        await turn()
        assert [path for path, _ in server.worked] == ["/v1/articles", "/v1/ask"]
        assert server.reading.waiting == 1
        server.end.set()
        assert [await one.status() for one in (*articles, question, listing)] == [200] * 4

    run(test)


def test_probes_are_answered_however_busy_the_server_is() -> None:
    async def test() -> None:
        server = Server(waiting=0)
        busy = server.request()
        await turn()
        assert await server.request().status() == 503
        probe = server.request("/healthz", "GET")
        server.end.set()
        assert [await probe.status(), await busy.status()] == [200, 200]

    run(test)


def test_a_body_arrives_as_it_was_sent() -> None:
    async def test() -> None:
        server = Server(max_body=6)
        server.end.set()
        assert await server.request(pieces=(b"ab", b"", b"cdef")).status() == 200
        assert server.worked == [("/v1/ask", b"abcdef")]
        large = server.request(pieces=(b"abcd", b"efg"))
        assert await large.status() == 413
        assert large.problem()["detail"].startswith("the body has more than 6 bytes")

    run(test)


def test_a_body_that_comes_too_slowly_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr(admission, "BODY_SECONDS", 0.05)
        server = Server()
        slow = server.request(pieces=(b"{", b"..."))
        assert await slow.status() == 408
        assert dict(slow.sent[0]["headers"])[b"connection"] == b"close"
        assert server.worked == []
        assert server.reading.working == 0

    run(test)


def test_uploads_come_in_pieces_a_few_at_a_time_and_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr(admission, "BODY_SECONDS", 0.2)
        server = Server()
        first = server.request("/v1/jobs", pieces=(b"x" * 1_000,) * 3)
        await turn()
        assert server.worked == [("/v1/jobs", b"x" * 3_000)]
        assert await server.request("/v1/jobs").status() == 503
        assert server.admitted.held == 0
        question = server.request("/v1/ask")
        await turn()
        server.end.set()
        assert [await first.status(), await question.status()] == [200, 200]
        assert await server.request("/v1/jobs", pieces=(b"x" * 1_000,) * 3 + (b"x",)).status() == 413
        assert await server.request("/v1/jobs", pieces=(b"x", b"...")).status() == 408
        assert server.uploading.working == 0
        assert len(server.worked) == 2

    run(test)


def test_who_watches_a_job_takes_no_place() -> None:
    async def test() -> None:
        server = Server()
        watching = [server.request("/v1/jobs/a/events", "GET") for _ in range(9)]
        await turn()
        assert (len(server.worked), server.reading.working) == (9, 0)
        server.end.set()
        assert [await one.status() for one in watching] == [200] * 9

    run(test)
