"""Mixed traffic at the machine's limit for as long as you like: what a server's memory and threads do meanwhile.

    python -m bench.soak [--minutes 30]

Clients without a pause between requests ask, search, read, list, verify, and put in, replace and delete articles; some
hang up before their answer, and every minute eighty ask at once. Every five seconds the server's memory and threads are
looked at: what they are after the first five minutes is compared with what they are in the end.
"""

import argparse
import json
import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from bench.asking import news_gold
from bench.measuring import WORK, real_articles, save
from bench.serving import asked, memory, served, threads
from bench.windows import fill
from corpus.formats import Read
from corpus.types import Article
from qa.engine import open_engine
from qa.settings import Settings

ARTICLES = 1_000
"""Articles of the archive."""
OTHERS = 200
"""Articles that come and go."""
ASKING, SEARCHING, READING, LEAVING = 6, 2, 1, 1
"""Clients of each kind; one writes."""
SETTLED_S = 300.0
"""Seconds after which memory should be flat."""

_numbers = count()


class Traffic:
    """Clients that go on until they are stopped, and what they were answered."""

    def __init__(self, port: int, questions: list[str], articles: list[Article], others: list[Article]) -> None:
        self.port = port
        self.questions = questions
        self.articles = articles
        self.others = others
        self.ended = threading.Event()
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.failures: list[str] = []

    def ask(self, connection: HTTPConnection, rng: random.Random) -> None:
        """A question that no reply is remembered for."""
        body = {"question": rng.choice(self.questions), "min_confidence": 0.15 + 1e-7 * next(_numbers)}
        self._said("ask", asked(connection, "POST", "/v1/ask", body))

    def search(self, connection: HTTPConnection, rng: random.Random) -> None:
        """A query, sometimes with a filter."""
        where = {"sources": [rng.choice(self.articles).source or "x"]} if rng.random() < 0.3 else None
        body = {"query": rng.choice(self.questions), "k": 10, "filters": where}
        self._said("search", asked(connection, "POST", "/v1/search", body))

    def read(self, connection: HTTPConnection, rng: random.Random) -> None:
        """An article, a page of the list, the archive, metrics, a citation."""
        one = rng.choice(self.articles)
        cited = {"article_id": one.id, "start": 0, "end": 20, "quote": one.text[:20], "article_sha256": one.sha256}
        method, path, body = rng.choice(
            [
                ("GET", f"/v1/articles/{quote(one.id, safe='')}", None),
                ("GET", "/v1/articles?limit=50", None),
                ("GET", "/v1/archive", None),
                ("GET", "/metrics", None),
                ("POST", "/v1/verify", {"citations": [cited]}),
            ]
        )
        self._said("read", asked(connection, method, path, body))

    def write(self, connection: HTTPConnection, rng: random.Random) -> None:
        """An article put in, replaced or deleted."""
        one = rng.choice(self.others)
        path = f"/v1/articles/{quote(one.id, safe='')}"
        if rng.random() < 0.5:
            fields = {"id": one.id, "title": one.title, "text": f"{one.text} {rng.randrange(3)}", "source": one.source}
            self._said("write", asked(connection, "POST", "/v1/articles", {"articles": [fields]}))
        else:
            self._said("write", asked(connection, "DELETE", path))

    def leave(self, connection: HTTPConnection, rng: random.Random) -> None:
        """A question whose answer nobody waits for."""
        connection.close()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"question": rng.choice(self.questions)})
        connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
        sleep(rng.random())
        connection.close()

    def _said(self, what: str, status: int) -> None:
        self.statuses[what, status] += 1

    def going(self, act: Callable[[HTTPConnection, random.Random], None], seed: int) -> threading.Thread:
        """A client that does this over and over."""

        def client() -> None:
            rng, connection = random.Random(seed), HTTPConnection("127.0.0.1", self.port, timeout=60)
            while not self.ended.is_set():
                try:
                    act(connection, rng)
                except OSError as error:
                    self.failures.append(f"{act.__name__}: {error!r}")
                    connection.close()

        thread = threading.Thread(target=client)
        thread.start()
        return thread

    def burst(self) -> None:
        """Eighty questions at once."""

        def one() -> None:
            self.ask(HTTPConnection("127.0.0.1", self.port, timeout=60), random.Random())

        together = [threading.Thread(target=one) for _ in range(80)]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()


def watched(traffic: Traffic, process: int, seconds: float) -> list[dict[str, Any]]:
    """What the server holds, every five seconds for so long."""
    start, samples, minute = monotonic(), [], 0
    while (passed := monotonic() - start) < seconds:
        samples.append({"s": round(passed), **memory(process), "threads": threads(process)})
        if passed // 60 > minute:
            minute += 1
            traffic.burst()
        sleep(5)
    return samples


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    records = (one.article for one in real_articles(ARTICLES + OTHERS) if isinstance(one, Read))
    articles = [*islice(records, ARTICLES)]
    others = [one for one in records if len(one.text) < 10_000]
    with TemporaryDirectory() as room:
        directory = Path(room) / "archive"
        with open_engine(Settings(archive=WORK / "soak"), create=True, load=False) as engine:
            fill(engine.archive, ARTICLES)
        shutil.copytree(WORK / "soak", directory)
        with served(directory) as (process, port, _):
            traffic = Traffic(port, [one.question for one in news_gold(["2022", "2023"])], articles, others)
            acts = [(traffic.ask, ASKING), (traffic.search, SEARCHING), (traffic.read, READING)]
            acts += [(traffic.leave, LEAVING), (traffic.write, 1)]
            clients = [traffic.going(act, seed) for act, number in acts for seed in range(number)]
            samples = watched(traffic, process.pid, 60 * minutes)
            traffic.ended.set()
            for client in clients:
                client.join()
    settled = [one for one in samples if one["s"] >= SETTLED_S] or samples
    tenth = max(1, len(settled) // 10)
    first, last = settled[:tenth], settled[-tenth:]
    figures = {
        "minutes": minutes,
        "requests": sum(traffic.statuses.values()),
        "statuses": {f"{what} {status}": number for (what, status), number in sorted(traffic.statuses.items())},
        "failures": len(traffic.failures),
        "first_failures": traffic.failures[:5],
        "memory_mb": {
            name: {
                "after_five_minutes": median(one[name] for one in first),
                "in_the_end": median(one[name] for one in last),
                "most": max(one[name] for one in settled),
            }
            for name in ("all", "own")
        },
        "grown": {
            name: round(median(one[name] for one in last) / median(one[name] for one in first) - 1, 4)
            for name in ("all", "own")
        },
        "threads": {"after_five_minutes": first[0]["threads"], "most": max(one["threads"] for one in settled)},
        "samples": samples[:: max(1, len(samples) // 60)],
    }
    save("soak", f"python -m bench.soak --minutes {minutes:g}", figures)


if __name__ == "__main__":
    main()
