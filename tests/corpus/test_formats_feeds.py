"""Feeds as files: what a program wrote, after the standards' own examples, and what feeds get wrong."""

from pathlib import Path

import pytest

from corpus import reading
from corpus.formats import Read, by_root
from corpus.types import Article, Rejected

DATA = Path(__file__).parent / "data"
SUMMARY = ("the feed holds only a summary of it",)
RSS = "<rss><channel><title>Post</title><item>ITEM</item></channel></rss>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry>ENTRY</entry></feed>'


def read(path: Path) -> list[Read | Rejected]:
    return list(reading.read([path]))


def one(path: Path, content: str) -> Read | Rejected:
    path.write_text(content)
    (found,) = read(path)
    return found


def article(outcome: Read | Rejected) -> Article:
    assert isinstance(outcome, Read), outcome
    return outcome.article


@pytest.mark.parametrize("name", ["feedgen.rss", "feedgen.atom"])
def test_a_feed_that_a_program_wrote(name: str) -> None:
    path = DATA / name
    first, second = read(path)
    assert first == Read(
        Article(
            id="https://post.example/?p=41",
            title="Bridge ‘approved’ & paid",
            text="The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."
            "\n\n“It costs 12 million crowns,” she told reporters.",
            source="The Quill Post & Courier",
            url="https://post.example/2026/01/28/bridge",
            published_at="2026-01-28T09:30:00+01:00",
            authors=("Jane Doe",),
            language="en",
        ),
        f"{path}[1]",
    )
    assert second == Read(
        Article(
            id="tag:post.example,2026:fares",
            title="Ferry fares",
            text="A crossing costs 3.50 crowns from March.",
            source="The Quill Post & Courier",
            url="https://post.example/2026/01/27/fares",
            published_at="2026-01-27T18:00:00+00:00",
            # Atom: the feed's author is that of entries without one. RSS has no such rule.
            authors=("The desk",) if name.endswith("atom") else (),
            language="en",
        ),
        f"{path}[2]",
        SUMMARY,
    )
    assert by_root.count(path) == 2


