"""A server as one process or several: where it listens, how it starts and stops."""

import atexit
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from multiprocessing import parent_process
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from qa.engine import Engine, open_engine
from qa.errors import SettingsError
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.server.connections import BoundedProtocol
from qa.server.logs import configure
from qa.server.metrics import MANY
from qa.settings import Settings

STOPPING = 30
"""Seconds that requests in flight may still take when a server is told to stop."""

_log = logging.getLogger("citewire.serving")


def serve(
    settings: Settings,
    make: Callable[[Engine, Guard], ASGIApp] = create_app,
    path: str = "/docs",
    *,
    create: bool = True,
) -> None:
    """Serve the archive of the settings until a signal ends it; ``create`` creates it if it is missing. ``make`` makes
    the app, and ``path`` is the address to show.

    Raises SettingsError if other machines could reach it without a key, or it can't listen at its address;
    corpus.errors.StoreError as ``open_engine`` does.
    """
    configure(settings.log)
    guard = Guard.of(settings)
    # Bound before anything is opened: a port that is taken is said at once.
    with _bind(settings.host, settings.port) as sock:
        where = f"[{settings.host}]" if ":" in settings.host else settings.host
        said = f"Serving at http://{where}:{sock.getsockname()[1]} ({path})"
        if settings.workers > 1:
            _serve_by_many(settings, sock, said)
        else:
            _serve(settings, guard, make, sock, said, create)


def worker() -> FastAPI:
    """The service of one process among several, whose settings stand in the environment."""
    settings = Settings.load()
    opened = ExitStack()
    atexit.register(opened.close)
    return create_app(opened.enter_context(open_engine(settings)), Guard.of(settings))


def _serve(
    settings: Settings,
    guard: Guard,
    make: Callable[[Engine, Guard], ASGIApp],
    sock: socket.socket,
    said: str,
    create: bool,
) -> None:
    with open_engine(settings, create=create) as engine:
        server = uvicorn.Server(_config(make(engine, guard)))
        _log.info("%s", said)
        _end_in_order()
        with suppress(KeyboardInterrupt):  # raised again by the server once it has finished its requests
            server.run(sockets=[sock])


def _serve_by_many(settings: Settings, sock: socket.socket, said: str) -> None:
    with open_engine(settings, create=True, load=False):
        pass  # an archive that can't be opened is said here, once
    given = {f"CITEWIRE_{name.upper()}": str(value) for name, value in settings if value is not None}
    os.environ.update(given)
    # Torch's threads of all processes share the cores.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // settings.workers)))
    with tempfile.TemporaryDirectory(prefix="citewire-metrics-") as metrics:
        os.environ[MANY] = metrics
        many = {"factory": True, "workers": settings.workers, "timeout_worker_healthcheck": 60}
        config = _config("qa.server.process:worker", _OfMany, **many)
        _log.info("%s, %d processes", said, settings.workers)
        Multiprocess(config, [sock]).run()


class _OfMany(uvicorn.Config):
    """The configuration of each of several processes."""

    def configure_logging(self) -> None:
        """Set up the process; the first thing that uvicorn calls in a new one."""
        if parent_process() is not None:
            configure(Settings.load().log)
            _end_in_order()


def _end_in_order() -> None:
    """Let SIGTERM, which uvicorn raises again once it has finished its requests, close what is open."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def _config(app: "ASGIApp | str", kind: type[uvicorn.Config] = uvicorn.Config, **more: Any) -> uvicorn.Config:
    return kind(
        app,
        http=BoundedProtocol,
        ws="none",
        server_header=False,
        access_log=False,
        proxy_headers=False,  # anybody can write them
        log_config=None,
        timeout_graceful_shutdown=STOPPING,
        **more,
    )


def _bind(host: str, port: int) -> socket.socket:
    try:
        sock = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        # asyncio sets it on sockets that it opens itself; without it an answer waits 40 ms for an acknowledgement.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    except OSError as error:
        # The name of a host that nobody knows has a negative number, and words of its own.
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise SettingsError(f"can't listen at {host} port {port}: {why}") from error
