"""Records from the files and addresses that a user names."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from corpus.dates import Order
from corpus.errors import FetchStopped
from corpus.fetching.addresses import is_address
from corpus.formats import Read
from corpus.reading import PassedOver, read
from corpus.types import Rejected
from qa.ingestion.visit_log import VisitLog
from qa.settings import Settings

if TYPE_CHECKING:
    from corpus.fetching.crawling import Follower


@contextmanager
def records(
    names: Sequence[str],
    memory: VisitLog,
    network: Settings | None,
    *,
    order: Order | None,
    passed_over: PassedOver | None = None,
) -> Iterator[Iterator[Read | Rejected]]:
    """The records that files, directories and addresses hold, in the order named; ``passed_over`` counts the files of
    unknown kinds in directories.

    Only with the settings for the ``network`` is anything fetched; an interrupt then ends a fetch at once.
    """
    if network is None:
        yield read([Path(name) for name in names], date_order=order, passed_over=passed_over)
        return
    stop = threading.Event()
    with open_crawler(memory, network, stop=stop, order=order) as follower, _interrupting(stop):

        def found() -> Iterator[Read | Rejected]:
            with suppress(FetchStopped):
                for name in names:
                    if is_address(name):
                        yield from follower.named(name)
                    else:
                        yield from read([Path(name)], date_order=order, follow=follower.follow, passed_over=passed_over)

        yield found()


@contextmanager
def open_crawler(
    memory: VisitLog, settings: Settings, *, stop: threading.Event, order: Order | None
) -> "Iterator[Follower]":
    """Make what reads addresses, as the settings allow, until ``stop`` is set."""
    from corpus.fetching.addresses import networks
    from corpus.fetching.client import Client
    from corpus.fetching.crawling import Follower

    with Client(allowed=networks(settings.fetch_from), contact=settings.contact, stop=stop) as client:
        yield Follower(client, known=memory.known, note=memory.note, holds=memory.holds, order=order)


@contextmanager
def _interrupting(stop: threading.Event) -> Iterator[None]:
    """Make an interrupt set ``stop`` as well: fetching runs in another thread, which is waited for."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
