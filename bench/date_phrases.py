"""What reads dates in news best: Citewire's grammar and libraries, over the table of its tests.

    python -m bench.date_phrases [--python PYTHON]

PYTHON has the libraries of ``LIBRARIES``; without it the grammar alone is measured. The grammar gets the sentence. The
libraries get the phrase alone and, where they take one, the tense: more than an archive could tell them. A phrase is
right where the first and the last day are those of the table (or where nothing is read that must not be), wrong where
other days are given, silent where none are.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

TABLES = ("dates", "dates_unseen")
"""The grammar was mended by the first; the second was written afterwards."""
FOLDER = Path(__file__).parents[1] / "tests" / "qa" / "language"
LIBRARIES = {
    "dateparser": ["dateparser==1.5.0"],
    "recognizers": ["recognizers-text-suite==1.0.2a2", "emoji<1.5"],
    "parsedatetime": ["parsedatetime==2.6"],
    "timefhuman": ["timefhuman==0.1.5"],
    "ctparse": ["ctparse==0.3.6"],
    "datefinder": ["datefinder==1.0.0"],
}
"""What to install for each: ``recognizers`` does not import with a newer emoji."""
ROUNDS = 3
DAY = timedelta(days=1)

Run = tuple[date, date]


class Row(NamedTuple):
    """A phrase of the table: what it means, or None where it must not be read."""

    kind: str
    tense: str
    published: date
    meant: Run | None
    sentence: str
    phrase: tuple[int, int]


Reader = Callable[[Row], Run | None]


def rows(table: str) -> list[Row]:
    """The phrases of a table."""
    lines = [line.split("\t") for line in (FOLDER / f"{table}.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    return [_row(*line) for line in lines]


def _row(kind: str, tense: str, published: str, first: str, last: str, sentence: str) -> Row:
    before, phrase, behind = re.split(r"[\[\]]", sentence)
    meant = None if first == "-" else (date.fromisoformat(first), date.fromisoformat(last))
    place = (len(before), len(before) + len(phrase))
    return Row(kind, tense, date.fromisoformat(published), meant, before + phrase + behind, place)


def _words(row: Row) -> str:
    return row.sentence[slice(*row.phrase)]


def _noon(row: Row) -> datetime:
    return datetime.combine(row.published, time(12))


def citewire() -> Reader:
    """Our own grammar."""
    from qa.language.dates import _days, days  # the libraries' Python does not have it

    def read(row: Row) -> Run | None:
        _days.cache_clear()
        found = [
            one for one in days(row.sentence, row.published) if one.start < row.phrase[1] and row.phrase[0] < one.end
        ]
        return found[0][:2] if found else None

    return read


def dateparser() -> Reader:
    """The period that it names makes a run of days of a point of time."""
    library = import_module("dateparser.date")
    lengths = {"month": 1, "year": 12}

    def read(row: Row) -> Run | None:
        settings = {
            "RELATIVE_BASE": _noon(row),
            "PREFER_DATES_FROM": {"past": "past", "future": "future"}.get(row.tense, "current_period"),
            "PREFER_DAY_OF_MONTH": "first",
            "PREFER_MONTH_OF_YEAR": "first",
        }
        found = library.DateDataParser(languages=["en"], settings=settings).get_date_data(_words(row))
        if not found.date_obj:
            return None
        first = found.date_obj.date()
        if found.period == "week":
            first -= first.weekday() * DAY
            return first, first + 6 * DAY
        if count := lengths.get(found.period):
            first = first.replace(day=1) if count == 1 else first.replace(month=1, day=1)
            index = first.year * 12 + first.month - 1 + count
            return first, date(index // 12, index % 12 + 1, 1) - DAY
        return first, first

    return read


def recognizers() -> Reader:
    """Of several values the one that lies as the tense says."""
    library = import_module("recognizers_date_time")

    def read(row: Row) -> Run | None:
        for found in library.recognize_datetime(_words(row), library.Culture.English, reference=_noon(row)):
            runs = [run for value in (found.resolution or {}).get("values", []) if (run := _value(value))]
            if runs:
                return runs[0] if row.tense == "past" else runs[-1]
        return None

    def _value(value: dict[str, Any]) -> Run | None:
        if value["type"] in ("date", "datetime"):
            day = date.fromisoformat(value["value"][:10])
            return day, day
        if value["type"] in ("daterange", "datetimerange") and "start" in value and "end" in value:
            first, end = (date.fromisoformat(value[name][:10]) for name in ("start", "end"))
            # The end of a named range is the day after it, that of "3 to 5 April" the day itself.
            return first, end if value["timex"].startswith("(") else end - DAY
        return None

    return read


def parsedatetime() -> Reader:
    """Points of time only."""
    library = import_module("parsedatetime")
    calendar = library.Calendar(version=library.VERSION_CONTEXT_STYLE)

    def read(row: Row) -> Run | None:
        found = calendar.nlp(_words(row), _noon(row))
        return (found[0][0].date(), found[-1][0].date()) if found else None

    return read


def timefhuman() -> Reader:
    """It prefers the past or the future as it is told."""
    library = import_module("timefhuman")

    def read(row: Row) -> Run | None:
        side = library.Direction.previous if row.tense == "past" else library.Direction.next
        found = library.timefhuman(_words(row), library.tfhConfig(now=_noon(row), direction=side, infer_datetimes=True))
        one = found[0] if isinstance(found, list) and found else found
        if isinstance(one, tuple):
            return one[0].date(), one[1].date()
        return (one.date(), one.date()) if isinstance(one, datetime) else None

    return read


def ctparse() -> Reader:
    """It takes no tense."""
    library = import_module("ctparse")

    def read(row: Row) -> Run | None:
        found = library.ctparse(_words(row), ts=_noon(row), timeout=2)
        if found is None or found.resolution is None:
            return None
        first, last = found.resolution.start, found.resolution.end
        return (first.dt.date(), last.dt.date()) if first and last else None

    return read


def datefinder() -> Reader:
    """Points of time only."""
    library = import_module("datefinder")

    def read(row: Row) -> Run | None:
        found = [*library.find_dates(_words(row), base_date=_noon(row))]
        return (found[0].date(), found[-1].date()) if found else None

    return read


READERS: dict[str, Callable[[], Reader]] = {
    one.__name__: one for one in (citewire, dateparser, recognizers, parsedatetime, timefhuman, ctparse, datefinder)
}


def measure(name: str, table: str) -> dict[str, Any]:
    """How many phrases are right, wrong and silent, and the milliseconds for one."""
    read, phrases = READERS[name](), rows(table)
    counts: Counter[str] = Counter()
    for row in phrases:
        try:
            found = read(row)
        except Exception:  # a library that fails on a phrase is silent on it
            found = None
        counts["right" if found == row.meant else "wrong" if found else "silent"] += 1
    start = perf_counter()
    for row in phrases * ROUNDS:
        try:
            read(row)
        except Exception:
            continue
    spent = (perf_counter() - start) / (ROUNDS * len(phrases)) * 1_000
    return {
        "reader": name,
        "table": table,
        **{kind: counts[kind] for kind in ("right", "wrong", "silent")},
        "of": len(phrases),
        "ms": round(spent, 3),
    }


def main() -> None:
    """Measure the grammar, and every library that PYTHON has, each in its own process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="the interpreter of an environment with the libraries")
    parser.add_argument("--reader", choices=READERS, help="measure this one alone, in this process")
    arguments = parser.parse_args()
    if arguments.reader:
        with redirect_stdout(sys.stderr):  # ctparse says on it what it cannot read
            measured = [measure(arguments.reader, table) for table in TABLES]
        print(*map(json.dumps, measured), sep="\n")
        return
    for name in READERS:
        python = sys.executable if name == "citewire" else arguments.python
        if python:
            subprocess.run(
                [python, "-W", "ignore", "-m", "bench.date_phrases", "--reader", name],
                check=False,
                stderr=subprocess.DEVNULL,
            )


if __name__ == "__main__":
    main()
