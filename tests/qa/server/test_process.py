"""Servers as processes: how they start, stop, and bear slow clients."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from qa.server import connections
from tests.servers import listening

SLOW = """
import socket, sys, time
import uvicorn
from fastapi import FastAPI
from qa.server.process import _config, _bind

app = FastAPI()

@app.get("/")
def slow():
    print("working", flush=True)
    time.sleep(1)
    return "done"

with _bind("127.0.0.1", 0) as sock:
    print(sock.getsockname()[1], flush=True)
    uvicorn.Server(_config(app)).run(sockets=[sock])
"""


def test_a_request_in_flight_is_answered_when_the_server_is_told_to_stop() -> None:
    process = subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/")
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(lambda: connection.getresponse().read())
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGTERM)
        assert asked.result() == b'"done"'
    connection.close()
    assert process.wait(timeout=20) in (0, -signal.SIGTERM)
    process.stdout.close()


def closed_after(port: int, *pieces: bytes, pause: float = 0.0) -> float:
    """Seconds until the server hangs up on who sends no more than these pieces."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        start = time.monotonic()
        with suppress(ConnectionError):
            for piece in pieces:
                client.sendall(piece)
                time.sleep(pause)
            while client.recv(1_000):
                pass
        return time.monotonic() - start


def answered(client: socket.socket, fields: bytes = b"") -> bool:
    """Whether a request is answered by a server that says "here"."""
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + fields + b"\r\n")
    received = b""
    while b"here" not in received and (more := client.recv(10_000)):
        received += more
    return b"here" in received


def test_a_client_whose_request_never_begins_whole_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    app = FastAPI()
    app.get("/")(lambda: "here")
    with listening(app) as port:
        assert 0.3 < closed_after(port) < 3
        assert 0.3 < closed_after(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n") < 3
        # However many pieces it comes in: each of them does not buy more time.
        assert closed_after(port, b"GET / HTTP/1.1\r\n", *[b"X-A: b\r\n"] * 10, pause=0.1) < 3
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            for _ in range(3):  # a connection that is kept alive begins anew with each request
                time.sleep(0.3)
                assert answered(client)


def test_no_connection_stays_for_a_body_that_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.3)
    app = FastAPI()
    app.get("/")(lambda: "here")
    with listening(app) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        start = time.monotonic()
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        received = b""
        with suppress(ConnectionError):
            while piece := client.recv(1_000):
                received += piece
                client.sendall(b"x")  # which buys no time
        assert b"here" in received
        assert time.monotonic() - start < 4


def test_a_body_that_comes_after_its_answer_does_not_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.5)
    app = FastAPI()
    app.get("/")(lambda: "here")
    with listening(app) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        for _ in range(2):
            assert answered(client, b"Content-Length: 4\r\n")
            client.sendall(b"body")
        time.sleep(0.8)
        assert answered(client)


def test_no_connection_stays_for_an_answer_that_its_client_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "TAKING_SECONDS", 0.5)
    app = FastAPI()
    app.get("/")(lambda: "x" * 30_000_000)
    with listening(app) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(3)
        received = 0
        with suppress(ConnectionError):
            while piece := client.recv(1_000_000):
                received += len(piece)
        assert received < 30_000_000  # the server has hung up in the middle


def test_connections_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "CONNECTIONS", 3)
    app = FastAPI()
    app.get("/")(lambda: "here")
    with listening(app) as port:
        held = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(3)]
        assert all(map(answered, held))
        assert closed_after(port) < 3
        held.pop().close()
        time.sleep(0.3)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as again:
            assert answered(again)
        for one in held:
            one.close()


def call(port: int, method: str, path: str, body: object = None, key: str = "") -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content) if path.startswith("/v1") else content.decode()


def test_several_processes_serve_one_archive_and_see_what_another_put_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "a-key-for-reading-and-writing"
    monkeypatch.setenv("CITEWIRE_WRITE_KEY", key)
    monkeypatch.setenv("CITEWIRE_LOG", "json")
    directory = tmp_path / "archive"
    command = [sys.executable, "-m", "qa.cli", "serve", "--archive", str(directory), "--port", "0", "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    log = [process.stderr.readline()]
    reading = threading.Thread(target=log.extend, args=(process.stderr,))
    try:
        port = int(json.loads(log[0])["message"].partition("127.0.0.1:")[2].split()[0])
        reading.start()
        text = "Forty zebras crossed the river Lomme at dawn, the warden said. Nobody was hurt."
        article = {"id": "zebra", "title": "Zebras", "text": text, "source": "Ledger", "published_at": "2026-01-28"}
        assert call(port, "POST", "/v1/articles", {"articles": [article]}, key)[1]["outcomes"][0]["outcome"] == "added"
        assert call(port, "POST", "/v1/ask", {"question": "zebras?"})[0] == 401
        (tmp_path / "more.jsonl").write_text(json.dumps({**article, "id": "more", "title": "Again"}))
        ingest = [sys.executable, "-m", "qa.cli", "ingest", "--archive", str(directory), str(tmp_path / "more.jsonl")]
        subprocess.run(ingest, check=True, capture_output=True)
        # At the very next request, whichever process takes it.
        assert {call(port, "GET", "/v1/archive", key=key)[1]["articles"] for _ in range(12)} == {2}
        with ThreadPoolExecutor(6) as pool:
            asked = [pool.submit(call, port, "POST", "/v1/search", {"query": "zebras"}, key) for _ in range(12)]
            assert {len(one.result()[1]["hits"]) for one in asked} == {2}
        metrics = call(port, "GET", "/metrics", key=key)[1]
        assert 'citewire_requests_total{method="POST",route="/v1/search",status="200"} 12.0' in metrics
        assert "citewire_articles 2.0" in metrics
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        reading.join()
        process.stderr.close()
    lines = [json.loads(line) for line in log]  # each of them, also of the processes' ends
    asked_for = [line for line in lines if line.get("route") == "/v1/search"]
    assert len(asked_for) == 12
    assert {(line["method"], line["status"]) for line in asked_for} == {("POST", 200)}
    assert len({line["request"] for line in asked_for}) == 12
    assert "zebra" not in json.dumps(lines)
