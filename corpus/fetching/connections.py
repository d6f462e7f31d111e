"""Connections to permitted machines only, with a time limit.

A name is resolved here, each of its IP addresses is checked, and the connection goes to exactly the address that was
checked: no second look-up in between could give another one.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from httpcore2 import SOCKET_OPTION, ConnectError, ConnectTimeout, NetworkBackend, NetworkStream, ReadTimeout
from httpcore2 import SyncBackend as Sockets

from corpus.errors import FetchError, FetchStopped
from corpus.fetching.addresses import Network, objection

_SLICE = 0.25
"""Seconds between two checks for a stop while waiting for bytes."""


class Clock:
    """How long a fetch may still take, and whether it is to stop."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._end = 0.0
        self._seconds = 0.0

    def start(self, seconds: float) -> None:
        """Begin a fetch of at most that many seconds."""
        self._seconds, self._end = seconds, time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left. Raises FetchError if there are none, FetchStopped if it is to stop."""
        if self._stop.is_set():
            raise FetchStopped("it was stopped")
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(f"it took longer than {self._seconds:g} seconds")
        return left


class GuardedBackend(NetworkBackend):
    """Connects to public machines and those in ``allowed`` networks, within the time of ``clock``."""

    def __init__(self, allowed: Sequence[Network], clock: Clock) -> None:
        self._allowed = allowed
        self._clock = clock
        self._sockets = Sockets()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect to the first machine of this name that may be connected to and answers. Raises FetchError."""
        refused = failed = None
        for machine in _machines(host, port):
            why = objection(machine, self._allowed)
            if why is not None:
                refused = refused or (
                    f"{host} is at {machine}, which is not allowed: {why} (CITEWIRE_FETCH_FROM allows networks)"
                )
                continue
            within = min(timeout or self._clock.left(), self._clock.left())
            try:
                stream = self._sockets.connect_tcp(machine, port, within, local_address, socket_options)
            except (ConnectError, ConnectTimeout) as error:
                failed = failed or error
            else:
                return _Stream(stream, self._clock)
        if failed is not None:
            raise failed
        raise FetchError(refused or f"{host} has no address", lasting=refused is not None)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SOCKET_OPTION] | None = None
    ) -> NetworkStream:
        """Raises FetchError: addresses lead to no socket of this machine."""
        raise FetchError(f"{path} is a socket on this machine", lasting=True)


class _Stream(NetworkStream):
    """A connection that no wait outlasts the fetch on, however slowly bytes drip."""

    def __init__(self, inner: NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        end = time.monotonic() + (timeout or float("inf"))
        while True:
            left = min(self._clock.left(), end - time.monotonic())
            with contextlib.suppress(ReadTimeout):
                return self._inner.read(max_bytes, max(min(left, _SLICE), 0.001))
            if time.monotonic() >= end:
                raise FetchError(f"it sent nothing for {timeout:g} seconds")

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, min(timeout or self._clock.left(), self._clock.left()))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        within = min(timeout or self._clock.left(), self._clock.left())
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, within), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _machines(host: str, port: int) -> list[str]:
    """The addresses of the machines of this name, each once, as the resolver orders them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} can't be found ({getattr(error, 'strerror', None) or error})") from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))
