"""Fetching over real connections to a server on loopback: what is refused, what is bounded, what manners are kept."""

import gzip
import shutil
import subprocess
import threading
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from corpus.errors import FetchError, FetchStopped
from corpus.fetching.addresses import networks, objection, parse
from corpus.fetching.client import Bounds, Client, _onward
from corpus.fetching.gunzip import Unpacking
from tests.sites import Site, redirect, serving, status

BOUNDS = Bounds(seconds=0.6, silence=0.5, wire=200_000, body=1_000_000, pause=0.0, patience=1.0)
HERE = networks("127.0.0.1/32")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(allowed=HERE, bounds=BOUNDS, contact="https://desk.example/about") as client:
        yield client


def why(client: Client, address: str) -> str:
    with pytest.raises(FetchError) as raised:
        client.get(address)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("HTTP://News.Example:80", "http://news.example/"),
        ("https://news.example:443/a?b=c d#e".replace(" ", "%20"), "https://news.example/a?b=c%20d"),
        ("https://bücher.example/straße?ü", "https://xn--bcher-kva.example/stra%C3%9Fe?%C3%BC"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        (" http://news.example:8080/%7Ea\n", "http://news.example:8080/%7Ea"),
    ],
)
def test_addresses_are_written_one_way(text: str, made: str) -> None:
    assert str(parse(text)) == made
    assert parse(made) == parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ftp://news.example/a", "is not an http or https address"),
        ("file:///etc/passwd", "is not an http or https address"),
        ("https://jane:secret@news.example/", "'https://news.example/' contains a user name or password"),
        ("https://@news.example/", "contains a user name or password"),
        ("http:///a", "is not the address of a web page"),
        ("http://news.example:0/", "is not the address of a web page"),
        ("http://news.example:99999/", "is not the address of a web page"),
        ("http://news.example\\@10.0.0.1/", "contains a user name or password"),
        ("http://news.example\\a", "is not the address of a web page"),
        ("http://news.example/\r\nHost: other", "is not the address of a web page"),
        ("http://[::1/", "is not the address of a web page"),
        ("http://" + "a" * 70 + ".é/", "is not the address of a web page"),
        ("http://news.example/" + "a" * 2_048, "the address has 2,068 characters"),
    ],
)
def test_addresses_that_are_not_fetched(text: str, said: str) -> None:
    with pytest.raises(FetchError) as raised:
        parse(text)
    assert said in str(raised.value)
    assert raised.value.lasting


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        ("93.184.215.14", None),
        ("2606:4700::1111", None),
        ("::ffff:93.184.215.14", None),
        ("64:ff9b::5db8:d70e", None),
        ("10.1.2.3", None),  # allowed below
        ("::ffff:10.1.2.3", None),
        ("fd00::7", None),
        ("10.2.0.1", "a private"),
        ("192.168.0.1", "a private"),
        ("127.8.8.8", "a loopback"),
        ("169.254.169.254", "a link-local"),
        ("100.64.0.1", "a reserved"),
        ("0.0.0.0", "an unspecified"),
        ("224.0.0.1", "a multicast"),
        ("239.1.1.1", "a multicast"),
        ("255.255.255.255", "a private"),
        ("::1", "a loopback"),
        ("::", "an unspecified"),
        ("::ffff:127.0.0.1", "a loopback"),
        ("::7f00:1", "a reserved"),  # IPv4-compatible
        ("64:ff9b::7f00:1", "a loopback"),
        ("2002:a02:1::", "a private"),  # 6to4 of 10.2.0.1
        ("fe80::1", "a link-local"),
        ("fe80::1%1", "a link-local"),
        ("fec0::1", "a reserved"),
        ("fc00::1", "a private"),
        ("ff02::1", "a reserved or multicast"),
        ("2001:db8::1", "a private"),
        ("localhost", "no IP"),
    ],
)
def test_machines_that_may_be_connected_to(machine: str, said: str | None) -> None:
    found = objection(machine, networks("10.1.0.0/16, fd00::/8"))
    assert (found is None) == (said is None)
    assert said is None or said in (found or "")


