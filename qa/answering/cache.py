"""Caches replies to repeated questions, as long as the archive is unchanged."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from qa.answering.pipeline import ask
from qa.answering.types import Question, Reply
from qa.engine import Engine

KEPT = 500
"""Replies kept, the last asked for."""
LONGEST = 10_000
"""Characters of the filter of a question whose reply is kept."""


class ReplyCache:
    """Asks as ``qa.answering.pipeline.ask`` does, and remembers. Safe to share between threads.

    ``on_reply`` is told each reply, and whether it was remembered.
    """

    def __init__(self, engine: Engine, on_reply: Callable[[Reply, bool], None] | None = None) -> None:
        self._engine = engine
        self._on_reply = on_reply
        self._lock = threading.Lock()
        self._stands: object = None
        self._replies: OrderedDict[Question, Reply] = OrderedDict()

    def ask(self, question: Question) -> Reply:
        """The reply, with the time that it took now. Raises QuestionError."""
        reply, remembered = self._asked(question)
        if self._on_reply is not None:
            self._on_reply(reply, remembered)
        return reply

    def _asked(self, question: Question) -> tuple[Reply, bool]:
        start = perf_counter()
        with self._engine.archive.read() as snapshot:
            stands = snapshot.view.state, snapshot.indexes.version
        with self._lock:
            if stands != self._stands:
                self._stands = stands
                self._replies.clear()
            known = self._replies.get(question)
            if known is not None:
                self._replies.move_to_end(question)
        if known is not None:
            laps = dict.fromkeys(known.timings_ms, 0.0)
            return replace(known, timings_ms=laps | {"total": round(1000 * (perf_counter() - start), 2)}), True
        reply = ask(self._engine, question)
        with self._lock:
            # Written to meanwhile, it stands otherwise than it stood for this reply, or than it does for the next.
            if self._stands == stands and reply.state == stands[0] and _short(question):
                self._replies[question] = reply
                if len(self._replies) > KEPT:
                    self._replies.popitem(last=False)
        return reply, False


def _short(question: Question) -> bool:
    return sum(map(len, (*(question.where.sources or ()), *(question.where.article_ids or ())))) <= LONGEST
