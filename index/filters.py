"""Turns filters into the set of chunks that match them."""

import json
import threading

import numpy as np
import numpy.typing as npt

from corpus.storage.view import View
from index.types import Filter, Ids


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
    conditions: list[str] = []
    values: list[object] = []
    for condition, value in (
        ("source IN (SELECT value FROM json_each(?))", None if where.sources is None else json.dumps(where.sources)),
        (
            "id IN (SELECT value FROM json_each(?))",
            None if where.article_ids is None else json.dumps(where.article_ids),
        ),
        ("day >= ?", where.published_from and where.published_from.toordinal()),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if where.published_to is not None:
        conditions.append("(day <= ? OR no IN (SELECT value FROM json_each(?)))")
        values += [where.published_to.toordinal(), json.dumps(where.also)]
    return view.numbers(" AND ".join(conditions) or "true", values)
