"""What deleting a thousand of ten thousand articles takes, all at once and one by one, and what compaction takes then.

    python -m bench.deleting

The archive of ten thousand real articles is that of ``bench.retrieval``; a copy of it is deleted from.
"""

import shutil
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.measuring import WORK, save, spread
from bench.windows import fill
from qa.engine import open_archive, open_engine
from qa.settings import Settings

ARTICLES, DELETED, SINGLY = 10_000, 1_000, 50


def main() -> None:
    """Measure, print and keep."""
    with open_engine(Settings(archive=WORK / "retrieval"), create=True) as engine:
        fill(engine.archive, ARTICLES)
    with tempfile.TemporaryDirectory() as room:
        copy = Path(room) / "archive"
        shutil.copytree(WORK / "retrieval", copy)
        with open_archive(Settings(archive=copy)) as archive:
            with archive.read() as snapshot:
                before = snapshot.view.state
                names = [one.id for one, _ in snapshot.view.page(limit=ARTICLES)]
            order = [names[row] for row in np.random.default_rng(0).permutation(len(names))]
            laps: list[float] = []
            for name in order[:SINGLY]:
                start = perf_counter()
                archive.delete(name)
                laps.append(1000 * (perf_counter() - start))
            start = perf_counter()
            deleted = archive.delete(*order[SINGLY : SINGLY + DELETED])
            together = perf_counter() - start
            start = perf_counter()
            with archive.read() as snapshot:
                after = snapshot.view.state
            caught_up = perf_counter() - start
            start = perf_counter()
            compacted = archive.compact()
            compaction = perf_counter() - start
    assert len(deleted) == DELETED
    assert after.articles == before.articles - SINGLY - DELETED
    figures = {
        "before": before._asdict(),
        "one_ms": spread(laps),
        "thousand_s": round(together, 2),
        "first_read_after_s": round(caught_up, 3),
        "compaction_s": round(compaction, 2) if compacted else None,
    }
    save("deleting", "python -m bench.deleting", figures)


if __name__ == "__main__":
    main()
