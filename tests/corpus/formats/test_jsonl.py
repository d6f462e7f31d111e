import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import reading
from corpus.formats import Read, jsonl
from corpus.formats.jsonl import article_from_record
from corpus.types import Article, Rejected

STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."


def article(**record: Any) -> Article:
    outcome = article_from_record(record, where="x")
    assert isinstance(outcome, Read), outcome
    return outcome.article


def reason(outcome: Read | Rejected) -> str:
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_text_is_taken_verbatim(text: str) -> None:
    assert article(text=text).text == text


@pytest.mark.parametrize("name", ["text", "content", "body", "article", "maintext", "full_text", "articleBody"])
def test_names_for_the_text(name: str) -> None:
    assert article(**{name: f" {STORY}\r\n"}).text == f" {STORY}\r\n"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"id": 7}, "7"),
        ({"id": "", "_id": {"$oid": "5f"}}, "5f"),
        ({"guid": "g", "url": "https://a.example/1"}, "g"),
        ({"url": " https://a.example/1 "}, "https://a.example/1"),
        ({"title": "T"}, hashlib.sha256(f"T\n{STORY}".encode()).hexdigest()[:16]),
        (
            {"title": "T", "url": "https://a.example/" + 600 * "x"},
            hashlib.sha256(f"T\n{STORY}".encode()).hexdigest()[:16],
        ),
    ],
)
def test_what_identifies_a_record(record: dict[str, Any], expected: str) -> None:
    assert article(text=STORY, **record).id == expected


@pytest.mark.parametrize(
    "name",
    [
        *("published_at", "date", "published", "publish_date", "pub_date", "pubDate", "date_publish", "datePublished"),
        *("created_at", "timestamp", "publishedAt"),
    ],
)
def test_names_for_the_date(name: str) -> None:
    assert article(text=STORY, **{name: "January 28, 2026"}).published_at == "2026-01-28"


def test_an_ambiguous_date_is_read_by_the_url_or_the_stated_order() -> None:
    record = {"text": STORY, "date": "9/6/17"}
    assert article(**record, url="https://a.example/2017/09/06/x").published_at == "2017-09-06"
    assert article_from_record(record, where="x", order="dmy") == Read(
        Article(article(**record).id, "", STORY, published_at="2017-06-09", language="en"), "x"
    )


@pytest.mark.parametrize(
    ("value", "warnings"),
    [
        (None, ()),
        ("", ("date is empty",)),
        ("soon", ("date 'soon' can't be read as one certain date; left out",)),
        (1517156520, ("date '1517156520' can't be read as one certain date; left out",)),
    ],
)
def test_an_unreadable_date_is_none_with_a_warning(value: object, warnings: tuple[str, ...]) -> None:
    outcome = article_from_record({"text": STORY, "date": value}, where="x")
    assert isinstance(outcome, Read)
    assert (outcome.article.published_at, outcome.warnings) == (None, warnings)


def test_the_other_fields() -> None:
    found = article(
        text=STORY,
        headline="  Bridge\n approved ",
        publisher={"@type": "Organization", "name": "Quill  Post"},
        author=[{"name": "Jane Doe"}, " John Roe ", ""],
        link="https://a.example/1",
        lang="de-AT",
    )
    assert (found.title, found.source, found.authors) == ("Bridge approved", "Quill Post", ("Jane Doe", "John Roe"))
    assert (found.url, found.language) == ("https://a.example/1", "de")
    assert article(text=STORY, byline="Jane Doe", language="English").authors == ("Jane Doe",)
    assert article(text=STORY, language="English").language == "en"  # no code: detected
    assert article(text="😀 12", language=None).language is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/relative", "ftp://a.example/x", "https://", "http://[", "http://a b"]
)
def test_only_web_addresses_are_kept(url: str) -> None:
    outcome = article_from_record({"id": "1", "text": STORY, "url": url}, where="x")
    assert isinstance(outcome, Read)
    assert outcome.article.url is None
    assert outcome.warnings == (f"the url {url!r} is no http(s) address; left out",)


