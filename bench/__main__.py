"""Every measurement, one after the other: ``make bench``. Those that need real texts are left out where there are none.

    python -m bench [--quick]

The whole takes hours the first time on two cores, most of it embedding 10,000 articles; ``--quick`` some minutes.
"""

import argparse
import subprocess
import sys

from bench.measuring import NEWS


def main() -> None:
    """Run each measurement in a process of its own, so that none warms another's caches."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer articles")
    quick = parser.parse_args().quick
    real = NEWS.is_file()
    runs = [
        ["bench.coldstart"],
        ["bench.quality", "--buried", "0" if quick or not real else "2000"],
        ["bench.evidence"],
    ]
    if real:
        runs.append(["bench.origins", "--articles", "500" if quick else "10000"])
        runs.append(["bench.reading", "--questions", "300" if quick else "3000"])
        runs.append(["bench.ingest", "--articles", "100" if quick else "1000", "--block", "20" if quick else "100"])
        runs += [[name, "--articles", "200" if quick else "10000"] for name in ("bench.retrieval", "bench.answering")]
        if not quick:
            runs += [["bench.calibrating", "ask", one] for one in ("past", "held", "small", "sample", "news", "squad")]
            runs += [["bench.calibrating", "fit"], ["bench.calibrating", "measure"], ["bench.dated"]]
            runs += [["bench.kinds"], ["bench.clients"], ["bench.million"], ["bench.deleting"]]
            runs += [["bench.stages"], ["bench.page"]]
            runs += [[f"bench.{one}", name] for name in ("squad", "news") for one in ("fusing", "asking")]
            runs += [["bench.plots"]]
    for run in runs:
        subprocess.run([sys.executable, "-m", *run], check=True)


if __name__ == "__main__":
    main()
