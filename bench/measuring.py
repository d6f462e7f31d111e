"""What every measurement needs: the machine, the time, medians, real texts, and where results go."""

import json
import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from corpus.formats import Read
from corpus.reading import read
from corpus.types import Rejected
from index.embedding import has_bfloat16

HERE = Path(__file__).parent
RESULTS = HERE / "results"
WORK = HERE.parent / ".bench"
"""Archives that are kept between runs: what is in one already is not embedded again."""
SHARED = HERE.parents[1] / "shared"
NEWS = SHARED / "data" / "news-articles-10k.jsonl.xz"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    packages = ("torch", "sentence-transformers", "faiss-cpu", "tantivy", "numpy")
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "bfloat16": has_bfloat16(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def real_articles(count: int) -> Iterator[Read | Rejected]:
    """The first ``count`` records of the real news, where they are to be had."""
    return islice(read([NEWS]), count)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and count of measured values, to three digits behind the point."""
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3),
        "n": len(ordered),
    }


def save(name: str, command: str, figures: dict[str, Any]) -> None:
    """Print figures, and keep them with the command and the machine that made them."""
    RESULTS.mkdir(exist_ok=True)
    content = {"command": command, "machine": machine(), **figures}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", "utf-8")
    print(f"{name}\n{text}", flush=True)