def test_a_network_with_a_typing_error_is_named() -> None:
    with pytest.raises(ValueError, match=r"'10\.1\.0\.1/16' is not a network like"):
        networks("127.0.0.1/32,10.1.0.1/16")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_loopback_is_not_connected_to_however_it_is_written(site: Site, host: str) -> None:
    site.put("/a", "secret")
    with Client(bounds=BOUNDS) as client:
        assert "which is not allowed: it is a loopback address" in why(client, f"http://{host}:{site.port}/a")
    assert site.statuses == []


def test_a_name_that_changes_its_address_is_connected_to_where_it_was_looked_at(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server may answer differently each time: there must be no second question."""
    import socket

    real, asked = socket.getaddrinfo, list[object]()

    def rebinding(host: str, port: int, *arguments: int, **named: int) -> object:
        if host != "news.example":
            return real(host, port, *arguments, **named)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    site.put("/robots.txt", "")
    site.put("/a", "body")
    address = f"http://news.example:{site.port}/a"
    assert client.get(address).body == b"body"
    # The connection is kept for the second request: one that is made anew is looked at anew.
    assert asked == ["news.example"]
    site.pages["/b"] = lambda request: request.send_error(500)  # closes it
    why(client, address.replace("/a", "/b"))
    assert "127.0.0.2, which is not allowed" in why(client, address)


def test_who_asks_says_who_it_is(site: Site, client: Client) -> None:
    site.put("/a", "body", "text/plain; charset=Latin-1")
    found = client.get(site.at("/a"))
    assert (found.body, found.kind, found.charset) == (b"body", "text/plain", "Latin-1")
    (agent,) = site.agents
    assert agent.startswith("Citewire/")
    assert agent.endswith(" (+https://desk.example/about)")


def test_what_is_unchanged_is_not_sent_again(site: Site, client: Client) -> None:
    site.put("/a", "body")
    site.tags["/a"], site.days["/a"] = '"v1"', "Wed, 28 Jan 2026 09:30:00 GMT"
    first = client.get(site.at("/a"))
    assert (first.etag, first.modified) == ('"v1"', "Wed, 28 Jan 2026 09:30:00 GMT")
    by_tag = client.get(site.at("/a"), etag=first.etag)
    by_day = client.get(site.at("/a"), modified=first.modified)
    assert by_tag.body is by_day.body is None
    assert by_tag.etag == first.etag
    site.tags["/a"] = '"v2"'
    assert client.get(site.at("/a"), etag=first.etag).body == b"body"


def test_redirects_are_followed_and_looked_at(site: Site, client: Client) -> None:
    site.put("/end", "body")
    site.pages |= {"/1": redirect("2"), "/2": redirect(site.at("/end"))}
    found = client.get(site.at("/1"))
    assert (str(found.address), found.body) == (site.at("/end"), b"body")
    site.pages |= {f"/{n}": redirect(f"/{n + 1}") for n in range(10, 20)}
    assert why(client, site.at("/10")) == "it redirects more than 5 times"
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}
    assert why(client, site.at("/a")) == f"it redirects in a circle, back to {site.at('/a')}"
    site.pages["/c"] = redirect("http://jane:secret@127.0.0.1/")
    assert "contains a user name or password" in why(client, site.at("/c"))
    site.pages["/d"] = redirect("file:///etc/passwd")
    assert "is not an http or https address" in why(client, site.at("/d"))


@pytest.mark.parametrize("machine", ["127.0.0.2", "[::1]", "localhost.", "169.254.169.254", "[::ffff:7f00:2]"])
def test_a_redirect_to_a_machine_inside_is_refused(site: Site, client: Client, machine: str) -> None:
    with serving("0.0.0.0") as other:
        if machine == "localhost.":
            machine, allowed = "localhost", networks("127.0.0.3/32")
            with Client(allowed=allowed, bounds=BOUNDS) as stranger:
                assert "not allowed" in why(stranger, f"http://localhost:{other.port}/a")
            return
        site.pages["/a"] = redirect(f"http://{machine}:{other.port}/secret")
        assert "which is not allowed: it is a " in why(client, site.at("/a"))
        assert other.statuses == []


def test_https_does_not_become_http() -> None:
    here = parse("https://news.example/a")
    with pytest.raises(FetchError, match=r"it redirects from https to http://news\.example/b"):
        _onward(here, "http://news.example/b", ())
    assert str(_onward(here, "//news.example/b", ())) == "https://news.example/b"
    assert str(_onward(parse("http://news.example/a"), "https://news.example/a", ())) == "https://news.example/a"


def drip(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    for _ in range(40):
        request.wfile.write(b"a")
        time.sleep(0.05)


def drip_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(40):
        request.wfile.write(b"X-%d: a\r\n" % number)
        time.sleep(0.05)


def say_nothing(request: BaseHTTPRequestHandler) -> None:
    time.sleep(0.9)


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    for _ in range(1_000):
        request.wfile.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")


def endless_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        request.wfile.write(b"X-%d: %s\r\n" % (number, b"a" * 1_000))


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        (drip, "it took longer than 0.6 seconds"),
        (drip_headers, "it took longer than 0.6 seconds"),
        (say_nothing, "it sent nothing for 0.5 seconds"),
        (endless, "it has more than 0.19"),
        (endless_headers, "127.0.0.1 can't be reached"),
        (lambda request: request.wfile.write(b"SSH-2.0-OpenSSH_9\r\n\r\n"), "127.0.0.1 can't be reached"),
        (status(404), "there is no such page (HTTP 404)"),
        (status(500), "the server answered (HTTP 500)"),
        (status(304), "the server answered (HTTP 304)"),
        (status(302), "the server answered (HTTP 302)"),
        (status(200, Content_Encoding="br"), "it is compressed as 'br', which was not requested"),
    ],
)
def test_servers_that_misbehave_are_left_soon(site: Site, client: Client, serve: object, said: str) -> None:
    site.put("/robots.txt", "")
    site.pages["/a"] = serve  # type: ignore[assignment]
    start = time.monotonic()
    assert said in why(client, site.at("/a"))
    assert time.monotonic() - start < 1.5


def packed(body: bytes, **headers: str) -> object:
    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return serve


def test_a_packed_body_is_unpacked_and_a_bomb_is_not(site: Site, client: Client) -> None:
    body = gzip.compress(b"one, ") + gzip.compress(b"two")
    site.pages |= {"/a": packed(body), "/cut": packed(body[:-9]), "/torn": packed(b"\x1f\x8b" + b"\xff" * 20)}  # type: ignore[dict-item]
    assert client.get(site.at("/a")).body == b"one, two"
    assert why(client, site.at("/cut")) == "its gzip data ends too early"
    assert "its gzip data is corrupt" in why(client, site.at("/torn"))
    site.pages["/bomb"] = packed(gzip.compress(bytes(100_000_000)))  # type: ignore[assignment]
    tracemalloc.start()
    assert why(client, site.at("/bomb")) == "it unpacks to more than 0.953674 MB"
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_unpacking_counts_over_many_pieces() -> None:
    unpack = Unpacking(10)
    body = gzip.compress(b"0123456789")
    assert b"".join(unpack.more(body[place : place + 3]) for place in range(0, len(body), 3)) == b"0123456789"
    unpack.end()
    with pytest.raises(FetchError, match="unpacks to more"):
        unpack.more(gzip.compress(b"0"))


def test_robots_txt_is_obeyed(site: Site, client: Client) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: citewire\nDisallow: /private/\n")
    site.put("/a", "body")
    site.put("/private/b", "body")
    site.pages["/onward"] = redirect("/private/b")
    assert client.get(site.at("/a")).body == b"body"
    refused = f"robots.txt of 127.0.0.1 disallows {site.at('/private/b')}"
    assert why(client, site.at("/private/b")) == why(client, site.at("/onward")) == refused
    assert site.asked == ["/a", "/onward"]


@pytest.mark.parametrize(("answer", "may"), [(404, True), (403, True), (500, False), (503, False), (429, False)])
def test_without_a_robots_txt_all_is_allowed_unless_the_server_is_at_fault(
    site: Site, client: Client, answer: int, may: bool
) -> None:
    site.pages["/robots.txt"] = status(answer)
    site.put("/a", "body")
    if may:
        assert client.get(site.at("/a")).body == b"body"
    else:
        assert f"(HTTP {answer})" in why(client, site.at("/a"))
        assert why(client, site.at("/a"))  # and is not asked at each page
        assert (site.asked, len(site.statuses)) == ([], 1)


def test_a_host_is_given_its_pause(site: Site) -> None:
    site.put("/a", "body")
    for robots, pause in (("", 0.1), ("User-agent: *\nCrawl-delay: 0.2", 0.2), ("User-agent: *\nCrawl-delay: 99", 0.3)):
        site.put("/robots.txt", robots)
        with Client(allowed=HERE, bounds=replace(BOUNDS, pause=0.1, longest_pause=0.3)) as client:
            client.get(site.at("/a"))
            start = time.monotonic()
            client.get(site.at("/a"))
            assert pause <= time.monotonic() - start < pause + 0.15


def test_a_busy_host_is_waited_for_a_little(site: Site, client: Client) -> None:
    answers = [status(503, Retry_After="1"), status(200)]
    site.pages["/a"] = lambda request: answers.pop(0)(request)
    start = time.monotonic()
    assert client.get(site.at("/a")).body == b""
    assert time.monotonic() - start >= 1


def test_a_host_that_is_busy_for_longer_is_left_alone(site: Site, client: Client) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    for number, answer in enumerate(("7200", soon)):
        with serving() as busy:
            busy.pages["/a"] = status(429, Retry_After=answer)
            busy.put("/b", "body")
            with pytest.raises(FetchError, match=r"is busy \(HTTP 429\) and asks to wait 7,\d\d\d seconds") as raised:
                client.get(busy.at("/a"))
            assert (not raised.value.lasting, 7_190 < raised.value.after <= 7_200) == (True, True), number
            assert "asked for a pause of 7," in why(client, busy.at("/b"))
            assert busy.asked == ["/a"]
    site.pages["/never"] = status(503, Retry_After="as long as you like")
    assert why(client, site.at("/never")) == "127.0.0.1 is busy (HTTP 503)"


def test_whoever_fetches_can_be_stopped(site: Site) -> None:
    site.put("/robots.txt", "")
    site.pages["/a"] = say_nothing
    stop = threading.Event()
    with Client(allowed=HERE, bounds=replace(BOUNDS, seconds=9, silence=9), stop=stop) as client:
        client.get(site.put("/b", "body"))
        threading.Timer(0.1, stop.set).start()
        start = time.monotonic()
        with pytest.raises(FetchStopped):
            client.get(site.at("/a"))
        assert time.monotonic() - start < 0.6


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate of "localhost", trusted as if it were the system's only one, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    made = tmp_path / "certificate.pem", tmp_path / "key.pem"
    kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = [openssl, *kind, *name, "-out", str(made[0]), "-keyout", str(made[1])]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(made[0]))
    return made


def test_a_certificate_must_be_that_of_the_name(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(certificate=certificate) as site, Client(allowed=HERE, bounds=BOUNDS) as client:
        site.put("/a", "body")
        assert client.get(f"https://localhost:{site.port}/a").body == b"body"
        assert "certificate verify failed" in why(client, f"https://127.0.0.1:{site.port}/a")
        monkeypatch.delenv("SSL_CERT_FILE")
    with serving(certificate=certificate) as site, Client(allowed=HERE, bounds=BOUNDS) as client:
        assert "certificate verify failed" in why(client, f"https://localhost:{site.port}/a")


def test_a_slow_answer_over_tls_is_left_soon(certificate: tuple[Path, Path]) -> None:
    with serving(certificate=certificate) as site, Client(allowed=HERE, bounds=BOUNDS) as client:
        site.put("/robots.txt", "")
        site.pages["/a"] = drip
        assert why(client, f"https://localhost:{site.port}/a") == "it took longer than 0.6 seconds"
