"""A connection to a Milvus server: opened when first used, patient with one that comes back. The one module that opens
pymilvus' client.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from index.backends import Server
from index.errors import DerivedError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Result = TypeVar("Result")

_PINGS = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": False}
"""As rare as servers allow by default; pymilvus pings every ten seconds, and some hang up at that."""
_WAITS = (0.1, 0.5, 2.0)
"""Seconds before what failed is asked again."""


class Connection:
    """Safe to share between threads."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._opening = threading.Lock()
        self._opened: MilvusClient | None = None

    def ask(self, work: Callable[["MilvusClient"], Result], *, collection: str | None = None) -> Result:
        """What ``work`` gives, asked again for a few seconds where it fails: a connection that was dropped is made anew
        after a moment, and a server that was started anew has to load the collection.

        Raises DerivedError when the server can't be used, or the package is not installed.
        """
        try:
            import grpc
            from pymilvus import MilvusException
        except ImportError:
            raise DerivedError("the package pymilvus is not installed: `pip install 'citewire[milvus]'`") from None
        try:
            client = self._client()
            for wait in _WAITS:
                try:
                    return work(client)
                except MilvusException:
                    time.sleep(wait)
                    with suppress(MilvusException):
                        if collection is not None:
                            client.load_collection(collection)
            return work(client)
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
            message = error.message if isinstance(error, MilvusException) else str(error)
            raise DerivedError(f"Milvus at {self._server.uri} can't be used: {message}") from error

    def _client(self) -> "MilvusClient":
        from pymilvus import MilvusClient

        # It prints the traceback of whatever it raises; what went wrong is said once, by who asked.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        with self._opening:
            if self._opened is None:
                uri, token = self._server.uri, self._server.token
                self._opened = MilvusClient(uri=uri, token=token, timeout=30, grpc_options=_PINGS)
            return self._opened
