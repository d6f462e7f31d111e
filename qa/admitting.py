"""How much a server takes on at once: bodies of bounded size that come fast enough, so many requests at work, so many
waiting, and a clear no to the rest.

A request waits here, before it takes a thread; one whose client went away meanwhile is not worked on any more. Reading
and writing have lanes of their own: questions don't wait for articles.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.problems import problem

MAX_BODY = 32 * 2**20
"""Largest request body, in bytes."""
READING, WRITING = 8, 2
"""Requests at work at once."""
WAITING = 64
"""Requests that wait in a lane; the next is sent away."""
PATIENCE = 10.0
"""Seconds that a request waits at most."""
BODY_SECONDS = 15.0
"""Seconds that a body may take, and a second more for every ``SLOWEST`` bytes of it."""
SLOWEST = 16_384
_ASIDE = frozenset({"/", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"})
_ASIDE_BELOW = ("/static-offline-docs/", "/web/")
_READING = frozenset({"/v1/ask", "/v1/search", "/v1/verify"})
_AGAIN = {"Retry-After": "2"}


class Lane:
    """Places at work, and who waits for them, first come first served. Belongs to one event loop."""

    def __init__(self, size: int, most_waiting: int = WAITING) -> None:
        self.size = size
        self.most_waiting = most_waiting
        self.working = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    @property
    def free(self) -> bool:
        """Whether nobody need wait."""
        return self.working < self.size and not self._queue

    def join(self) -> "asyncio.Future[None]":
        """Take a place, or stand in the queue for one: done when it is there."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.free:
            self.working += 1
            turn.set_result(None)
        else:
            self._queue.append(turn)
        return turn

    def give_up(self, turn: "asyncio.Future[None]") -> None:
        """Leave the queue, or the place that was found."""
        if turn.done():
            self.leave()
        else:
            self._queue.remove(turn)

    def leave(self) -> None:
        """Give a place back."""
        self.working -= 1
        if self._queue:
            self.working += 1
            self._queue.popleft().set_result(None)


class Admitted:
    """Reads bodies, and lets requests through to work."""

    def __init__(self, app: ASGIApp, reading: Lane, writing: Lane, max_body: int = MAX_BODY) -> None:
        self.app = app
        self.reading = reading
        self.writing = writing
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its turn, or send it away."""
        if scope["type"] != "http" or scope["path"] in _ASIDE or scope["path"].startswith(_ASIDE_BELOW):
            await self.app(scope, receive, send)
            return
        body = await self._body(scope, receive, send)
        if body is None:
            return
        reads = scope["method"] in ("GET", "HEAD", "OPTIONS") or scope["path"] in _READING
        lane = self.reading if reads else self.writing
        full = not lane.free and lane.waiting >= lane.most_waiting
        entered = False if full else await _entered(lane, receive)
        if entered is None:
            return  # nobody is there to answer
        if not entered:
            await problem(503, "the server is busy: ask again in a moment", headers=_AGAIN)(scope, receive, send)
            return
        try:
            await self.app(scope, _given(body, receive), send)
        finally:
            lane.leave()

    async def _body(self, scope: Scope, receive: Receive, send: Send) -> bytes | None:
        """The whole body; None where there is no use in going on, and what can be said was said."""
        announced = dict(scope["headers"]).get(b"content-length", b"")
        large = f"the body has more than {self.max_body:,} bytes, the most one request may have: send less at once"
        close = {"Connection": "close"}
        if announced.isdigit() and int(announced) > self.max_body:
            await problem(413, large, headers=close)(scope, receive, send)
            return None
        clock = asyncio.get_running_loop().time
        start, body = clock(), bytearray()
        while True:
            left = start + BODY_SECONDS + len(body) / SLOWEST - clock()
            try:
                message = await asyncio.wait_for(receive(), left)
            except TimeoutError:
                await problem(408, "the body came too slowly", headers=close)(scope, receive, send)
                return None
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self.max_body:
                await problem(413, large, headers=close)(scope, receive, send)
                return None
            if not message.get("more_body"):
                return bytes(body)


async def _entered(lane: Lane, receive: Receive) -> bool | None:
    """Whether a place was found in time; None where the client went away before."""
    turn = lane.join()
    if turn.done():
        return True
    gone: asyncio.Future[Message] = asyncio.ensure_future(receive())
    entered: bool | None = False
    try:
        waited: set[asyncio.Future[Any]] = {turn, gone}
        await asyncio.wait(waited, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        entered = None if gone.done() else turn.done()
    finally:
        if not entered:
            lane.give_up(turn)
        if not gone.done():
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone
    return entered


def _given(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read already, and then whatever comes."""
    first = True

    async def given() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return given
