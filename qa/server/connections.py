"""Closes connections that are slow, too many, or send what nobody reads."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from qa.server.admission import EVENTS
from qa.server.problems import problem

HEAD_SECONDS = 15.0
"""Seconds that a request's head may take."""
CONNECTIONS = 400
"""Connections open at once; the next is closed."""
TAKING_SECONDS = 20.0
"""Seconds in which a client must take some of its answer."""
LINGER_SECONDS = 1.0
"""Seconds in which the rest of a refused body is thrown away, for its client to see the answer."""


class BoundedProtocol(H11Protocol):
    """Closes a connection whose next request does not begin whole in time, whose client does not take its answer or
    sends on what nobody reads, or that is one too many.
    """

    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let the time for a first head run, or close the connection where it is one too many."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            transport.close()
        self._hurry()

    def data_received(self, data: bytes) -> None:
        """Read on, and see whether a head is whole."""
        super().data_received(data)
        self._hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock of the connection."""
        super().connection_lost(exc)
        self._rest()
        if self._stuck is not None:
            self._stuck.cancel()

    def on_response_complete(self) -> None:
        """Let no connection stay for a body that nobody reads, or for an answer that its client does not take."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self.loop.call_later(LINGER_SECONDS, self._linger, self.cycle)
        self._watch()

    def _linger(self, answered: RequestResponseCycle) -> None:
        """Hang up on who still sends the body of a request that was answered; another may have begun since."""
        if self.cycle is answered and self.conn.their_state is h11.SEND_BODY:
            self.transport.close()

    def shutdown(self) -> None:
        """Let requests in flight be answered, but for those whose answer goes on and on."""
        super().shutdown()
        if self.scope is not None and EVENTS.fullmatch(self.scope["path"]):
            self.transport.close()

    def pause_writing(self) -> None:
        """The client takes its answer slowly."""
        super().pause_writing()
        self._watch()

    def _watch(self) -> None:
        """Give a client time to take what was written, and again as long as it takes some of it."""
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        if left := self.transport.get_write_buffer_size():
            self._stuck = self.loop.call_later(TAKING_SECONDS, self._taken, left)

    def _taken(self, left: int) -> None:
        if self.transport.get_write_buffer_size() >= left:
            self.transport.abort()
        else:
            self._watch()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in the form of every other refusal."""
        said = problem(400, "this is not a valid HTTP request")
        kind, close = ("content-type", said.media_type or ""), ("connection", "close")
        head = h11.Response(status_code=400, headers=[kind, ("content-length", str(len(said.body))), close])
        for event in (head, h11.Data(data=bytes(said.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _hurry(self) -> None:
        """Let time run while a head is incomplete; between requests the keep-alive time does."""
        if self.conn.their_state is not h11.IDLE:
            self._rest()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
