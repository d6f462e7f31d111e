"""Feeds as files: what a program wrote, after the standards' own examples, and what feeds get wrong."""

from pathlib import Path
from time import thread_time

import pytest

from corpus import reading
from corpus.formats import Read
from corpus.formats import xml_roots as by_root
from corpus.types import Article, Rejected

DATA = Path(__file__).parents[1] / "data"
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
            id="https://post.example/2026/01/28/bridge",
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
            id="https://post.example/2026/01/27/fares",
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
        # Broken so that what a lenient parser makes of it is not what was written.
        (RSS.replace("ITEM", "<description>Q<b>A</description>"), "not well-formed XML: "),
        (f"Warning: no disk {RSS.replace('ITEM', '<description>Q&A</description>')}", "not well-formed XML: "),
        ('<!DOCTYPE rss [<!ENTITY a "b">]>' + RSS.replace("ITEM", "<title>Q&A &a;</title>"), "not well-formed XML: "),
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


def items(*contents: str) -> str:
    return RSS.replace("<item>ITEM</item>", "".join(f"<item>{content}</item>" for content in contents))


def ids(path: Path, content: str) -> list[str]:
    path.write_text(content)
    return [article(outcome).id for outcome in read(path)]


ASIDE = "<guid isPermaLink='false'>{0}</guid><link>{1}</link><title>{2}</title><description>It is {2}.</description>"
LIVE, OWN = "https://fjord.example/live", "https://fjord.example/a"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # Entries that share a page are told by their own ids.
        (
            items(*(ASIDE.format(number, LIVE, f"word {number}") for number in (71, 72, 73))),
            [f"{LIVE}#71", f"{LIVE}#72", f"{LIVE}#73"],
        ),
        # So is the one entry that a ticker shows, by turns, of the page that it is the feed of.
        (items(ASIDE.format(73, LIVE, "x")).replace("<title>Post", f"<link>{LIVE}/</link><title>Post"), [f"{LIVE}#73"]),
        # A page of its own has the address as its id, which a sitemap gives it as well.
        (items(ASIDE.format(1, OWN, "x"), ASIDE.format(2, f"{OWN}b", "y")), [OWN, f"{OWN}b"]),
        (items(ASIDE.format("urn:1", LIVE, "x"), ASIDE.format("urn:2", LIVE, "y")), ["urn:1", "urn:2"]),
        # What several entries have for an id is none.
        (items(ASIDE.format("urn:N/A", OWN, "x"), ASIDE.format("urn:N/A", f"{OWN}b", "y")), [OWN, f"{OWN}b"]),
        (
            items(ASIDE.format("0", OWN, "x"), ASIDE.format("0", LIVE, "y"), ASIDE.format("5", LIVE, "z")),
            [OWN, f"{LIVE}#7c5a", f"{LIVE}#5"],
        ),
        # The same entry twice.
        (items(ASIDE.format("urn:1", OWN, "x"), ASIDE.format("urn:1", OWN, "y")), [OWN, OWN]),
        (
            ATOM.replace(
                "<entry>ENTRY</entry>",
                f"<link href='{LIVE}'/>"
                + "".join(
                    f"<entry><id>{number}</id><link href='{LIVE}'/><content>Word {number}.</content></entry>"
                    for number in (1, 2)
                ),
            ),
            [f"{LIVE}#1", f"{LIVE}#2"],
        ),
    ],
)
def test_entries_that_share_a_page_are_articles_each(content: str, expected: list[str], tmp_path: Path) -> None:
    found = ids(tmp_path / "a.xml", content)
    assert [
        one if not other.endswith("#7c5a") else f"{LIVE}#7c5a" for one, other in zip(found, expected, strict=True)
    ] == (expected)
    assert ids(tmp_path / "a.xml", content) == found


def test_entries_of_one_page_without_ids_are_told_by_their_titles_and_times(tmp_path: Path) -> None:
    parts = [f"<link>{LIVE}</link><title>{hour}:00</title><description>Word.</description>" for hour in (9, 10, 11)]
    both, two = ids(tmp_path / "a.rss", items(*parts)), ids(tmp_path / "a.rss", items(*parts[1:]))
    assert len({*both}) == 3
    assert two == both[1:]


