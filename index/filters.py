"""Turns filters into the set of chunks that match them."""

import json
import threading

import numpy as np
import numpy.typing as npt

from corpus.storage.view import View
from index.types import Filter, Ids

_AMONG = "IN (SELECT value FROM json_each(?))"


class Places:
    """Which article each chunk is of, kept between requests so that a filter costs milliseconds, not a table scan."""

    def __init__(self) -> None:
        self._places: npt.NDArray[np.int64] = np.empty((0, 2), np.int64)
        self._lock = threading.Lock()

    def chunks_of(self, view: View, articles: npt.NDArray[np.int64]) -> Ids:
        """Ids of the chunks of these articles (by number), ascending. Removed chunks may be among them."""
        places = self._caught_up(view)
        chunk_ids: Ids = places[np.isin(places[:, 1], articles), 0]
        return chunk_ids

    def _caught_up(self, view: View) -> npt.NDArray[np.int64]:
        with self._lock:
            last = int(self._places[-1, 0]) if len(self._places) else 0
            new = view.places(after=last)
            if len(new):
                self._places = np.concatenate([self._places, new])
            return self._places


def passing_articles(view: View, where: Filter) -> npt.NDArray[np.int64]:
    """Numbers of the articles that pass the filter."""
    return view.numbers(*_condition(where))


def count_passing(view: View, where: Filter) -> int:
    """How many articles pass the filter."""
    return view.count(*_condition(where))


def count_left_out(view: View, where: Filter) -> int:
    """How many articles the filter leaves out for nothing but having no date: they pass its other conditions."""
    if where.takes_undated != "exclude":
        return 0
    return count_passing(view, Filter(where.sources, article_ids=where.article_ids, undated="only"))


def _condition(where: Filter) -> tuple[str, list[object]]:
    """The filter as an SQL condition over the columns ``id``, ``no``, ``source`` and ``day``, with its values."""
    conditions: list[str] = []
    values: list[object] = []
    for column, among in (("source", where.sources), ("id", where.article_ids)):
        if among is not None:
            conditions.append(f"{column} {_AMONG}")
            values.append(json.dumps(among))
    # With "+", SQLite does not search by day, of which many articles are, what ids name, or outlets in an alternative.
    day, either = ("+day" if among else "day" for among in (where.article_ids, conditions))
    if where.takes_undated == "only":
        return " AND ".join([*conditions, f"{day} IS NULL"]), values
    if where.takes_undated == "include":
        day = either
    days: list[str] = []
    if where.published_from is not None:
        days.append(f"{day} >= ?")
        values.append(where.published_from.toordinal())
    if where.published_to is not None:
        days.append(f"{day} <= ?")
        values.append(where.published_to.toordinal())
        if where.also:
            days[-1] = f"({either} <= ? OR no {_AMONG})"
            values.append(json.dumps(where.also))
    if where.takes_undated == "exclude":
        conditions += days or [f"{day} IS NOT NULL"]
    elif days:
        conditions.append(f"({day} IS NULL OR {' AND '.join(days)})")
    return " AND ".join(conditions) or "true", values
