"""Text, Markdown and HTML: formats that hold one article a file."""

from collections.abc import Callable

import pytest

from corpus.formats import Read, markdown, text
from corpus.formats.html import page as html
from corpus.formats.html.page import article_from_html
from corpus.types import Article, Rejected

STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."
MORE = "Work starts in May, when the river is low, and will take two summers."

PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bridge approved - Quill Post</title>
<meta property="og:title" content="Bridge approved"><meta property="og:site_name" content="Quill Post">
<meta name="author" content="Jane Doe"><link rel="canonical" href="https://quill.example/2026/01/28/bridge">
DATE</head><body><nav><a href="/">Home</a><a href="/x">News</a></nav><article><h1>Bridge approved</h1>
<p>{STORY}</p><h2>The cost of it</h2><p>{MORE}</p><ul><li>12 million crowns</li></ul><p>Share this article</p>
<p>Ferries go on until the bridge is open, a spokeswoman told reporters at the quay on the same day.</p>
</article><footer>© 2026 Quill Post</footer></body></html>"""


def article(outcome: Read | Rejected) -> Article:
    assert isinstance(outcome, Read), outcome
    return outcome.article


def reason(outcome: Read | Rejected) -> str:
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


def test_a_text_file_is_cleaned() -> None:
    raw = f"Bridge Approved\r\n\r\nBy Jane Doe | January 28, 2026\r\n\r\n{STORY}\r\n\r\nShare\r\n\r\nQuill.Az"
    assert text.read(raw.encode(), article_id="a.txt", where="w") == Read(
        Article("a.txt", "Bridge Approved", STORY, "Quill.Az", None, "2026-01-28", ("Jane Doe",), "en"), "w"
    )


def test_a_text_file_in_an_old_encoding_says_what_was_assumed() -> None:
    outcome = text.read("caf\xe9".encode("cp1252"), article_id="a.txt", where="w")
    assert (article(outcome).text, article(outcome).language) == ("café", None)
    assert isinstance(outcome, Read)
    assert outcome.warnings == ("the file is not UTF-8; it was read as cp1252",)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"a\0b", "binary"),
        ("é".encode() + b"\xc3", "byte 2"),
        (b"x" * 20_000_001, "20,000,001 characters, more than the 20,000,000"),
    ],
)
def test_text_files_that_are_refused(data: bytes, expected: str) -> None:
    assert expected in reason(text.read(data, article_id="a", where="w"))


def test_a_markdown_file_with_front_matter() -> None:
    raw = f"""---
title: "Bridge: approved"
date: 2026-01-28
authors: [Jane Doe, 'John Roe']
source: Quill Post
url: https://quill.example/bridge
nonsense
---

{STORY[:50]}
{STORY[50:]}

## The *cost*

