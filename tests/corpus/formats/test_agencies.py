"""What news agencies send: NewsML-G2 and NITF, after the standards' own examples; and XML that means harm."""

import tracemalloc
from pathlib import Path
from time import thread_time

import pytest

from corpus import reading
from corpus.formats import Read
from corpus.formats import xml_roots as by_root
from corpus.formats import xml_tree as tree
from corpus.types import Article, Rejected

DATA = Path(__file__).parents[1] / "data"
ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g"><itemMeta>META</itemMeta><contentSet>
<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>BODY</p></body></html></inlineXML></contentSet></newsItem>"""
NITF = "<nitf><head>HEAD</head><body><body.content><p>BODY</p></body.content></body></nitf>"


def read(path: Path) -> list[Read | Rejected]:
    return list(reading.read([path]))


def one(path: Path, content: str | bytes) -> Read | Rejected:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (found,) = read(path)
    return found


def article(outcome: Read | Rejected) -> Article:
    assert isinstance(outcome, Read), outcome
    return outcome.article


def reason(outcome: Read | Rejected) -> str:
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


def test_a_message_gives_its_items_and_why_others_are_none() -> None:
    path = DATA / "message.xml"
    assert read(path) == [
        Read(
            Article(
                id="urn:newsml:quillwire.example:20260128:bridge",
                title="Bridge at Lower Quill approved",
                text="LOWER QUILL (Quill Wire) - The council voted on Monday to build a new bridge across the river,"
                " the mayor said. Ferries go on.\n\n“It costs 12 million crowns,” she told reporters — no more.\n\n"
                "Work starts in May\n\nIt takes two summers",
                source="Quill Wire",
                published_at="2026-01-28T09:30:00+01:00",
                authors=("Jane Doe", "John Roe"),
                language="en",
            ),
            f"{path}[1]",
        ),
        Rejected(
            f"{path}[2]",
            "its provider has canceled it (pubStatus): delete urn:newsml:quillwire.example:20260127:fares if the"
            " archive has it",
        ),
        Rejected(f"{path}[3]", "it holds no text (picture); its content is kept elsewhere"),
        Rejected(f"{path}[4]", "a packageItem holds no news text"),
    ]
    assert by_root.count(path) == 3


def test_an_item_by_itself_with_nitf_inside() -> None:
    found = article(read(DATA / "item.xml")[0])
    assert (found.id, found.title, found.language) == ("tag:quillwire.example,2026:ferry", "Neue Fähre", "de")
    assert found.text == "Über den Fluß fährt eine neue Fähre.\n\nSie kostet 3 Kronen."
    assert (found.source, found.authors) == ("Quill Media: Bild und Wort", ("Ann Poe",))
    assert found.published_at == "2026-01-28T09:58:00+00:00"


def test_a_nitf_document_as_a_library_keeps_it() -> None:
    path = DATA / "story.nitf"
    assert read(path) == [
        Read(
            Article(
                id="1815847",
                title="Café by the Bridge Stays",
                text="LOWER QUILL, Jan. 28\n\nThe café stays where it is, the mayor said on Monday.\n\nThe cost\n\n"
                "It pays 1 1/2 crowns a day.",
                source="The Quill Post",
                url="https://post.example/2026/01/bridge",
                published_at="2026-01-28T09:30:00+01:00",
                authors=("JANE DOE",),
                language="en",
            ),
            str(path),
        )
    ]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ('<pubStatus qcode="stat:withheld"/>', "its pubStatus is withheld, not usable"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "delete g if the archive has it"),
        ("<embargoed>2999-01-01T00:00:00Z</embargoed>", "under embargo until 2999-01-01T00:00:00Z"),
        ("<embargoed>2999-01-01T00:00:00</embargoed>", "under embargo until 2999-01-01T00:00:00"),
        ("<embargoed>noon</embargoed>", "an embargo whose end, 'noon', can't be read"),
    ],
)
def test_an_item_that_must_not_be_used_is_refused(meta: str, expected: str, tmp_path: Path) -> None:
    assert expected in reason(one(tmp_path / "a.xml", ITEM.replace("META", meta)))


def test_the_last_version_in_a_message_counts(tmp_path: Path) -> None:
    def item(version: str, body: str, meta: str = "") -> str:
        return ITEM.replace('guid="g"', f'guid="g" {version}').replace("BODY", body).replace("META", meta)

    def told(*items: str) -> list[str]:
        path = tmp_path / "a.xml"
        held = "".join(items)
        path.write_text(
            f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{held}</itemSet></newsMessage>'
        )
        return [found.article.text if isinstance(found, Read) else found.reason for found in read(path)]

    old = "version 2 of g, of which the message holds version 10 too"
    assert told(item('version="10"', "New."), item('version="2"', "Old.")) == ["New.", old]
    # What was canceled does not come back in its earlier version.
    canceled = item('version="10"', "New.", '<pubStatus qcode="stat:canceled"/>')
    assert told(item('version="2"', "Old."), canceled)[0] == old


def test_an_item_of_plain_text(tmp_path: Path) -> None:
    content = '<inlineData contenttype="text/plain">One\n  two.\n \nThree &amp; four.</inlineData>'
    start, end = ITEM.index("<inlineXML>"), ITEM.index("</contentSet>")
    found = article(one(tmp_path / "a.xml", ITEM[:start].replace("META", "") + content + ITEM[end:]))
    assert (found.id, found.text, found.published_at) == ("g", "One two.\n\nThree & four.", None)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<docdata><date.issue norm="20260128"/></docdata>', "2026-01-28"),
        ('<docdata><date.issue norm="20260128T0930Z"/></docdata>', "2026-01-28T09:30:00+00:00"),
        ('<docdata><date.issue norm="soon"/></docdata><pubdata date.publication="20260127T000000"/>', "2026-01-27"),
        ('<docdata><date.issue norm="00010101"/></docdata>', None),
    ],
)
def test_where_nitf_says_its_date(head: str, expected: str | None, tmp_path: Path) -> None:
    assert article(one(tmp_path / "a.nitf", NITF.replace("HEAD", head))).published_at == expected


def test_nitf_that_must_not_be_used_or_has_no_text(tmp_path: Path) -> None:
    held = NITF.replace("HEAD", '<docdata management-status="Embargoed"/>')
    assert reason(one(tmp_path / "a.nitf", held)) == "its management-status is Embargoed"
    assert reason(one(tmp_path / "b.nitf", NITF.replace("BODY", ""))) == "the text is empty"


ENTITIES = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
BOMB = f'<!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (BOMB + NITF.replace("BODY", "&m;"), "Maximum entity amplification factor exceeded"),
        (BOMB + NITF.replace("BODY", '<a href="&m;">x</a>'), "Maximum entity amplification factor exceeded"),
        # Small enough to be resolved without harm: it is not resolved all the same.
        (
            BOMB + NITF.replace("BODY", "x &b; y"),
            "it uses the entity &b; of its own or of a DTD, which is not resolved",
        ),
        (
            f'<!DOCTYPE nitf [<!ENTITY a "{"a" * 100_000}">]>' + NITF.replace("BODY", "&a;" * 10_000),
            "Maximum entity amplification factor exceeded",
        ),
        ('<!DOCTYPE nitf [<!ENTITY a SYSTEM "SECRET">]>' + NITF.replace("BODY", "x &a; y"), "it uses the entity &a;"),
        (
            '<!DOCTYPE nitf [<!ENTITY a SYSTEM "SECRET">]>' + NITF.replace("BODY", '<a href="&a;">x</a>'),
            "Attribute references external entity 'a'",
        ),
        ('<!DOCTYPE nitf [<!ENTITY % a SYSTEM "SECRET"> %a;]>' + NITF.replace("BODY", "x &b; y"), "the entity &b;"),
        ("<p>" * 300 + "</p>" * 300, "Excessive depth in document"),
        (NITF.replace("BODY", "a" * 10_500_000), "Text node too long"),
        (NITF.replace("BODY", "<p/>" * 4_000_001), "more than 2,000,000 tags"),
        ("", "Document is empty"),
        ("\n" + NITF[:-3], "not well-formed XML: "),
        ('<?xml version="1.0" encoding="x-none"?>' + NITF, "Unsupported encoding: x-none"),
        (NITF.replace("BODY", "caf\xe9").encode("latin-1"), "Invalid bytes in character encoding"),
        (NITF.replace("BODY", "&#0;"), "not well-formed XML"),
        ("<catalog/>", "its root element 'catalog' is of no kind of news that can be read"),
        ('<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"/>', "the message holds no item"),
    ],
)
def test_broken_and_hostile_documents_are_refused_soon_and_small(
    document: str | bytes, expected: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    content = document.replace("SECRET", secret.as_uri()) if isinstance(document, str) else document
    start = thread_time()
    tracemalloc.start()
    found = reason(one(tmp_path / "a.xml", content))
    assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    tracemalloc.stop()
    assert thread_time() - start < 2
    assert expected in found
    assert "the secret" not in found


def test_what_a_document_includes_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    dtd = f'<!DOCTYPE nitf SYSTEM "{secret.as_uri()}">'
    found = article(one(tmp_path / "a.xml", dtd + NITF.replace("BODY", f"Before {include}after")))
    assert found.text == "Before\n\nafter"


def test_the_characters_that_html_names_stand_where_a_dtd_lets_them_pass() -> None:
    names = tree.parse(b'<!DOCTYPE x SYSTEM "x.dtd"><x>a&eacute;b<y/>&mdash;<y/>c&nbsp;&amp;&eacute;&egrave;</x>')
    assert "".join(names.itertext()) == "aéb—c\xa0&éè"
