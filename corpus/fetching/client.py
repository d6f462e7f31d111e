"""Fetches addresses politely, within limits, and only from permitted machines."""

import threading
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import NamedTuple, Self

import httpcore2

from corpus.errors import FetchError
from corpus.fetching.addresses import Address, Network, parse
from corpus.fetching.connections import Clock, GuardedBackend
from corpus.fetching.gunzip import Unpacking
from corpus.fetching.politeness import ROBOTS, Manners

ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/html;q=0.9, */*;q=0.1"

_MOVED = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
# Refused today, perhaps not tomorrow; other 4xx stay as they are until somebody changes something.
_PASSING = frozenset({408, 425, 429})
_HINT = 1_000  # longest ETag that is remembered


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one fetch may cost, and how long it waits for others' sake. Times are in seconds, sizes in bytes."""

    seconds: float = 60.0
    connecting: float = 10.0
    silence: float = 20.0
    wire: int = 16 * 2**20
    body: int = 50 * 2**20  # what the sitemap standard allows
    redirects: int = 5
    pause: float = 1.0
    """Between two requests to a host."""
    longest_pause: float = 60.0
    """Most of what a host's Crawl-delay asks for."""
    patience: float = 30.0
    """The longest Retry-After that is waited for on the spot; after a longer one the host is let alone meanwhile."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: ``address`` is where it was in the end; ``kind`` and ``charset`` as the server says, "" where it
    doesn't. ``body`` is unpacked; None where it is what ``etag`` and ``modified`` of the last time belong to.
    """

    address: Address
    body: bytes | None
    kind: str = ""
    charset: str = ""
    etag: str | None = None
    modified: str | None = None


class _Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """Fetches one address after the other; ``stop``, set from another thread, ends what it is at with FetchStopped.

    ``contact`` is told to every host: where its operator reaches whoever fetches.
    """

    def __init__(
        self,
        *,
        allowed: Sequence[Network] = (),
        contact: str = "",
        bounds: Bounds | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self.bounds = bounds or Bounds()
        self.stop = stop or threading.Event()
        self.agent = f"Citewire/{_version()}" + (f" (+{contact})" if contact else " (keeps a news archive)")
        self._clock = Clock(self.stop)
        self._pool = httpcore2.ConnectionPool(
            max_connections=4, keepalive_expiry=15.0, network_backend=GuardedBackend(allowed, self._clock)
        )
        self._manners = Manners(self.stop, pause=self.bounds.pause, longest=self.bounds.longest_pause)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def get(self, text: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """Fetch what an address names, wherever it moved to; ``etag`` and ``modified`` are those of the last time.

        Raises FetchError saying why it can't be had, FetchStopped.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        asked = {name: value for name, value in conditions.items() if value}
        address, answer = self._follow(parse(text), asked, polite=True)
        if answer.status == 304 and asked:
            return Fetched(address, None, etag=etag, modified=modified)
        if answer.status != 200:
            raise FetchError(_told(answer.status), lasting=_lasting(answer.status))
        kind, _, parameters = answer.headers.get("content-type", "").partition(";")
        return Fetched(
            address,
            answer.body,
            kind.strip().lower(),
            _parameter(parameters, "charset"),
            _hint(answer.headers.get("etag")),
            _hint(answer.headers.get("last-modified")),
        )

    def _follow(self, address: Address, asked: dict[str, str], *, polite: bool) -> tuple[Address, _Answer]:
        """Ask, and go where the answer sends; each step is looked at as the first one is."""
        been = {str(address)}
        for _ in range(self.bounds.redirects + 1):
            if polite and not self._manners.may_fetch(address, self._robots):
                raise FetchError(f"robots.txt of {address.host} disallows {address}", lasting=True)
            answer = self._patiently(address, asked)
            location = answer.headers.get("location")
            if answer.status not in _MOVED or not location:
                return address, answer
            address = _onward(address, location, been)
            been.add(str(address))
        raise FetchError(f"it redirects more than {self.bounds.redirects} times", lasting=True)

    def _patiently(self, address: Address, asked: dict[str, str]) -> _Answer:
        """Ask; where the host is busy and says for how long, once more after that."""
        answer = self._ask(address, asked)
        if answer.status not in _BUSY:
            return answer
        after = _seconds(answer.headers.get("retry-after"))
        if after is not None and after <= self.bounds.patience:
            self._manners.wait(after)
            answer = self._ask(address, asked)
            after = _seconds(answer.headers.get("retry-after"))
        if answer.status in _BUSY:
            wait = after or 0.0
            self._manners.leave(address, wait)
            asks = f" and asks to wait {wait:,.0f} seconds" if wait else ""
            raise FetchError(f"{address.host} is busy (HTTP {answer.status}){asks}", after=wait)
        return answer

    def _ask(self, address: Address, asked: dict[str, str]) -> _Answer:
        """Make one request, when it is this host's turn."""
        self._manners.turn(address)
        self._clock.start(self.bounds.seconds)
        headers = [
            (b"Host", address.site.partition("//")[2].encode()),
            (b"User-Agent", self.agent.encode("ascii", "replace")),
            (b"Accept", ACCEPT.encode()),
            (b"Accept-Encoding", b"gzip"),
            *((name.encode(), value.encode()) for name, value in asked.items()),
        ]
        url = httpcore2.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        waits = {"connect": self.bounds.connecting, "read": self.bounds.silence, "write": self.bounds.silence}
        try:
            with self._pool.stream("GET", url, headers=headers, extensions={"timeout": waits}) as response:
                told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                # What a redirect or a refusal has to say is not read: the connection is closed instead.
                whole = self._whole(response.iter_stream(), told) if response.status == 200 else b""
                return _Answer(response.status, told, whole)
        except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise FetchError(f"{address.host} can't be reached: {_why(error)}") from None
        finally:
            if address.target != ROBOTS:  # it is asked for on behalf of the next
                self._manners.asked(address)

    def _whole(self, pieces: Iterator[bytes], headers: dict[str, str]) -> bytes:
        """Read a body to its end, unpacked where it was packed on the way."""
        match headers.get("content-encoding", "identity").strip().lower():
            case "identity" | "":
                unpack = None
            case "gzip" | "x-gzip":
                unpack = Unpacking(self.bounds.body)
            case other:
                raise FetchError(f"it is compressed as {other[:40]!r}, which was not requested", lasting=True)
        body = bytearray()
        wire = 0
        for piece in pieces:
            self._clock.left()
            wire += len(piece)
            if wire > self.bounds.wire:
                raise FetchError(f"it has more than {self.bounds.wire / 2**20:g} MB", lasting=True)
            body += piece if unpack is None else unpack.more(piece)
        if unpack is not None:
            unpack.end()
        return bytes(body)

    def _robots(self, site: Address) -> bytes:
        """Fetch a host's robots.txt; b"" if it has none. Raises FetchError if that can't be found out."""
        _, answer = self._follow(site, {}, polite=False)
        if answer.status == 200:
            return answer.body
        if _lasting(answer.status):
            return b""
        raise FetchError(
            f"robots.txt of {site.host} can't be fetched (HTTP {answer.status}), so nothing else is fetched from it"
        )


def _onward(address: Address, location: str, been: Container[str]) -> Address:
    """Where a redirect leads. Raises FetchError where that is not gone along with."""
    onward = parse(location, base=address)
    if address.scheme == "https" and onward.scheme == "http":
        raise FetchError(f"it redirects from https to {onward}, which is not secure", lasting=True)
    if str(onward) in been:
        raise FetchError(f"it redirects in a circle, back to {onward}", lasting=True)
    return onward


def _version() -> str:
    try:
        return version("citewire")
    except PackageNotFoundError:
        return "0"


def _told(status: int) -> str:
    words = {401: "it needs a login", 403: "it is forbidden", 404: "there is no such page", 410: "it is gone"}
    return f"{words.get(status, 'the server answered')} (HTTP {status})"


def _lasting(status: int) -> bool:
    return 400 <= status < 500 and status not in _PASSING


def _parameter(parameters: str, name: str) -> str:
    """Give a parameter of a Content-Type; "" where it is not there."""
    for one in parameters.split(";"):
        key, _, value = one.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip("\"'")[:40]
    return ""


def _hint(value: str | None) -> str | None:
    """What can be sent back as it came; None for what can't."""
    return value if value and len(value) <= _HINT and value.isascii() and value.isprintable() else None


def _seconds(value: str | None) -> float | None:
    """Read a Retry-After: seconds, or a day and time; None if it is neither."""
    if value is None:
        return None
    if value.strip().isdecimal() and value.isascii():
        return float(value.strip()[:9])
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _why(error: Exception) -> str:
    words = " ".join(str(error).split())[:200]
    return words or type(error).__name__
