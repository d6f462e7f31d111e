"""The command that keeps an archive up to date by watching directories and addresses."""

import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.fetching.addresses import is_address
from qa.cli.options import (
    LOW,
    AllowNetwork,
    ArchiveDir,
    DateOrder,
    Device,
    Priority,
    fail,
    paths_argument,
    printable,
    refuse_addresses,
    settings_of,
)

if TYPE_CHECKING:
    from qa.ingestion.outcomes import Outcome
    from qa.ingestion.visit_log import VisitLog
    from qa.ingestion.watching import Watched

_RECORD = re.compile(r"(?:\[\d+\]|:\d+)$")
_NUMBER = re.compile(r"\d[\d,.]*")


def watch(
    names: Annotated[list[str], paths_argument("WATCHED", "Directories and files")],
    archive: ArchiveDir = None,
    every: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="Time between two scans.",
            show_default="10 for directories, 900 for addresses",
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Scan once and exit.")] = False,
    date_order: DateOrder = None,
    allow_network: AllowNetwork = False,
    device: Device = None,
    priority: Priority = "low",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON per article.")] = False,
) -> None:
    """Keep the archive up to date with directories and feeds until Ctrl-C or SIGTERM.

    A file is ingested once two consecutive scans find it unchanged.

    When a file is deleted or an entry leaves its feed, its article stays: use `citewire articles delete`.

    Articles deleted from the archive are not added again.
    """
    from qa.engine import open_engine
    from qa.ingestion.visit_log import VisitLog
    from qa.ingestion.watching import keep_watch

    refuse_addresses(names, allow_network=allow_network)
    missing = [name for name in names if not is_address(name) and not Path(name).exists()]
    if missing:
        fail("; ".join(f"{printable(Path(name))}: no such file or directory" for name in missing))
    if priority == "low":
        os.nice(LOW)
    settings = settings_of(archive, device=device)
    with ExitStack() as stack:
        stop = stack.enter_context(_stop_on_signal())
        engine = stack.enter_context(open_engine(settings, create=True))
        memory = VisitLog(engine, deleted=False)
        sources = stack.enter_context(_sources(names, memory, settings, stop, every=every, order=date_order))
        keep_watch(engine, sources, memory, WatchPrinter(as_json=as_json), stop, once=once)


class WatchPrinter:
    """Prints one line for each article that changed, and for each new rejection."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._before = Counter[tuple[str, str]]()
        self._now = Counter[tuple[str, str]]()

    def begin(self) -> None:
        """Begin a scan."""
        self._now.clear()

    def outcome(self, outcome: "Outcome") -> None:
        """Print the outcome of a record, if it is news."""
        from qa.cli.terminal import columns, plain

        if outcome.outcome == "unchanged" or (outcome.outcome == "rejected" and not self._new(outcome)):
            return
        if self._as_json:
            import json

            fields = {"outcome": outcome.outcome, "id": outcome.id, "where": outcome.where, "reason": outcome.reason}
            told = fields | ({"warnings": outcome.warnings} if outcome.warnings else {})
            typer.echo(json.dumps(told, ensure_ascii=False).encode() + b"\n", nl=False)
        elif outcome.outcome == "rejected":
            self.note(outcome.where, f"rejected: {plain(outcome.reason or '')}")
        else:
            typer.echo(columns((outcome.outcome, outcome.id or "", outcome.where)))

    def note(self, name: str, words: str) -> None:
        """Print a note about something watched."""
        from qa.cli.terminal import plain

        typer.echo(" ".join(plain(f"{name}: {words}").split()), err=True)

    def _new(self, outcome: "Outcome") -> bool:
        """Whether this was not printed before. Feeds move: an entry has another number in the next scan."""
        what = (_RECORD.sub("", outcome.where), _NUMBER.sub("#", outcome.reason or ""))
        self._now[what] += 1
        if self._now[what] <= self._before[what]:
            return False
        self._before[what] = self._now[what]
        return True


@contextmanager
def _sources(
    names: Sequence[str], memory: "VisitLog", settings: Any, stop: threading.Event, *, every: float | None, order: Any
) -> "Iterator[list[Watched]]":
    """Make what watches each name."""
    from qa.ingestion.sources import open_crawler
    from qa.ingestion.watching import EVERY_ADDRESS, EVERY_FOLDER, Folder, Site

    sources: list[Watched] = []
    with ExitStack() as stack:
        follower = None
        for name in dict.fromkeys(names):
            if is_address(name):
                follower = follower or stack.enter_context(open_crawler(memory, settings, stop=stop, order=order))
                sources.append(Site(name, follower, every=every or EVERY_ADDRESS))
            else:
                sources.append(Folder(Path(name), memory, stop, every=every or EVERY_FOLDER, order=order))
        yield sources


@contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; a second signal ends the process as it would without us."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()
        restore()

    for number in before:
        signal.signal(number, end)
    try:
        yield stop
    finally:
        restore()
