"""Retrieval against embedding the question alone, in one run, over HTTP on loopback.

    python -m bench.retrieval [--articles 10000]

``POST /v1/search`` and the bare embedding of the same question take turns. The archive is kept under ``.bench`` and
filled once, with what ``bench.windows`` embedded.
"""

import argparse
import json
import threading
import time
from http.client import HTTPConnection
from time import perf_counter

import uvicorn

from bench.measuring import HERE, WORK, save, spread
from bench.windows import fill
from qa.engine import open_engine
from qa.evaluation.gold import read_gold
from qa.server.app import create_app
from qa.settings import Settings


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    questions = [one.question for name in ("gold", "seeds") for one in read_gold(HERE / f"{name}.jsonl")]
    embedding: list[float] = []
    searching: list[float] = []
    with open_engine(Settings(archive=WORK / "retrieval"), create=True) as engine:
        fill(engine.archive, arguments.articles)
        server = uvicorn.Server(uvicorn.Config(create_app(engine), port=0, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        connection = HTTPConnection("127.0.0.1", server.servers[0].sockets[0].getsockname()[1])
        for turn in range(arguments.rounds + 1):
            for question in questions:
                start = perf_counter()
                engine.embedder.embed([question], kind="query")
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
        with engine.archive.store.read() as view:
            state = view.state._asdict()
    embed, search = spread(embedding), spread(searching)
    figures = {
        "archive": state,
        "embed_question_ms": embed,
        "search_over_http_ms": search,
        "ratio_p50": round(search["p50"] / embed["p50"], 2),
        "ratio_p95": round(search["p95"] / embed["p95"], 2),
    }
    save("retrieval", f"python -m bench.retrieval --articles {arguments.articles}", figures)


if __name__ == "__main__":
    main()
