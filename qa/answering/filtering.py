"""Narrows a filter to what an archive holds: outlets as they are stored, and ``as_of`` as a last day. Says what the
filter lets through and leaves out, so that nothing falls out of a search in silence.
"""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from corpus.outlets import fold, nearest
from index.archive import Snapshot
from index.filters import count_left_out
from index.types import Filter
from qa.errors import FilterError

_NAMED = 3
"""Unknown outlets that are named in an error."""


class Narrowed(NamedTuple):
    """A filter as the index takes it, with the number of articles that pass (None where all do) and the number of
    those that only lack a date to.
    """

    where: Filter
    passing: int | None
    undated_left_out: int


def narrow_filter(snapshot: Snapshot, where: Filter, as_of: date | None = None) -> Narrowed:
    """The filter with outlets as they are stored, and with ``as_of`` as the last day of publication; what was published
    by then and anew since passes as well.

    Raises FilterError as ``check_filter`` does.
    """
    where = check_filter(snapshot, where, as_of)
    if as_of is not None:
        last = min(as_of, where.published_to or as_of)
        where = replace(where, published_to=last, also=snapshot.view.published_anew(last.toordinal()))
    passing = snapshot.indexes.count(snapshot.view, where) if where else None
    return Narrowed(where, passing, count_left_out(snapshot.view, where))


def check_filter(snapshot: Snapshot, where: Filter, as_of: date | None = None) -> Filter:
    """The filter with outlets as they are stored: every name that is the same but for case, the encoding of accents and
    the form of apostrophes.

    Raises FilterError when no article has one of its outlets, though there are articles; or as ``check_days`` does.
    """
    check_days(where, as_of)
    if not where.sources or not snapshot.view.state.articles:
        return where
    stored: dict[str, list[str]] = {}
    for outlet in snapshot.view.outlets():
        stored.setdefault(fold(outlet), []).append(outlet)
    if unknown := [name for name in where.sources if fold(name) not in stored]:
        raise FilterError(_unknown(unknown, [outlet for outlets in stored.values() for outlet in outlets]))
    meant = dict.fromkeys(outlet for name in where.sources for outlet in stored[fold(name)])
    return replace(where, sources=tuple(meant))


def check_days(where: Filter, as_of: date | None = None) -> None:
    """Raise FilterError when no day can lie between the filter's first and its last, or ``as_of``."""
    for name, last in (("to", where.published_to), ("as of", as_of)):
        if where.published_from is not None and last is not None and where.published_from > last:
            raise FilterError(f"from {where.published_from} is after {name} {last}: no article can pass")


def _unknown(names: list[str], outlets: list[str]) -> str:
    if not outlets:
        return f"no outlet {_short(names[0])}: no article of this archive names its outlet"
    found = [f"no outlet {_short(name)}; did you mean {nearest(name, outlets)}?" for name in names[:_NAMED]]
    more = len(names) - len(found)
    return " ".join([*found, *([f"And {more} more that no article has."] if more else [])])


def _short(name: str) -> str:
    return name if len(name) <= 100 else f"{name[:100]}…"
