"""Admission control: limits on the size and speed of bodies, on requests at work and on requests waiting; the rest is
refused at once.

A request waits here, before it takes a thread; if its client disconnects meanwhile, it is dropped. Reading, writing and
uploading have lanes of their own: questions don't wait for articles. An upload's body is not held here but passed on as
it arrives. A question with prose gives its place back while the prose is being written.
"""

import asyncio
import re
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.server.access_control import READING_PATHS, is_open
from qa.server.problems import problem

MAX_BODY = 32 * 2**20
"""Largest body of a request that writes, in bytes."""
MAX_ASKED = 4 * 2**20
"""Largest body of a request that reads: a question, a thousand citations."""
MAX_HELD = 256 * 2**20
"""Bytes of bodies in memory at once; requests beyond that are refused."""
MAX_UPLOAD = 8 * 2**30
"""Largest body of an upload, which is never held in memory."""
READING, WRITING, UPLOADING = 8, 2, 4
"""Requests at work at once."""
PROSE = 4
"""Prose being written at once; further replies come without prose and say so."""
WAITING = 64
"""Requests that wait in a lane; the next is refused."""
PATIENCE = 10.0
"""Maximum number of seconds that a request waits."""
BODY_SECONDS = 15.0
"""Seconds that a body may take, plus one second for every ``SLOWEST`` bytes of it."""
SLOWEST = 16_384
_AGAIN = {"Retry-After": "2"}
_CLOSE = {"Connection": "close"}
_TOO_SLOW = "the body arrived too slowly"
PLACE = "citewire.place"
"""The key of a request's place in its scope."""
EVENTS = re.compile(r"/v1/jobs/[^/]+/events")
"""Addresses with endless responses that cost nothing meanwhile: they take no place."""


class Lane:
    """A number of places and a queue for them, first come first served. Belongs to one event loop."""

    def __init__(self, size: int, most_waiting: int = WAITING) -> None:
        self.size = size
        self.most_waiting = most_waiting
        self.working = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._queue)

    @property
    def free(self) -> bool:
        """Whether a request can start at once."""
        return self.working < self.size and not self._queue

    @property
    def full(self) -> bool:
        """Whether the queue is full."""
        return not self.free and self.waiting >= self.most_waiting

    def join(self) -> "asyncio.Future[None]":
        """Take a place, or queue for one: the future is done when there is one."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.free:
            self.working += 1
            turn.set_result(None)
        else:
            self._queue.append(turn)
        return turn

    def give_up(self, turn: "asyncio.Future[None]") -> None:
        """Leave the queue, or give the place back."""
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


class Place:
    """A place at work in a lane, which is given back once."""

    def __init__(self, lane: Lane) -> None:
        self._lane: Lane | None = lane

    def leave(self) -> None:
        """Give it back, unless that was done before."""
        lane, self._lane = self._lane, None
        if lane is not None:
            lane.leave()


@dataclass(frozen=True)
class Lanes:
    """The lanes of a server."""

    reading: Lane = field(default_factory=lambda: Lane(READING))
    writing: Lane = field(default_factory=lambda: Lane(WRITING))
    uploading: Lane = field(default_factory=lambda: Lane(UPLOADING))
    prose: Lane = field(default_factory=lambda: Lane(PROSE, most_waiting=0))


class AdmissionControl:
    """Reads bodies and admits requests."""

    def __init__(self, app: ASGIApp, lanes: Lanes, max_body: int = MAX_BODY, max_upload: int = MAX_UPLOAD) -> None:
        self.app = app
        self.lanes = lanes
        self.max_body = max_body
        self.max_upload = max_upload
        self.held = 0
        """Bytes of bodies in memory."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its turn, or refuse it."""
        path, method = scope.get("path", ""), scope.get("method")
        if scope["type"] != "http" or path == "/metrics" or is_open(path) or EVENTS.fullmatch(path):
            await self.app(scope, receive, send)
            return
        if (method, path) == ("POST", "/v1/jobs"):
            await self._upload(scope, receive, send)
            return
        reads = method in ("GET", "HEAD", "OPTIONS") or path in READING_PATHS
        lane = self.lanes.reading if reads else self.lanes.writing
        body = bytearray()
        try:
            if lane.full:
                await _busy(scope, receive, send)
            elif await self._read(
                body, min(self.max_body, MAX_ASKED) if reads else self.max_body, scope, receive, send
            ):
                await self._admitted(lane, bytes(body), scope, receive, send)
        finally:
            self.held -= len(body)

    async def _admitted(self, lane: Lane, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        entered = False if lane.full else await _entered(lane, receive)
        if entered is None:
            return  # nobody is there to answer
        if not entered:
            await _busy(scope, receive, send)
            return
        scope[PLACE] = place = Place(lane)
        try:
            await self.app(scope, _given(body, receive), send)
        finally:
            place.leave()

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an upload on while it comes, as long as it comes fast enough and is not too large."""
        if not self.lanes.uploading.free:
            await _busy(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"")
        turn = self.lanes.uploading.join()
        clock = asyncio.get_running_loop().time
        start, came = clock(), int(announced) if announced.isdigit() and int(announced) > self.max_upload else 0

        async def bounded() -> Message:
            nonlocal came
            too_large = StarletteHTTPException(413, _too_large(self.max_upload), _CLOSE)
            if came > self.max_upload:
                raise too_large
            try:
                message = await asyncio.wait_for(receive(), start + BODY_SECONDS + came / SLOWEST - clock())
            except TimeoutError:
                raise StarletteHTTPException(408, _TOO_SLOW, _CLOSE) from None
            came += len(message.get("body", b""))
            if came > self.max_upload:
                raise too_large
            return message

        try:
            await self.app(scope, bounded, send)
        finally:
            self.lanes.uploading.give_up(turn)

    async def _read(self, body: bytearray, most: int, scope: Scope, receive: Receive, send: Send) -> bool:
        """Read the whole body; False where there is no use in going on, and what can be said was said."""
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > most:
            await problem(413, _too_large(most), headers=_CLOSE)(scope, receive, send)
            return False
        clock = asyncio.get_running_loop().time
        start = clock()
        while True:
            left = start + BODY_SECONDS + len(body) / SLOWEST - clock()
            try:
                message = await asyncio.wait_for(receive(), left)
            except TimeoutError:
                await problem(408, _TOO_SLOW, headers=_CLOSE)(scope, receive, send)
                return False
            if message["type"] == "http.disconnect":
                return False
            body += message.get("body", b"")
            self.held += len(message.get("body", b""))
            if len(body) > most:
                await problem(413, _too_large(most), headers=_CLOSE)(scope, receive, send)
                return False
            if self.held > MAX_HELD:
                await _busy(scope, receive, send)
                return False
            if not message.get("more_body"):
                return True


def _too_large(most: int) -> str:
    return f"the body has more than {most:,} bytes, the limit for this request: send less at once"


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    await problem(503, "the server is busy: try again in a moment", headers=_AGAIN)(scope, receive, send)


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
