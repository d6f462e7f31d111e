"""A server's metrics for Prometheus: requests, answers and their stages, the state of the archive."""

import os
from collections.abc import Iterator, Mapping
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.answering.types import Reply
from qa.engine import Engine
from qa.server.admission import Lane
from qa.server.logs import method_of, route_of

MANY = "PROMETHEUS_MULTIPROC_DIR"
"""Prometheus' own variable: the directory where several processes count together."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The measures of one server."""

    def __init__(self, engine: Engine, lanes: Mapping[str, Lane]) -> None:
        self._registry = CollectorRegistry()
        self._stands = _Stands(engine, lanes)
        self._requests = Counter(
            "citewire_requests", "Requests that were answered.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "citewire_request_seconds",
            "Seconds from a request to the end of its answer.",
            ["route"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "citewire_stage_seconds",
            "Seconds that a stage of answering took.",
            ["stage"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "citewire_answers",
            "Questions answered, by status, and by reason where there is no answer.",
            ["status", "reason"],
            registry=self._registry,
        )
        self._remembered = Counter(
            "citewire_remembered", "Of these, those that had been answered before.", registry=self._registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_reply(self, reply: Reply, remembered: bool) -> None:
        """Count a reply, and where it was computed, its time."""
        self._answers.labels(reply.status, reply.reason or "").inc()
        if remembered:
            self._remembered.inc()
            return
        for stage, milliseconds in reply.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def text(self) -> bytes:
        """All of it, in Prometheus's text format; of several processes together, but for what waits in this one."""
        registry = self._registry
        if MANY in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        stands = CollectorRegistry()
        stands.register(self._stands)
        return generate_latest(stands) + generate_latest(registry)


class _Stands(Collector):
    """The figures of the archive and of the queue, looked up when they are asked for."""

    def __init__(self, engine: Engine, lanes: Mapping[str, Lane]) -> None:
        self._engine = engine
        self._lanes = lanes

    def collect(self) -> Iterator[Metric]:
        """Look them up."""
        with self._engine.archive.read() as snapshot:
            state, indexes = snapshot.view.state, snapshot.indexes
        for name, value, help_text in (
            ("articles", state.articles, "Articles in the archive."),
            ("chunks", state.chunks, "Chunks in the archive."),
            ("generation", state.generation, "Changes made to the archive."),
            ("stale_chunks", indexes.stale, "Chunks that came or went since the dense index was compacted."),
            (
                "index_recall",
                1.0 if indexes.recall is None else indexes.recall,
                "The part of the ten nearest that the dense index found when it was built; 1 where it is exact.",
            ),
        ):
            yield GaugeMetricFamily(f"citewire_{name}", help_text, value=value)
        working = GaugeMetricFamily("citewire_working", "Requests at work.", labels=["lane"])
        waiting = GaugeMetricFamily("citewire_waiting", "Requests that wait for their turn.", labels=["lane"])
        for name, lane in self._lanes.items():
            working.add_metric([name], lane.working)
            waiting.add_metric([name], lane.waiting)
        yield from (working, waiting)

    def describe(self) -> list[Metric]:
        """Nothing beforehand: the archive is not read before somebody asks."""
        return []


class RequestMetrics:
    """Counts every request, by the route that it took."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A status of 0: the client went away before it could be answered.
        start, status, end = perf_counter(), 0, 0.0

        async def noted(message: Message) -> None:
            nonlocal status, end
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)
            end = perf_counter()  # what is done behind an answer is not waited for

        try:
            await self.app(scope, receive, noted)
        except Exception:
            status = 500
            raise
        finally:
            self.metrics.request(method_of(scope), route_of(scope), status, (end or perf_counter()) - start)
