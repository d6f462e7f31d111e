"""Completes records with what their files don't say: what the user gave for all of them, and the date in their path."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.dates import FIRST_YEAR, date_in_url, parse_iso
from corpus.errors import ArticleError, FormatError
from corpus.formats import UNDATED, Read
from corpus.languages import language_code
from corpus.types import MAX_SOURCE, MAX_TITLE, Rejected, check_characters, day_of

MOST_WITH_TITLE = 1_000
"""Most records among which a title is given to the one that has none: they wait in memory until that is sure."""

# As outlets file their articles and mirrors keep them; "crawl-2024-03-01/" is when somebody fetched them.
_FOLDERS = re.compile(r"(?:^|/)[0-9]{4}/(?:[0-9]{1,2}|[A-Za-z]{3,9})/[0-9]{1,2}(?=/)")


@dataclass(frozen=True, slots=True)
class GivenFields:
    """What the user says of articles whose files don't: as ``Article`` has it, or None. Made by ``check``."""

    source: str | None = None
    published_at: str | None = None
    title: str | None = None
    language: str | None = None

    @classmethod
    def check(
        cls,
        *,
        source: str | None = None,
        published_at: str | None = None,
        title: str | None = None,
        language: str | None = None,
    ) -> "GivenFields":
        """Make them of what was typed. Raises FormatError, whose message begins with the field's name."""
        return cls(
            None if source is None else _name("source", source, MAX_SOURCE),
            None if published_at is None else _day(published_at),
            None if title is None else _name("title", title, MAX_TITLE),
            None if language is None else _language(language),
        )

    def __bool__(self) -> bool:
        """Whether any is given."""
        return self != GivenFields()


def complete(records: Iterable[Read | Rejected], given: GivenFields) -> Iterator[Read | Rejected]:
    """Give records what they lack: the given fields, and then the date in the path of a file that is one article.

    What a file says stays, a date in its dateline or address included. Raises FormatError before anything is given
    where a title is, and more than one article lacks it.
    """
    if given.title is not None:
        records = _sure_of_title(records)
    for record in records:
        yield record if isinstance(record, Rejected) else _completed(record, given)


def _completed(record: Read, given: GivenFields) -> Read:
    article, notes = record.article, record.warnings
    published_at = article.published_at or given.published_at
    if published_at is None and (published_at := _date_in_path(record.where)) is not None:
        notes = (*notes, f"no date is stated; {published_at} was taken from its path")
    if published_at is not None:
        notes = tuple(note for note in notes if note != UNDATED)
    # A language that was guessed from the words is not what the file says.
    guessed = given.language if given.language is not None and record.language_guessed else None
    completed = replace(
        article,
        source=article.source or given.source,
        published_at=published_at,
        title=article.title or given.title or "",
        language=guessed or article.language,
    )
    return replace(record, article=completed, warnings=notes, language_guessed=record.language_guessed and not guessed)


def _sure_of_title(records: Iterable[Read | Rejected]) -> list[Read | Rejected]:
    held: list[Read | Rejected] = []
    without: str | None = None
    for record in records:
        held.append(record)
        if isinstance(record, Read) and not record.article.title:
            if without is not None:
                raise FormatError(
                    f"a title is given for one article, but several have none ({without} and {record.where}): "
                    "nothing was added"
                )
            without = record.where
        if len(held) > MOST_WITH_TITLE:
            raise FormatError(
                f"a title is given for one article, but there are more than {MOST_WITH_TITLE:,}: nothing was added"
            )
    return held


def _date_in_path(where: str) -> str | None:
    """Read the date in the folders of a file that is one article, /2019/08/26/; records of others have none of it."""
    path = PurePosixPath(where)
    if "://" in where or re.search(r"(?::[0-9]+|\[[0-9]+\])$", path.name):
        return None
    folders = [match[0] for match in _FOLDERS.finditer(f"{path.parent}/")]
    # Of two dates neither is sure.
    return date_in_url(f"{folders[0]}/") if len(folders) == 1 else None


def _name(field: str, value: str, most: int) -> str:
    tidy = " ".join(value.split())
    if not tidy:
        raise FormatError(f"{field} is empty")
    if len(tidy) > most:
        raise FormatError(f"{field} has {len(tidy):,} characters, more than {most:,}")
    try:
        check_characters(field, tidy)
    except ArticleError as error:
        raise FormatError(f"{field} can't be kept: {error}") from None
    return tidy


def _day(value: str) -> str:
    day = parse_iso(value.strip())
    if day is None:
        raise FormatError(
            f"published {value[:40]!r} is not a date such as 2026-01-28, or a date-time with its zone such as "
            "2026-01-28T09:30:00+01:00"
        )
    if day_of(day).year < FIRST_YEAR:
        raise FormatError(f"published {value[:40]!r} is before {FIRST_YEAR}")
    return day


def _language(value: str) -> str:
    code = language_code(value)
    if code is None:
        raise FormatError(f"language {value[:40]!r} is not an ISO 639-1 code such as en, de or pt-BR")
    return code
