"""Dates in whole sentences: the tables have the phrase in brackets, the article's day and the days it means.

"-" in place of the days: no part of the phrase may be read. ``dates_unseen.tsv`` was written when the grammar stood.
"""

import csv
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from qa.language.dates import days

TABLES = [Path(__file__).with_name(name) for name in ("dates.tsv", "dates_unseen.tsv")]
LEADING = re.compile(
    r"(?:(?:on|in|by|at|to|of|since|from|until|till|during|before|after|for|between|the|of|over)\s)*", re.IGNORECASE
)
"""Words that a span may begin with beyond the phrase."""


class Row(NamedTuple):
    kind: str
    tense: str
    published: date
    meant: tuple[date, date] | None
    text: str
    start: int
    end: int


def rows() -> list[Row]:
    lines: list[dict[str, str]] = []
    for table in TABLES:
        with table.open(encoding="utf-8", newline="") as file:
            lines += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_row(line) for line in lines]


def _row(line: dict[str, str]) -> Row:
    before, phrase, behind = re.split(r"[\[\]]", line["sentence"])
    first, last = line["first"], line["last"]
    meant = None if first == "-" else (date.fromisoformat(first), date.fromisoformat(last))
    start = len(before)
    published = date.fromisoformat(line["published"])
    return Row(line["kind"], line["tense"], published, meant, before + phrase + behind, start, start + len(phrase))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.text)
def test_a_phrase_in_a_sentence_is_read_whole_or_not_at_all(row: Row) -> None:
    found = [one for one in days(row.text, row.published) if one.start < row.end and row.start < one.end]
    if row.meant is None:
        assert found == []
        return
    (one,) = found
    assert one[:2] == row.meant
    assert one.end == row.end
    assert row.start in range(one.start, one.end)
    assert LEADING.fullmatch(row.text[one.start : row.start])
