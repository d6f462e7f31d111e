"""Servers that tests talk to, on loopback."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseServer

import uvicorn
from starlette.types import ASGIApp

from qa.server import process


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """A service as a server serves it, in a thread; gives its port."""
    with process._bind("127.0.0.1", 0) as sock:
        server = uvicorn.Server(process._config(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            yield int(sock.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def in_thread(server: BaseServer) -> Iterator[None]:
    """A server of the standard library, at work in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def milvus_lite(directory: Path, port: int | None = None) -> Iterator[str]:
    """A Milvus Lite server over a directory; gives its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(directory), "--host", "127.0.0.1"]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
        try:
            for _ in range(600):
                assert process.poll() is None, (directory / "log").read_text()
                with socket.socket() as trying:
                    if trying.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()