def test_rss_1_has_its_items_beside_the_channel() -> None:
    assert read(DATA / "slash.rss") == [
        Read(
            Article(
                id="http://slash.example/1",
                title="Quill’s new bridge",
                text="The bridge opens in two years, AT&T said.",
                source="Slash & Dot",
                url="http://slash.example/1",
                published_at="2026-01-28T09:30:00+01:00",
                authors=("Jane Doe", "John Roe"),
                language="en",
            ),
            f"{DATA / 'slash.rss'}[1]",
            SUMMARY,
        )
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<guid>https://post.example/1</guid>", ("https://post.example/1", "https://post.example/1")),
        ("<guid isPermaLink='false'>https://post.example/?p=1</guid>", ("https://post.example/?p=1", None)),
        ("<guid isPermaLink='false'>1042</guid><link>https://post.example/1</link>", ("https://post.example/1",) * 2),
        ("<guid isPermaLink='false'>1042</guid>", ("1042", None)),
        ("<link>\n https://post.example/1 </link>", ("https://post.example/1",) * 2),
        # Another module's link is not the item's.
        ("<a:link xmlns:a='http://www.w3.org/2005/Atom' href='https://x.example'/><guid>u:1</guid>", ("u:1", None)),
        ("<link>javascript:alert(1)</link><guid>u:1</guid>", ("u:1", None)),
    ],
)
def test_what_identifies_an_item(item: str, expected: tuple[str, str | None], tmp_path: Path) -> None:
    found = article(one(tmp_path / "a.rss", RSS.replace("ITEM", f"{item}<description>Words.</description>")))
    assert (found.id, found.url) == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("jane@post.example (Jane Doe)", ("Jane Doe",)),
        ("Jane Doe", ("Jane Doe",)),
        ("jane@post.example", ()),
    ],
)
def test_an_author_of_rss_is_no_mailbox(author: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    item = f"<author>{author}</author><description>Words.</description>"
    assert article(one(tmp_path / "a.rss", RSS.replace("ITEM", item))).authors == expected


@pytest.mark.parametrize(
    ("content", "text", "warnings"),
    [
        (
            "<content type='html'>&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;</content>",
            "One & two.\n\nThree.",
            (),
        ),
        ("<content>3 &lt; 4 &amp; &lt;b>.\n\nFive.</content>", "3 < 4 & <b>.\n\nFive.", ()),
        (
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One <i>&amp;</i> two.</p>"
            "<p>Three.</p></div></content>",
            "One & two.\n\nThree.",
            (),
        ),
        ("<content src='https://x.example/1'/><summary>Short.</summary>", "Short.", SUMMARY),
        ("<content type='image/png'>aGk=</content><summary>Short.</summary>", "Short.", SUMMARY),
    ],
)
def test_the_kinds_of_text_in_atom(content: str, text: str, warnings: tuple[str, ...], tmp_path: Path) -> None:
    entry = f"<id>u:1</id><published>2026-01-28</published>{content}"
    found = one(tmp_path / "a.atom", ATOM.replace("ENTRY", entry))
    assert isinstance(found, Read), found
    assert (found.article.text, found.warnings) == (text, warnings)


def test_an_entry_by_itself_says_where_it_was_first(tmp_path: Path) -> None:
    entry = (
        '<entry xmlns="http://www.w3.org/2005/Atom" xml:base="https://post.example/2026/" xml:lang="de-AT"><id>u:1</id>'
        '<link rel="enclosure" href="a.mp3"/><link type="text/plain" href="a.txt"/><link href="bridge"/>'
        "<updated>2026-01-29</updated><content>Wort.</content>"
        "<source><title>First Post</title><author><name>Ann Poe</name></author></source></entry>"
    )
    found = article(one(tmp_path / "a.xml", entry))
    assert (found.url, found.source, found.authors) == ("https://post.example/2026/bridge", "First Post", ("Ann Poe",))
    assert (found.published_at, found.language) == ("2026-01-29", "de")


def test_a_date_that_is_not_sure_is_left_out_and_said(tmp_path: Path) -> None:
    item = "<pubDate>9/6/17</pubDate><description>Words.</description>"
    path = tmp_path / "a.rss"
    found = one(path, RSS.replace("ITEM", item))
    assert isinstance(found, Read)
    assert found.article.published_at is None
    assert found.warnings == (*SUMMARY, "its date '9/6/17' can't be read as one certain date; left out")
    (known,) = reading.read([path], date_order="dmy")
    assert article(known).published_at == "2017-06-09"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (RSS.replace("ITEM", "<title>Only this</title>"), "the entry holds no text, only a title or a link"),
        (RSS.replace("ITEM", "<description>&lt;img src='x'/&gt;</description>"), "the page holds no article text"),
        (RSS.replace("<item>ITEM</item>", ""), "the feed holds no entries"),
        # Broken as feeds are: what a lenient parser makes of it is not what was written.
        (RSS.replace("ITEM", "<description>Q&A</description>"), "not well-formed XML: "),
        (RSS.replace("ITEM", "<description>Caf&eacute;</description>"), "Entity 'eacute' not defined"),
        (RSS.replace("ITEM", "<description>One"), "not well-formed XML: "),
        ('<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + RSS.replace("ITEM", "<title>&a;</title>"), "&a;"),
        (RSS.replace("ITEM", f"<guid>u:{'x' * 600}</guid><description>Words.</description>"), "1 to 512 characters"),
    ],
)
def test_what_is_refused(document: str, expected: str, tmp_path: Path) -> None:
    found = one(tmp_path / "a.rss", document)
    assert isinstance(found, Rejected)
    assert expected in found.reason


def test_scripts_and_what_they_would_do_are_no_text(tmp_path: Path) -> None:
    page = "<![CDATA[<p onclick='x()'>The bridge opens.</p><script>steal()</script><iframe src='//x'></iframe>]]>"
    found = article(one(tmp_path / "a.rss", RSS.replace("ITEM", f"<description>{page}</description>")))
    assert found.text == "The bridge opens."
