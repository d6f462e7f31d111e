"""Rate limiting: a token bucket for each client."""

from collections import OrderedDict
from time import monotonic
from typing import NamedTuple

_CLIENTS = 10_000  # remembered at once


class _Bucket(NamedTuple):
    left: float
    at: float


class RateLimiter:
    """Lets each client make ``rate`` requests per minute."""

    def __init__(self, rate: int) -> None:
        self._rate = float(rate)
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, client: str) -> float:
        """Seconds until this client may ask again; 0 where it may now, which is counted."""
        now, full = monotonic(), self._rate
        left, at = self._buckets.pop(client, _Bucket(full, now))
        left = min(full, left + (now - at) * full / 60)
        self._buckets[client] = _Bucket(max(0.0, left - 1) if left >= 1 else left, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * 60 / full