- 12 **million** [crowns](https://x.example)
- ![a picture](x.png)

> {MORE}

```
a = 1
```

| year | cost |
|------|------|
| 2026 | 5    |

By <b>hand</b>
"""
    found = article(markdown.read(raw.encode(), article_id="a.md", where="w"))
    # A line break inside a Markdown paragraph is a space, also where one stood before.
    story = " ".join(f"{STORY[:50]} {STORY[50:]}".split())
    assert found.text.split("\n\n") == [
        *(story, "The cost", "12 million crowns", MORE, "a = 1", "year", "cost", "2026", "5", "By hand")
    ]
    assert (found.id, found.title, found.published_at) == ("a.md", "Bridge: approved", "2026-01-28")
    assert (found.authors, found.source, found.url) == (
        ("Jane Doe", "John Roe"),
        "Quill Post",
        "https://quill.example/bridge",
    )


def test_a_markdown_heading_is_the_title_and_front_matter_goes_before_the_pages_lines() -> None:
    raw = f"---\ndate: 2026-01-27\n---\n# Bridge *approved*\n\nBy Jane Doe | January 28, 2026\n\n{STORY}\n"
    found = article(markdown.read(raw.encode(), article_id="a.md", where="w"))
    assert (found.title, found.text, found.authors) == ("Bridge approved", STORY, ("Jane Doe",))
    assert found.published_at == "2026-01-27"


def test_markdown_without_front_matter_and_with_a_rule() -> None:
    found = article(markdown.read(f"{STORY}\n\n---\n\n{MORE}".encode(), article_id="a.md", where="w"))
    assert (found.title, found.text) == ("", f"{STORY}\n\n{MORE}")
    assert reason(markdown.read(b"---\ntitle: x\n---\n", article_id="a", where="w")) == "the file is empty"


def test_a_page_gives_its_article_and_what_it_says_about_it() -> None:
    meta = '<meta property="article:published_time" content="2026-01-28T09:30:00+01:00">'
    found = article(html.read(PAGE.replace("DATE", meta).encode(), article_id="a.html", where="w"))
    assert found.text.split("\n\n") == [
        STORY,
        "The cost of it",
        MORE,
        "12 million crowns",
        "Ferries go on until the bridge is open, a spokeswoman told reporters at the quay on the same day.",
    ]
    assert (found.id, found.title, found.source) == ("a.html", "Bridge approved", "Quill Post")
    assert (found.url, found.authors) == ("https://quill.example/2026/01/28/bridge", ("Jane Doe",))
    assert (found.published_at, found.language) == ("2026-01-28T09:30:00+01:00", "en")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ('<script type="application/ld+json">{"@graph": [{"datePublished": "2026-01-27"}]}</script>', "2026-01-27"),
        ('<script type="application/ld+json">{"datePublished": </script>', "2026-01-28"),
        ('<meta name="pubdate" content="27 Jan 2026">', "2026-01-27"),
        ('<meta name="date" content="1/2/2026">', "2026-01-28"),  # ambiguous: the URL's day instead
        ('<meta itemprop="datePublished" content="0001-01-01">', "2026-01-28"),
    ],
)
def test_where_a_page_says_its_date(stated: str, expected: str) -> None:
    assert article(article_from_html(PAGE.replace("DATE", stated), where="w")).published_at == expected


def test_given_fields_go_before_the_pages() -> None:
    given = {"article_id": "7", "title": "T", "source": "S", "url": "https://s.example/1", "published_at": "2020-01-01"}
    found = article(article_from_html(PAGE, where="w", authors=("A",), language="de", **given))  # type: ignore[arg-type]
    assert (found.id, found.title, found.source, found.url) == ("7", "T", "S", "https://s.example/1")
    assert (found.published_at, found.authors, found.language) == ("2020-01-01", ("A",), "de")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article text"),
        ("<html><body><script>x = 'A long sentence stands here.'</script></body></html>", "no article text"),
        (" ", "empty"),
        ("<time datetime='2020-01-01'></time><script>x</script><html><!--", "no article text"),
    ],
)
def test_pages_without_an_article(page: str, expected: str) -> None:
    assert expected in reason(article_from_html(page, where="w"))


def test_a_page_that_breaks_the_extractor_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    assert reason(article_from_html(PAGE, where="w")) == "the page can't be parsed as HTML (AssertionError)"


def test_a_fragment_is_an_article() -> None:
    assert article(article_from_html("<p>One.</p><p>3 &lt; 4\0</p>", where="w")).text == "One.\n\n3 < 4"


def test_a_page_declares_its_encoding() -> None:
    page = PAGE.replace("utf-8", "iso-8859-2").replace("Lower Quill", "Dolní Brk, Řečice").replace("©", "")
    assert "Dolní Brk, Řečice" in article(html.read(page.encode("iso-8859-2"), article_id="a", where="w")).text
    assert "Dolní Brk, Řečice" in article(html.read(page.encode(), article_id="a", where="w")).text


@pytest.mark.parametrize("read", [text.read, markdown.read])
def test_a_dateline_gives_the_day_that_nothing_else_does(read: Callable[..., Read | Rejected]) -> None:
    raw = f"OSSUM, 17 April 2025 (Fjord Wire) - {STORY}"
    outcome = read(raw.encode(), article_id="a", where="w")
    assert (article(outcome).published_at, article(outcome).text) == ("2025-04-17", raw)
    assert isinstance(outcome, Read)
    assert outcome.warnings == ("no date is stated; 2025-04-17 was taken from its dateline",)
    stated = read(f"Published 18 April 2025\n\n{raw}".encode(), article_id="a", where="w")
    assert isinstance(stated, Read)
    assert (stated.article.published_at, stated.warnings) == ("2025-04-18", ())


def test_an_address_in_front_matter_gives_the_day_that_nothing_else_does() -> None:
    raw = f"---\nurl: https://fjord.example/2025/04/17/board\n---\n{STORY}"
    outcome = markdown.read(raw.encode(), article_id="a", where="w")
    assert article(outcome).published_at == "2025-04-17"
    assert isinstance(outcome, Read)
    assert outcome.warnings == ("no date is stated; 2025-04-17 was taken from its address",)
