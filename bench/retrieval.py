"""Retrieval against embedding the question alone, in one run, over HTTP on loopback.

    python -m bench.retrieval [--articles 10000] [--embed 10000]

``POST /v1/search`` and the bare embedding of the same question take turns. The archive is kept under ``.bench`` and
filled once. Embedding 10,000 articles takes hours on two slow cores: with ``--embed N`` only the first N are embedded,
and random vectors stand in for those of the rest. Exact search takes the same time whatever the vectors are.
"""

import argparse
import json
import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from itertools import islice
from time import perf_counter
from typing import Literal

import numpy as np
import uvicorn

from bench.measuring import HERE, WORK, real_articles, save, spread
from index.embedding import Embedder, Pieces
from index.types import Vectors
from qa.evaluation import read_gold
from qa.ingest import ingest
from qa.opening import Desk, open_desk
from qa.service import create_app
from qa.settings import Settings


class StandIn:
    """An embedder that counts as the real one does and gives random vectors."""

    def __init__(self, real: Embedder) -> None:
        self.name, self.precision, self.dimensions, self.limit = real.name, "none", real.dimensions, real.limit
        self.count = real.count
        self._random = np.random.default_rng(0)

    def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Vectors:
        """Random vectors of length one."""
        vectors = self._random.standard_normal((len(texts), self.dimensions), np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def embed_pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Nothing: what is embedded by it is never read."""
        raise TypeError("stand-in vectors can't be read")


def fill(desk: Desk, articles: int, embedded: int) -> None:
    """Ingest the first ``articles`` real articles, the first ``embedded`` of them with real vectors."""
    records = real_articles(articles)
    stand_in = Desk(desk.archive, StandIn(desk.embedder), desk.reader)
    for turn, part in ((desk, islice(records, embedded)), (stand_in, records)):
        for count, _ in enumerate(ingest(turn, part), 1):
            if count % 500 == 0:
                print(f"{count} articles", flush=True)
    desk.archive.compact()


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--embed", type=int, default=None, help="articles with real vectors; all, if not given")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    embedded = arguments.articles if arguments.embed is None else arguments.embed
    questions = [one.question for name in ("gold", "seeds") for one in read_gold(HERE / f"{name}.jsonl")]
    embedding: list[float] = []
    searching: list[float] = []
    with open_desk(Settings(archive=WORK / "retrieval"), create=True) as desk:
        fill(desk, arguments.articles, embedded)
        server = uvicorn.Server(uvicorn.Config(create_app(desk), port=0, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        connection = HTTPConnection("127.0.0.1", server.servers[0].sockets[0].getsockname()[1])
        for turn in range(arguments.rounds + 1):
            for question in questions:
                start = perf_counter()
                desk.embedder.embed([question], kind="query")
                middle = perf_counter()
                body = json.dumps({"query": question, "k": 10})
                connection.request("POST", "/v1/search", body, {"Content-Type": "application/json"})
                hits = json.loads(connection.getresponse().read())["hits"]
                end = perf_counter()
                assert len(hits) == 10
                if turn:  # the first round warms files and caches
                    embedding.append(1000 * (middle - start))
                    searching.append(1000 * (end - middle))
        connection.close()
        server.should_exit = True
        thread.join()
        with desk.archive.store.read() as view:
            state = view.state._asdict()
    embed, search = spread(embedding), spread(searching)
    figures = {
        "archive": state,
        "articles_with_real_vectors": embedded,
        "embed_question_ms": embed,
        "search_over_http_ms": search,
        "ratio_p50": round(search["p50"] / embed["p50"], 2),
        "ratio_p95": round(search["p95"] / embed["p95"], 2),
    }
    save("retrieval", f"python -m bench.retrieval --articles {arguments.articles} --embed {embedded}", figures)


if __name__ == "__main__":
    main()