def test_odd_authors_and_sources_are_left_out_with_a_warning() -> None:
    outcome = article_from_record({"text": STORY, "authors": [3], "source": ["a"]}, where="x")
    assert isinstance(outcome, Read)
    assert (outcome.article.authors, outcome.article.source) == ((), None)
    assert outcome.warnings == (
        "the source is an array, not a name; left out",
        "the author is a number, not a name; left out",
    )


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "no text: one of text, content, "),
        ({"text": " \n"}, "'text' is empty"),
        ({"text": ["a", "b"]}, "'text' must be a string, not an array"),
        ({"text": STORY, "title": 5}, "'title' must be a string, not a number"),
        ({"text": STORY, "id": 1.5}, "'id' must be a string or an integer, not a number"),
        ({"text": STORY, "id": True}, "'id' must be a string or an integer, not true or false"),
        ({"text": STORY, "id": "x" * 513}, "1 to 512 characters; this one has 513"),
        ({"text": "a\0b"}, "holds a NUL character (at 1)"),
        ({"text": "a\ud800"}, "holds a lone surrogate (at 1)"),
    ],
)
def test_records_that_cannot_stand_say_why(record: dict[str, Any], expected: str) -> None:
    assert expected in reason(article_from_record(record, where="x"))


def test_html_in_a_record_is_cleaned_and_the_records_fields_go_before_the_pages() -> None:
    page = f"<p>{STORY}</p><p>Share this</p><p>Work starts in May.</p>"
    found = article(html=page, title="Given", date="2026-01-28", id=5)
    assert (found.id, found.title, found.published_at) == ("5", "Given", "2026-01-28")
    assert found.text == f"{STORY}\n\nWork starts in May."


def outcomes(path: Path) -> list[Read | Rejected]:
    return list(jsonl.read(path, where="f"))


def line(number: int) -> bytes:
    return json.dumps({"id": number, "text": f"{number}. {STORY}"}).encode() + b"\n"


def test_a_bad_line_never_ends_the_file(tmp_path: Path) -> None:
    bad = {
        2: (b'{"id": 2,\n', "not valid JSON"),
        3: (b"[1]\n", "must be a JSON object, not an array"),
        4: (b"[" * 100_000 + b"\n", "nested too deeply"),
        5: (b'{"id": 5, "text": "caf\xe9"}\n', "not valid UTF-8 at byte 22 of the line"),
        6: (b'{"id": 6, "text": "a\\u0000b"}\n', "NUL"),
        7: (b'{"id": 7, "text": "a\\ud800b"}\n', "surrogate"),
        8: (b'{"id": ' + b"9" * 5000 + b', "text": "a"}\n', "not readable JSON"),
        9: (b"null\n", "must be a JSON object, not null"),
    }
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join([line(1), *(content for content, _ in bad.values()), b"\n \n", line(12)[:-1]]))
    found = outcomes(path)
    assert [o.where for o in found] == [f"f:{n}" for n in (1, *bad, 12)]
    assert [o.article.id for o in found if isinstance(o, Read)] == ["1", "12"]
    for outcome, (_, expected) in zip(found[1:-1], bad.values(), strict=True):
        assert expected in reason(outcome)


def test_a_last_line_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(1) + line(2)[:40])
    assert "the line looks cut off" in reason(outcomes(path)[1])


