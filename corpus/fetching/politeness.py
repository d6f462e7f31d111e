"""Politeness towards hosts: robots.txt, a pause between requests, and backing off when they are busy."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from protego import Protego

from corpus.errors import FetchError, FetchStopped
from corpus.fetching.addresses import Address

PRODUCT = "Citewire"
"""The name that robots.txt knows us by."""
ROBOTS = "/robots.txt"
MOST = 512 * 2**10
"""Bytes of a robots.txt that are read: RFC 9309 asks for 500 KiB at least."""
_KEPT, _AGAIN = 86_400.0, 600.0
"""Seconds for which a robots.txt holds (RFC 9309), and after which one that could not be had is asked for again."""
_LONGEST_LEAVE = 86_400.0


class _Rules(NamedTuple):
    """A host's robots.txt, or why it can't be fetched, so that nothing else may be."""

    said: Protego | FetchError
    until: float


class Manners:
    """What every host is owed: one request at a time, ``pause`` seconds after another, or as many as it asks for, up to
    ``longest``. Waiting ends with FetchStopped when ``stop`` is set.
    """

    def __init__(self, stop: threading.Event, *, pause: float, longest: float) -> None:
        self._stop = stop
        self._pause = pause
        self._longest = longest
        self._rules: dict[str, _Rules] = {}
        self._next: dict[str, float] = {}
        self._left_until: dict[str, float] = {}

    def may_fetch(self, address: Address, fetch: Callable[[Address], bytes]) -> bool:
        """Whether the host's robots.txt lets us have this address; ``fetch`` gets that file, b"" where there is none.

        Raises FetchError where it can't be had: then RFC 9309 lets nothing be fetched.
        """
        now = time.monotonic()
        rules = self._rules.get(address.site)
        if rules is None or rules.until < now:
            try:
                text = fetch(replace(address, target=ROBOTS))[:MOST].decode("utf-8", "replace")
                rules = _Rules(Protego.parse(text.lstrip("\ufeff")), now + _KEPT)
            except FetchError as error:
                rules = _Rules(error, now + _AGAIN)
            self._rules[address.site] = rules
        if isinstance(rules.said, FetchError):
            raise FetchError(str(rules.said), lasting=rules.said.lasting, after=rules.said.after)
        return bool(rules.said.can_fetch(str(address), PRODUCT))

    def turn(self, address: Address) -> None:
        """Wait until it is this host's turn. Raises FetchError if it asked for a longer pause."""
        now = time.monotonic()
        alone = self._left_until.get(address.site, 0.0) - now
        if alone > 0:
            raise FetchError(f"{address.host} asked for a pause of {alone:,.0f} more seconds", after=alone)
        self.wait(self._next.get(address.site, 0.0) - now)

    def asked(self, address: Address) -> None:
        """Note that a request was just made."""
        rules = self._rules.get(address.site)
        asked = rules.said.crawl_delay(PRODUCT) if rules and isinstance(rules.said, Protego) else None
        pause = max(self._pause, min(asked or 0.0, self._longest))
        self._next[address.site] = time.monotonic() + pause

    def leave(self, address: Address, seconds: float) -> None:
        """Pause for a host that asks for it, at most a day."""
        self._left_until[address.site] = time.monotonic() + min(seconds, _LONGEST_LEAVE)

    def wait(self, seconds: float) -> None:
        """Wait. Raises FetchStopped."""
        if self._stop.wait(max(0.0, seconds)):
            raise FetchStopped("it was stopped")