@pytest.mark.parametrize(
    ("broken", "mended", "said"),
    [
        ("Fish & chips, Q&A; R&D.", "Fish & chips, Q&A; R&D.", "ampersands that stand by themselves"),
        ("Ossum?a=1&b=2 is up.", "Ossum?a=1&b=2 is up.", "ampersands that stand by themselves"),
        ("The keeper&rsquo;s caf&eacute; &amp; inn.", "The keeper’s café & inn.", "names of HTML's characters"),
        ("Colder&nbsp;&mdash; 3 &lt; 4.", "Colder — 3 < 4.", "names of HTML's characters"),
        ("It was 3 < 4 and 5 <6 today.", "It was 3 < 4 and 5 <6 today.", "signs that begin no tag"),
        (
            "It\x0b is\x08 up&#11; today.",
            "It is up today.",
            "control characters, numbers of characters that there are not",
        ),
    ],
)
def test_a_feed_is_mended_where_one_thing_alone_can_be_meant(
    broken: str, mended: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.rss"
    whole = "<title>One</title><description><![CDATA[Tea & <b>milk</b> &rsquo; &amp;.]]></description>"
    date = "<pubDate>Wed, 28 Jan 2026 09:30:00 GMT</pubDate>"
    path.write_text(items(*[whole + date] * 30, f"<title>Two</title><description>{broken}</description>{date}"))
    *others, last = read(path)
    assert len(others) == 30
    assert article(others[0]).text == "Tea & milk ’ &."
    assert article(last).text == mended
    assert isinstance(last, Read)
    assert last.warnings == (f"the XML was not well-formed; mended: {said}", *SUMMARY)


@pytest.mark.parametrize("before", ["\n", "  \r\n\t", "\ufeff\n", "\n<!-- made by hand -->\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
def test_white_space_before_the_declaration(before: str, encoding: str, tmp_path: Path) -> None:
    if encoding != "utf-8" and "\ufeff" in before:
        return
    path = tmp_path / "a.rss"
    feed = f"<?xml version='1.0' encoding='{encoding}'?>" + items("<description>Мост открыт, сказал мэр.</description>")
    path.write_bytes((before + feed).encode(encoding))
    outcomes = read(path)
    if "<!--" in before:
        assert isinstance(outcomes[0], Rejected)
        return
    assert article(outcomes[0]).text == "Мост открыт, сказал мэр."
    assert isinstance(outcomes[0], Read)
    assert outcomes[0].warnings[0] == "the XML was not well-formed; mended: white space before its declaration"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("ISO-8859-1", "utf-8"),
        ("windows-1252", "utf-8"),
        ("us-ascii", "utf-8"),
        ("utf-8", "utf-8"),
        ("utf-8", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("x-no-such", "utf-8"),
    ],
)
def test_a_feed_that_is_wrong_about_its_encoding(declared: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    text = "“It won’t do – not for £40,” the café’s keeper said."
    feed = f"<?xml version='1.0' encoding='{declared}'?>{items(f'<description>{text}</description>')}"
    path.write_bytes(feed.encode(encoding))
    (found,) = read(path)
    assert article(found).text == text


def test_a_feed_of_several_encodings(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    feed = "<?xml version='1.0' encoding='utf-8'?>" + items(
        *(f"<description>The “keeper” of the café said so – {number}.</description>" for number in range(3)),
        "<description>The caf\ue000 is open.</description>",
    )
    path.write_bytes(feed.encode().replace("\ue000".encode(), b"\xe9"))
    found = read(path)
    assert [article(one).text for one in found[2:]] == ["The “keeper” of the café said so – 2.", "The café is open."]
    assert isinstance(found[0], Read)
    assert found[0].warnings[0].startswith("1 byte is not valid UTF-8, the first at byte ")


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("&lt;![CDATA[The mill burned.]]&gt;", "The mill burned."),
        ("&lt;![CDATA[&lt;p&gt;The mill burned.&lt;/p&gt;]]&gt;", "The mill burned."),
        ("\n &lt;![CDATA[The mill]]&gt;&lt;![CDATA[ burned.]]&gt; ", "The mill burned."),
        ("<![CDATA[<![CDATA[The mill burned.]]]]>&gt;", "The mill burned."),
        ("&amp;lt;p&amp;gt;The mill&amp;#8217;s fire.&amp;lt;/p&amp;gt;", "The mill’s fire."),
        (
            "<![CDATA[&lt;p&gt;The mill burned.&lt;/p&gt;&lt;p&gt;It is gone.&lt;/p&gt;]]>",
            "The mill burned.\n\nIt is gone.",
        ),
        # Words about tags are words.
        ("Write &amp;lt;p&amp;gt; before it and &amp;lt;/p&amp;gt; behind.", "Write <p> before it and </p> behind."),
    ],
)
@pytest.mark.parametrize("name", ["description", "content:encoded"])
def test_what_was_escaped_once_too_often(description: str, text: str, name: str, tmp_path: Path) -> None:
    feed = items(f"<{name}>{description}</{name}>").replace(
        "<rss>", "<rss xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    )
    assert article(one(tmp_path / "a.rss", feed)).text == text


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("&lt;p&gt;The mill &lt;b&gt;burned&lt;/b&gt; down.&lt;/p&gt;", "The mill burned down."),
        ("The mill burned.&lt;br/&gt;It is gone.", "The mill burned.\n\nIt is gone."),
        ("&lt;a href='x'&gt;The mill&lt;/a&gt; burned.", "The mill burned."),
        ("A tag such as &lt;p&gt; begins a paragraph.", "A tag such as <p> begins a paragraph."),
        ("It was 3 &lt; 4 &amp; 5 &gt; 4.", "It was 3 < 4 & 5 > 4."),
    ],
)
@pytest.mark.parametrize("name", ["summary", "content"])
def test_an_atom_text_without_a_type_that_is_html(summary: str, text: str, name: str, tmp_path: Path) -> None:
    entry = f"<id>u:1</id><updated>2026-01-28</updated><{name}>{summary}</{name}>"
    assert article(one(tmp_path / "a.atom", ATOM.replace("ENTRY", entry))).text == text
    # Where it is said to be text, it is.
    typed = one(tmp_path / "a.atom", ATOM.replace("ENTRY", entry.replace(f"<{name}>", f"<{name} type='text'>")))
    assert ("<" in article(typed).text) == ("&lt;" in summary)


def test_titles_without_tags_and_without_what_nobody_sees(tmp_path: Path) -> None:
    title = "<title>Rain &amp;amp; wind &lt;em&gt;hit&lt;/em&gt; the co\u200bast</title>"
    found = one(tmp_path / "a.rss", items(f"{title}<description>It rained on Thurs\u200bday.</description>"))
    assert (article(found).title, article(found).text) == ("Rain & wind hit the coast", "It rained on Thursday.")


@pytest.mark.parametrize(
    "date",
    [
        "<a:updated>2026-01-28T09:30:00Z</a:updated>",
        "<a:published>2026-01-28T09:30:00Z</a:published>",
        "<d:created>2026-01-28T09:30:00Z</d:created>",
    ],
)
def test_dates_of_other_vocabularies_in_rss(date: str, tmp_path: Path) -> None:
    feed = items(f"{date}<description>It rained.</description>").replace(
        "<rss>", "<rss xmlns:a='http://www.w3.org/2005/Atom' xmlns:d='http://purl.org/dc/terms/'>"
    )
    found = one(tmp_path / "a.rss", feed)
    assert article(found).published_at == "2026-01-28T09:30:00+00:00"
    assert isinstance(found, Read)
    assert found.warnings == SUMMARY


def test_an_entry_without_any_date_says_so_and_a_day_in_its_link_is_taken(tmp_path: Path) -> None:
    undated = one(tmp_path / "a.rss", items("<description>It rained.</description>"))
    assert isinstance(undated, Read)
    assert undated.warnings == (*SUMMARY, "no date is stated, so that questions limited to a period do not find it")
    link = "<link>https://fjord.example/2026/01/28/rain</link><description>It rained.</description>"
    dated = one(tmp_path / "a.rss", items(link))
    assert isinstance(dated, Read)
    assert dated.article.published_at == "2026-01-28"
    assert dated.warnings == (*SUMMARY, "no date is stated; 2026-01-28 was taken from its address")


def test_hostile_feeds_are_mended_or_refused_soon(tmp_path: Path) -> None:
    begun = thread_time()
    for part in (
        "&" * 300_000,
        "<![CDATA[" * 100_000,
        "<!--" * 100_000,
        "<? " * 100_000,
        "&#" * 200_000,
        " <" * 200_000,
    ):
        one(tmp_path / "a.rss", items(f"<description>It rained.{part}</description>"))
    assert thread_time() - begun < 10