def test_a_truncated_gz_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(b"".join(map(line, range(2000))))
    path.write_bytes(packed[: len(packed) // 2])
    *before, last = outcomes(path)
    assert [o.article.id for o in before if isinstance(o, Read)] == [str(n) for n in range(len(before))]
    assert len(before) > 500
    assert last.where == f"f:{len(before) + 1}"
    assert reason(last) == (
        f"the gz data ends too early: the file is truncated; the {len(before):,} lines before were read"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        (json.dumps({"id": "é", "text": "Zürich 東京"}, ensure_ascii=False) + "\r\n" + "{}").encode(encoding)
    )
    first, second = outcomes(path)
    assert isinstance(first, Read)
    assert (first.article.id, first.article.text) == ("é", "Zürich 東京")
    assert second.where == "f:2"


def test_utf16_that_breaks_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(('{"id": "1", "text": "one"}\n' * 2000).encode("utf-16") + b"a")
    *before, last = outcomes(path)
    assert len(before) > 1000
    assert "not valid UTF-16-LE" in reason(last)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_too_long_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 2**20)
    path = tmp_path / "a.jsonl"
    lines = '{"id": "1", "text": "one"}\n' + "x" * (5 * 2**20) + '\n{"id": "3", "text": "three"}\n' + "y" * 2**21
    path.write_bytes(lines.encode(encoding))
    first, second, third, fourth = outcomes(path)
    assert isinstance(first, Read)
    assert isinstance(third, Read)
    assert (third.article.id, third.where) == ("3", "f:3")
    assert reason(second) == reason(fourth) == "the line is longer than 1 MB, the most one record may have"


def test_json_files(tmp_path: Path) -> None:
    path = tmp_path / "a.json"

    def ids(content: str) -> list[tuple[str, str]]:
        path.write_text(content)
        found = jsonl.read_json(path, where="f")
        return [(o.where, o.article.id if isinstance(o, Read) else o.reason) for o in found]

    assert ids(json.dumps({"id": 1, "text": STORY}, indent=2)) == [("f", "1")]
    array = json.dumps([{"id": 1, "text": STORY}, 5, {"id": 3, "text": STORY}])
    assert ids(array) == [("f[1]", "1"), ("f[2]", "a record must be a JSON object, not a number"), ("f[3]", "3")]
    assert ids("[]") == []
    assert ids((line(1) + line(2)).decode()) == [("f:1", "1"), ("f:2", "2")]
    assert ids("{") == [
        ("f", "not valid JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)")
    ]
    assert ids("[" * 100_000) == [("f", "not readable JSON: nested too deeply")]


NEWS_API = {
    "source": {"id": None, "name": "Fjord Mail"},
    "author": "Brita Lunde",
    "title": "Lighthouse sold",
    "description": "A lighthouse was sold.",
    "url": "https://fjord.example/lighthouse",
    "publishedAt": "2025-04-17T08:00:00Z",
    "content": "The lighthouse at Ossum was sold for one crown, the board said in a letter that… [+2312 chars]",
}
ELASTIC = {"_index": "news", "_id": "https://fjord.example/lighthouse", "_source": NEWS_API}


@pytest.mark.parametrize(
    "reply",
    [
        {"status": "ok", "totalResults": 2, "articles": [NEWS_API, {"title": "Removed"}]},
        {"status": "success", "results": [NEWS_API, {"title": "Removed"}], "nextPage": "17"},
        {"pagination": {"total": 2}, "data": [NEWS_API, {"title": "Removed"}]},
        {"status": "OK", "response": {"docs": [NEWS_API, {"title": "Removed"}], "meta": {"hits": 2}}},
        {"took": 3, "hits": {"total": 2, "hits": [ELASTIC, {"title": "Removed"}]}},
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_services_reply_holds_records(reply: dict[str, object], name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(json.dumps(reply))
    at = f"{path}:1" if name.endswith("l") else f"{path}"
    first, second = reading.read([path])
    assert first == Read(
        Article(
            "https://fjord.example/lighthouse",
            "Lighthouse sold",
            str(NEWS_API["content"]),
            "Fjord Mail",
            "https://fjord.example/lighthouse",
            "2025-04-17T08:00:00+00:00",
            ("Brita Lunde",),
            "en",
        ),
        f"{at}[1]",
        ("only the beginning of its text was given: 2312 characters are missing",),
    )
    assert isinstance(second, Rejected)
    assert second.where == f"{at}[2]"
    assert jsonl.count(path) == (2 if name == "a.json" else 1)


def test_a_reply_without_articles_and_records_that_hold_lists(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"status": "ok", "totalResults": 0, "articles": []}')
    assert list(reading.read([path])) == [Rejected(str(path), "the reply holds no articles")]
    path.write_text('{"id": "1", "text": "It rained.", "articles": [{"text": "Another."}], "results": []}')
    assert [one.article.id for one in reading.read([path]) if isinstance(one, Read)] == ["1"]


@pytest.mark.parametrize(
    ("end", "missing"),
    [
        ("… [+2312 chars]", "2312"),
        ("... [+1,204 chars]\n", "1,204"),
        ("... [87 chars]", "87"),
        ("… [+1 characters]", "1"),
    ],
)
def test_a_text_that_its_service_cut_says_so_and_stays_as_it_is(end: str, missing: str) -> None:
    found = jsonl.article_from_record({"text": f"It rained in Ossum and{end}", "title": "Rain"}, where="w")
    assert isinstance(found, Read)
    assert found.article.text == f"It rained in Ossum and{end}"
    assert found.warnings == (f"only the beginning of its text was given: {missing} characters are missing",)


@pytest.mark.parametrize("text", ["It has [+20 chars] in it.", "It ends so…", "Wait [+2 more]"])
def test_a_text_that_was_not_cut(text: str) -> None:
    found = jsonl.article_from_record({"text": text}, where="w")
    assert isinstance(found, Read)
    assert found.warnings == ()


FUNDUS: dict[str, object] = {
    "title": "Lighthouse sold",
    "authors": ["Brita Lunde"],
    "publishing_date": "2025-04-17 08:00:00+00:00",
    "topics": ["Ossum"],
    "body": {
        "summary": ["The keeper pays one crown."],
        "sections": [
            {"headline": [], "paragraphs": ["It was sold on Thursday.", "The board agreed."]},
            {"headline": ["What now"], "paragraphs": ["She will paint it."]},
        ],
    },
}


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (
            {},
            "The keeper pays one crown.\n\nIt was sold on Thursday.\n\nThe board agreed.\n\nWhat now\n\n"
            "She will paint it.",
        ),
        ({"plaintext": "It was sold\u200b on Thursday.\n"}, "It was sold\u200b on Thursday.\n"),
    ],
)
def test_a_record_of_fundus(more: dict[str, object], text: str) -> None:
    page = {
        "requested_url": "https://fjord.example/r",
        "responded_url": "https://fjord.example/lighthouse",
        "content": "<html></html>",
        "source_info": {"publisher": "Fjord Mail"},
    }
    found = jsonl.article_from_record({**FUNDUS, **more, "html": page}, where="w")
    assert isinstance(found, Read), found
    assert found.article == Article(
        "https://fjord.example/lighthouse",
        "Lighthouse sold",
        text,
        "Fjord Mail",
        "https://fjord.example/lighthouse",
        "2025-04-17T08:00:00+00:00",
        ("Brita Lunde",),
        "en",
    )
    assert found.warnings == ()


def test_a_plain_text_beside_the_title_is_a_text() -> None:
    found = jsonl.article_from_record({"plaintext": "It rained.", "publishing_date": "2025-04-17"}, where="w")
    assert isinstance(found, Read)
    assert (found.article.text, found.article.published_at) == ("It rained.", "2025-04-17")


@pytest.mark.parametrize("body", [{}, {"text": "x"}, ["x"], 7])
def test_another_body_that_is_no_text_is_refused(body: object) -> None:
    found = jsonl.article_from_record({"title": "x", "body": body}, where="w")
    assert isinstance(found, Rejected)
    assert found.reason.startswith("'body' must be a string, not ")
