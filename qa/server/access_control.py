"""Access control by host name, origin, key and rate limit.

It comes before a body is read, so that refusals cost nothing. Keys are compared by their sha256 in constant time.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import SettingsError
from qa.server.problems import problem
from qa.server.rate_limiting import RateLimiter
from qa.server.security_headers import with_security_headers
from qa.settings import Settings

RATE = 600
"""Default rate limit, in requests per minute and client, if other machines can reach the server or keys are set."""
LEAST_KEY = 16
"""Minimum length of a key, in characters."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_HEALTH = frozenset({"/healthz", "/readyz"})
_OPEN = _HEALTH | {"/", "/docs", "/openapi.json"}
_OPEN_BELOW = ("/static-offline-docs/", "/web/")
MCP = "/mcp"
"""The address of the tools for assistants, which only read."""
READING_PATHS = frozenset({"/v1/ask", "/v1/ask/batch", "/v1/search", "/v1/verify", "/v1/gate", MCP})
"""Paths whose POST requests only read."""
ACCESS = "citewire.access"
"""The key, in a request's scope, of the access that it has: ``read`` or ``write``."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Guard:
    """What is allowed. By default, everything is."""

    read_keys: tuple[bytes, ...] = ()
    """The sha256 of each read key."""
    write_keys: tuple[bytes, ...] = ()
    """The sha256 of each write key, which may also read."""
    hosts: frozenset[str] | None = None
    """The host names that requests may use for this server; None for any."""
    addresses: bool = False
    """Whether requests may use any IP address as the host name as well."""
    rate: int = 0
    """Requests per minute from one client; 0 for any number."""

    @classmethod
    def of(cls, settings: Settings) -> "Guard":
        """The guard for settings. Raises SettingsError if they would let other machines in without keys."""
        read, write = _keys("CITEWIRE_READ_KEY", settings.read_key), _keys("CITEWIRE_WRITE_KEY", settings.write_key)
        near = is_loopback(settings.host)
        if not (near or read or write or settings.insecure):
            raise SettingsError(
                f"at {settings.host} other machines can reach this server, and no key is set: set CITEWIRE_READ_KEY "
                "and CITEWIRE_WRITE_KEY, or use --insecure if something else controls access"
            )
        hosts = frozenset(_host(name) for name in _split(settings.hosts)) or None
        if not (read or write):
            # A page on the web may resolve its own name to this machine: it is not called by such a name.
            hosts = (hosts or frozenset()) | LOCAL | {settings.host}
        rate = settings.rate if settings.rate is not None else 0 if near and not (read or write) else RATE
        return cls(read, write, hosts, not (read or write), rate)

    def grants(self, authorization: str) -> str | None:
        """The access that an Authorization header gives, ``read`` or ``write``; None for none."""
        if not (self.read_keys or self.write_keys):
            return "write"
        given = _key(authorization)
        # Every key is compared, whichever fits: how long it takes tells nothing.
        fits = [hmac.compare_digest(given, known) for known in (*self.write_keys, *self.read_keys)]
        return None if not any(fits) else "write" if any(fits[: len(self.write_keys)]) else "read"


class AccessControl:
    """Refuses what a guard doesn't allow, and adds the security headers to every response."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self.app = app
        self.guard = guard
        self._limiter = RateLimiter(guard.rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused, started = self._refusal(scope), False
        strictly = with_security_headers(scope, send)

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await strictly(message)

        try:
            await (self.app if refused is None else refused)(scope, receive, noted)
        except Exception:
            if started:
                raise
            _log.exception("unexpected error")
            await problem(500, "unexpected error; see the server's log")(scope, receive, strictly)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        guard, headers, path = self.guard, Headers(scope=scope), scope["path"]
        if "content-length" in headers and "transfer-encoding" in headers:
            # Who stands before this server may have believed the other: what comes next may be another's request.
            return problem(400, "the request gives its length in two ways", headers={"Connection": "close"})
        if path in _HEALTH:
            return None
        host = _host(headers.get("host", ""))
        if guard.hosts is not None and host not in guard.hosts and not (guard.addresses and _is_address(host)):
            _log.warning("refused a request for host %r: CITEWIRE_HOSTS lists the accepted names", host[:100])
            return problem(421, "this server does not accept requests for that host name")
        changing = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if not is_open(path) and _from_elsewhere(headers):
            return problem(403, "this request comes from another site's page")
        granted = guard.grants(headers.get("authorization", ""))
        if guard.rate and (wait := self._limiter.take(self._client(scope, headers, granted))):
            return problem(
                429,
                f"more than {guard.rate:,} requests per minute: try again later",
                headers={"Retry-After": str(int(wait) + 1)},
            )
        if is_open(path):
            return None
        scope[ACCESS] = granted
        if granted is None:
            why = "this key is unknown" if "authorization" in headers else "a key is needed"
            detail = f"{why}: send `Authorization: Bearer KEY`"
            return problem(401, detail, headers={"WWW-Authenticate": "Bearer"})
        if granted == "read" and changing and path not in READING_PATHS:
            return problem(403, "this is a read key, and the request needs a write key")
        return None

    def _client(self, scope: Scope, headers: Headers, granted: str | None) -> str:
        """The client for the rate limit: a key, or an IP address."""
        if granted is not None and (self.guard.read_keys or self.guard.write_keys):
            return f"key {_key(headers['authorization']).hex()}"
        return scope["client"][0] if scope.get("client") else ""


def is_open(path: str) -> bool:
    """Whether a path needs no key: the page, the documentation, the server's health."""
    return path in _OPEN or path.startswith(_OPEN_BELOW)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server at ``host``."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _keys(name: str, value: str) -> tuple[bytes, ...]:
    keys = _split(value)
    if any(len(key) < LEAST_KEY or not key.isascii() for key in keys):
        raise SettingsError(
            f"{name}: a key needs at least {LEAST_KEY} ASCII characters; `openssl rand -hex 24` makes one"
        )
    return tuple(map(_digest, keys))


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _key(authorization: str) -> bytes:
    """What stands for the key in an Authorization header, however it is written; nothing where there is none."""
    scheme, _, key = authorization.partition(" ")
    return _digest(key.strip()) if scheme.lower() == "bearer" else b""


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="surrogateescape")).digest()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host(value: str) -> str:
    """The name in a Host header, without its port and the brackets of IPv6."""
    try:
        return (urlsplit(f"//{value}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _from_elsewhere(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    origin = headers.get("origin")
    try:
        return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True
