"""Full answers a second that one client gets, and several at once, over HTTP on loopback.

    python -m bench.clients [--clients 1 2 4 8] [--seconds 30]

A server of its own answers the sample's and the squad archive's questions; each is asked once in each phase, as another
question than before (a bar that differs in its last digits), so that no reply is remembered.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count
from time import perf_counter
from typing import Any

from bench.asking import archive_of, squad_gold
from bench.measuring import WORK, save, spread
from bench.serving import asked, served


def phase(port: int, clients: int, seconds: float, questions: Sequence[str], turn: int) -> dict[str, Any]:
    """So many clients asking one question after the other for so long."""
    numbers = count()
    end = perf_counter() + seconds

    def client(_: int) -> list[float]:
        connection, laps = HTTPConnection("127.0.0.1", port, timeout=120), []
        while (start := perf_counter()) < end:
            number = next(numbers)
            bar = 0.15 + 1e-6 * (1 + turn) + 1e-4 * (number // len(questions))
            body = {"question": questions[number % len(questions)], "min_confidence": bar}
            if asked(connection, "POST", "/v1/ask", body) != 200:
                raise RuntimeError("an answer failed")
            laps.append(1000 * (perf_counter() - start))
        return laps

    start = perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        laps = [lap for found in pool.map(client, range(clients)) for lap in found]
    return {"answers_a_second": round(len(laps) / (perf_counter() - start), 3), "milliseconds": spread(laps)}


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    with archive_of("squad"):
        questions = [one.question for one in squad_gold("dev")[::40]]
    with served(WORK / "squad-open") as (_, port, _):
        phase(port, 1, 5, questions, -1)  # warms files and caches
        # Up and down again: a machine that drifts is fair to all.
        turns = [*arguments.clients, *reversed(arguments.clients)]
        phases = [
            (clients, phase(port, clients, arguments.seconds, questions, turn)) for turn, clients in enumerate(turns)
        ]
    rates = {clients: [one["answers_a_second"] for n, one in phases if n == clients] for clients in arguments.clients}
    alone = sum(rates[arguments.clients[0]])
    figures = {
        "phases": [{"clients": clients, **one} for clients, one in phases],
        "throughput_against_one_client": {clients: round(sum(found) / alone, 3) for clients, found in rates.items()},
    }
    save("clients", f"python -m bench.clients --seconds {arguments.seconds:g}", figures)


if __name__ == "__main__":
    main()
