"""What files don't say: given for all of them by the user, or standing in their path."""

from pathlib import Path

import pytest

from corpus.completing import MOST_WITH_TITLE, GivenFields, complete
from corpus.errors import FormatError
from corpus.formats import Read
from corpus.reading import read
from corpus.types import Article, Rejected

STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."
ALL = GivenFields.check(source=" Quill  Post ", published_at="2026-01-28", title="Bridge", language="de-AT")


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def completed(given: GivenFields, *paths: Path) -> list[Read | Rejected]:
    return [*complete(read(paths), given)]


def one(given: GivenFields, *paths: Path) -> Read:
    (found,) = completed(given, *paths)
    assert isinstance(found, Read), found
    return found


def test_what_a_file_lacks_is_given(tmp_path: Path) -> None:
    found = one(ALL, written(tmp_path / "a.txt", STORY)).article
    assert (found.source, found.published_at, found.title) == ("Quill Post", "2026-01-28", "Bridge")
    assert (found.id, found.language) == ("a.txt", "de")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", f"Ferry\xa0fares rise\n\nBy Jane Doe | January 2, 2020\n\n{STORY}\n\nSource: Lorn Gazette"),
        (
            "a.json",
            f'{{"title": "Ferry fares rise", "text": "{STORY}", "source": "Lorn Gazette", "date": "2020-01-02"}}',
        ),
        ("a.md", f"---\ntitle: Ferry fares rise\nsource: Lorn Gazette\ndate: 2020-01-02\nlanguage: fr\n---\n{STORY}"),
        ("a.csv", f'title,text,source,date\nFerry fares rise,"{STORY}",Lorn Gazette,2020-01-02\n'),
    ],
)
def test_what_a_file_says_stays(tmp_path: Path, name: str, text: str) -> None:
    given = GivenFields.check(source="Quill Post", published_at="2026-01-28", title="Bridge", language="fr")
    found = one(given, written(tmp_path / name, text)).article
    assert (found.title, found.source, found.published_at) == ("Ferry fares rise", "Lorn Gazette", "2020-01-02")
    assert found.language == "fr"  # stated by one; the other three state none


def test_a_date_in_the_dateline_goes_before_the_given_one(tmp_path: Path) -> None:
    found = one(ALL, written(tmp_path / "a.txt", f"OSSUM, 17 April 2025 (Fjord Wire) - {STORY}"))
    assert found.article.published_at == "2025-04-17"


def test_the_warning_about_a_missing_date_goes_with_it(tmp_path: Path) -> None:
    page = written(tmp_path / "a.html", f"<html><body><article><h1>Bridge</h1><p>{STORY}</p></article></body></html>")
    (bare,) = completed(GivenFields(), page)
    assert isinstance(bare, Read)
    assert [note for note in bare.warnings if "no date" in note]
    assert one(ALL, page).warnings == ()


def test_one_title_is_for_one_article(tmp_path: Path) -> None:
    written(tmp_path / "a.txt", STORY)
    written(tmp_path / "b.txt", f"Ferry fares rise\n\n{STORY}")
    assert [one.article.title for one in completed(ALL, tmp_path) if isinstance(one, Read)] == [
        "Bridge",
        "Ferry fares rise",
    ]
    written(tmp_path / "c.txt", STORY)
    with pytest.raises(FormatError, match=r"several have none \(.*a\.txt and .*c\.txt\): nothing was added"):
        next(complete(read([tmp_path]), ALL))
    without = GivenFields.check(source="Quill Post")
    assert {one.article.source for one in completed(without, tmp_path) if isinstance(one, Read)} == {"Quill Post"}


def test_a_title_among_very_many_articles_is_refused() -> None:
    many = (Read(Article(str(number), "T", "x"), "w") for number in range(10**9))
    with pytest.raises(FormatError, match=f"more than {MOST_WITH_TITLE:,}"):
        next(complete(many, ALL))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("published_at", "yesterday", "published 'yesterday' is not a date such as"),
        ("published_at", "2026-02-30", "published '2026-02-30' is not a date"),
        ("published_at", "28/01/2026", "is not a date"),
        ("published_at", "2026-01-28T10:00", "with its zone"),
        ("published_at", "", "is not a date"),
        ("published_at", "1599-12-31", "is before 1600"),
        ("language", "english", "language 'english' is not an ISO 639-1 code"),
        ("language", "xx", "is not an ISO 639-1 code"),
        ("language", "", "is not an ISO 639-1 code"),
        ("source", " ", "source is empty"),
        ("source", "x" * 1_001, "source has 1,001 characters, more than 1,000"),
        ("title", "a\0b", "NUL"),
        ("title", "\ud800", "lone surrogate"),
        ("title", "x" * 2_001, "title has 2,001 characters"),
    ],
)
def test_a_value_that_can_not_be_is_refused(field: str, value: str, said: str) -> None:
    with pytest.raises(FormatError) as error:
        GivenFields.check(**{field: value})
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("quill.example/2019/08/26/bridge", "2019-08-26"),
        ("2019/8/6", "2019-08-06"),
        ("news/2019/aug/26", "2019-08-26"),
        ("2019/08", None),
        ("2019/26/08", None),
        ("26/08/2019", None),
        ("crawl-2024-03-01", None),
        ("export/20240301", None),
        ("2019/02/30", None),
        ("2019/08/26/2019/08/27", None),
        ("2999/01/01", None),
    ],
)
def test_the_date_in_a_path_is_taken_where_no_other_is(tmp_path: Path, folder: str, expected: str | None) -> None:
    written(tmp_path / folder / "bridge.txt", STORY)
    found = one(GivenFields(), tmp_path)
    assert found.article.published_at == expected
    said = f"no date is stated; {expected} was taken from its path"
    assert found.warnings == ((said,) if expected else ())
    given = GivenFields.check(published_at="2020-02-02")
    assert one(given, tmp_path).article.published_at == "2020-02-02"


def test_the_path_of_a_file_of_many_records_dates_none(tmp_path: Path) -> None:
    written(tmp_path / "2019/08/26/a.jsonl", f'{{"title": "t", "text": "{STORY}"}}')
    assert one(GivenFields(), tmp_path).article.published_at is None
    stated = written(tmp_path / "2019/08/27/b.txt", f"Published 18 April 2020\n\n{STORY}")
    assert one(GivenFields(), stated).article.published_at == "2020-04-18"
