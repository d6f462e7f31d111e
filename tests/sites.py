"""A web site on loopback that tests fetch from."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6

from tests.servers import in_thread

Serve = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """What it serves by path: a body, or what answers the request by itself. ``asked`` is every path that was asked
    for, in order, but for robots.txt; it answers conditional requests where ``tags`` or ``days`` has the path.
    """

    pages: dict[str, bytes | Serve] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)
    port: int = 0

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: str | bytes, kind: str = "application/xml") -> str:
        self.pages[path] = body.encode() if isinstance(body, str) else body
        self.kinds[path] = kind
        return self.at(path)


def redirect(to: str) -> Serve:
    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", to)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return serve


def status(code: int, **headers: str) -> Serve:
    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return serve


@contextmanager
def serving(host: str = "127.0.0.1", *, certificate: tuple[Path, Path] | None = None) -> Iterator[Site]:
    """The site, served in a thread; over TLS with a certificate and its key."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            site.statuses.append(int(code))

        def log_message(self, *_: object) -> None:
            """The tests look at what was asked, nobody at a log."""

        def do_GET(self) -> None:
            if self.path != "/robots.txt":
                site.asked.append(self.path)
            site.agents.add(self.headers["User-Agent"])
            found = site.pages.get(self.path)
            if found is None:
                self.send_error(404)
            elif callable(found):
                found(self)
            else:
                self._send(found)

        def _send(self, body: bytes) -> None:
            tag, day = site.tags.get(self.path), site.days.get(self.path)
            same = (tag and self.headers["If-None-Match"] == tag) or (day and self.headers["If-Modified-Since"] == day)
            self.send_response(304 if same else 200)
            for name, value in (("ETag", tag), ("Last-Modified", day)):
                if value:
                    self.send_header(name, value)
            if not same:
                if kind := site.kinds.get(self.path):
                    self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not same:
                self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        address_family = AF_INET6 if ":" in host else ThreadingHTTPServer.address_family
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that has had enough closes the connection."""

    with Server((host, 0), Handler) as server:
        site.port = server.server_address[1]
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        with in_thread(server):
            yield site
