"""What asking costs while another process ingests, in one run.

    python -m bench.beside [--articles 2000] [--priority low]

A server over 2,000 real articles (``bench.windows``) is asked quiz questions about news at 30 % of the rate that it can
hold, first alone, then while ``citewire ingest`` puts others into its archive, then alone again. Requests start by the
clock, whatever the ones before have come to, and their time runs from when they should have started. A question comes
as another than before (a bar that differs in its last digits), so that no reply is remembered.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from bench.asking import news_gold
from bench.clients import phase
from bench.measuring import WORK, real_articles, save, spread
from bench.serving import asked, served
from bench.windows import fill
from corpus.formats import Read
from qa.engine import open_engine
from qa.settings import Settings

SHARE = 0.3
"""Of the rate that the server can hold."""
ALONE_S = 120.0
"""Seconds of asking without ingest, before and after."""

_bars = count(1)


def at_rate(port: int, questions: list[str], rate: float, going_on: Callable[[float], bool]) -> dict[str, Any]:
    """Ask so many times a second as long as it should go on, told the seconds since the start."""
    statuses: Counter[int] = Counter()
    start = perf_counter()

    def one(number: int) -> float:
        body = {"question": questions[number % len(questions)], "min_confidence": 0.15 + 1e-7 * next(_bars)}
        statuses[asked(HTTPConnection("127.0.0.1", port, timeout=120), "POST", "/v1/ask", body)] += 1
        return 1000 * (perf_counter() - start - number / rate)

    with ThreadPoolExecutor(64) as pool:
        laps = []
        for number in count():
            sleep(max(0.0, start + number / rate - perf_counter()))
            if not going_on(perf_counter() - start):
                break
            laps.append(pool.submit(one, number))
        return {"milliseconds": spread([lap.result() for lap in laps]), "statuses": dict(statuses)}


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--priority", choices=["low", "normal"], default="low")
    arguments = parser.parse_args()
    number = arguments.articles
    gold = news_gold(["2022", "2023"])
    questions = [one.question for one in gold[:300]]
    with TemporaryDirectory() as room:
        directory, file = Path(room) / "archive", Path(room) / "others.jsonl"
        with open_engine(Settings(archive=WORK / "beside"), create=True, load=False) as engine:
            fill(engine.archive, number)
        shutil.copytree(WORK / "beside", directory)
        records = (one.article for one in islice(real_articles(2 * number), number, None) if isinstance(one, Read))
        others = [{"id": one.id, "title": one.title, "text": one.text, "source": one.source} for one in records]
        file.write_text("\n".join(map(json.dumps, others)), "utf-8")
        with served(directory) as (_, port, _):
            phase(port, 1, 10, questions, -1)  # warms files and caches
            held = phase(port, 4, 40, questions, 0)["answers_a_second"]
            rate = SHARE * held
            before = at_rate(port, questions, rate, lambda passed: passed < ALONE_S)
            start = perf_counter()
            command = [sys.executable, "-m", "qa.cli", "ingest", "--archive", str(directory), str(file)]
            command += ["--priority", arguments.priority]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as ingest:
                beside = at_rate(port, questions, rate, lambda _: ingest.poll() is None)
                said = ingest.communicate()[0].strip()
            took = perf_counter() - start
            after = at_rate(port, questions, rate, lambda passed: passed < ALONE_S)
    alone = (before["milliseconds"]["p95"] + after["milliseconds"]["p95"]) / 2
    figures = {
        "answers_a_second_held": held,
        "asked_a_second": round(rate, 3),
        "before": before,
        "beside_ingest": beside,
        "after": after,
        "ingest": said,
        "ingest_s": round(took, 1),
        "p95_against_alone": round(beside["milliseconds"]["p95"] / alone, 2),
    }
    command_line = f"python -m bench.beside --articles {number} --priority {arguments.priority}"
    save("beside" if arguments.priority == "low" else f"beside_{arguments.priority}", command_line, figures)


if __name__ == "__main__":
    main()
