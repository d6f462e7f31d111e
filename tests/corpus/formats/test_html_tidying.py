"""What markup says of words: struck out, hidden, raised, laid out in tables."""

import json
from pathlib import Path
from time import thread_time

import pytest

from corpus import reading
from corpus.formats import Read, markdown
from corpus.formats.html.page import article_from_html, decode_page
from corpus.formats.html.tidying import raised_text

MORE = (
    "<p>The board of the Ossum lighthouse met in the old net loft on Thursday and went home late, its clerk wrote in "
    "the minutes of the evening.</p>"
)


def text_of(html: str) -> str:
    found = article_from_html(html, where="w", published_at="2025-04-17")
    assert isinstance(found, Read), found
    assert found.warnings == ()
    return found.article.text


def first_paragraph(html: str) -> str:
    """The first paragraph of a page and of a fragment, which are the same."""
    page = f"<html><head><title>Board</title></head><body><article><h1>Board</h1>{html}{MORE}</article></body></html>"
    found = text_of(page).split("\n\n")[0]
    assert text_of(f"{html}{MORE}").split("\n\n")[0] == found
    return found


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("sold <del>nine</del> <ins>four</ins> boats", "sold four boats"),
        ("sold <s>nine</s> four boats", "sold four boats"),
        ("sold <strike>nine</strike> four boats", "sold four boats"),
        ("sold <b><del><i>nine</i></del></b>four boats", "sold four boats"),
        ('sold <span style="color:red; text-decoration: line-through">nine</span> four boats', "sold four boats"),
        ("sold <span hidden>ninety</span>four boats", "sold four boats"),
        ('sold <span style="display: none">nine</span> four boats', "sold four boats"),
        ("sold <del datetime='2025-04-17'>nine boats, and three</del>four boats", "sold four boats"),
    ],
)
def test_what_is_struck_out_or_hidden_goes(marked: str, expected: str) -> None:
    sentence = "<p>The keepers {} to the harbour of Skarvik, the board said in a letter on Thursday.</p>"
    assert first_paragraph(sentence.format(marked)) == sentence[3:-4].format(expected)


def test_whole_paragraphs_that_are_struck_out_or_hidden_go() -> None:
    for gone in (
        "<del><p>Nine boats were sold.</p></del>",
        "<p hidden>Nine boats were sold.</p>",
        "<s>Nine boats.</s>",
    ):
        assert "Nine" not in text_of(f"<p>Four boats were sold on Thursday, the board said.</p>{gone}{MORE}")


def test_a_tag_that_was_never_closed_does_not_take_the_article_away() -> None:
    assert "went home late" in text_of(f"<div><s><div><p>{'Four boats were sold. ' * 40}</p>{MORE}</div></div>")


def test_what_is_struck_out_goes_in_other_forms_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"html": "<p>They sold <s>9</s> 4 boats for 40<sup>2</sup> crowns.</p>", "date": "2025"})
    )
    feed = tmp_path / "b.rss"
    feed.write_text(
        "<rss><channel><item><description>&lt;p>They sold &lt;del>9&lt;/del> 4 boats for 40&lt;sup>2&lt;/sup> crowns."
        "&lt;/p></description></item></channel></rss>"
    )
    agency = tmp_path / "c.xml"
    agency.write_text(
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="u:1"><contentSet><inlineXML>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>They sold <del>9</del> 4 boats for 40<sup>2</sup> crowns.'
        "</p></body></html></inlineXML></contentSet></newsItem>"
    )
    found = [one.article.text for one in reading.read([tmp_path]) if isinstance(one, Read)]
    assert found == ["They sold 4 boats for 40 crowns."] * 3


@pytest.mark.parametrize(
    "source",
    [
        "They sold ~~nine~~ four boats for 40<sup>2</sup> crowns.",
        "They sold <del>nine</del> four boats for 40<sup>[2](#fn2)</sup> crowns.",
        "They sold <s>*nine*</s> four boats for 40<sup><a href='#n'>2</a></sup> crowns.",
        "<p>They sold <strike>nine</strike> four boats for 40<sup>2</sup> crowns.</p>",
    ],
)
def test_what_is_struck_out_and_raised_in_markdown(source: str) -> None:
    found = markdown.read(source.encode(), article_id="a", where="w")
    assert isinstance(found, Read), found
    assert found.article.text == "They sold four boats for 40 crowns."


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # Marks of footnotes.
        ("40<sup>2</sup> keepers", "40 keepers"),
        ("1,200<sup>12</sup> keepers", "1,200 keepers"),
        ("in 1931<sup>3</sup>, when", "in 1931, when"),
        ("40<sup>[2]</sup> keepers", "40 keepers"),
        ("40<sup>2,3</sup> keepers", "40 keepers"),
        ("40<sup>b</sup> keepers", "40 keepers"),
        ("40<sup>*</sup> keepers", "40 keepers"),
        ('40<sup><a href="#fn2">2</a></sup> keepers', "40 keepers"),
        ('40<a href="#fn2"><sup>2</sup></a> keepers', "40 keepers"),
        ('10<sup><a href="#fn6">6</a></sup> keepers', "10 keepers"),
        ('10<sup class="footnote-ref">6</sup> keepers', "10 keepers"),
        ("10<sup>2</sup> keepers", "10 keepers"),
        ("the keepers<sup>iv</sup> left", "the keepers left"),
        ("cost $5m<sup>2</sup> in all", "cost $5m in all"),
        ("in the 1930s<sup>2</sup> and later", "in the 1930s and later"),
        ("40 per cent<sup>2</sup> of it", "40 per cent of it"),
        ("<b>40</b><sup>2</sup> keepers", "40 keepers"),
        ('40<span style="vertical-align: super; font-size: 8px">2</span> keepers', "40 keepers"),
        # Powers.
        ("40 m<sup>2</sup> of it", "40 m² of it"),
        ("40m<sup>2</sup> of it", "40m² of it"),
        ("90 km<sup>2</sup>, and", "90 km², and"),
        ("1.2 kg/m<sup>3</sup> of it", "1.2 kg/m³ of it"),
        ("9.8 m/s<sup>2</sup>, the", "9.8 m/s², the"),
        ("9.8 m s<sup>-2</sup>, the", "9.8 m s⁻², the"),
        ("30 in<sup>2</sup> of it", "30 in² of it"),
        ("10<sup>6</sup> of them", "10⁶ of them"),
        ("3 × 10<sup>2</sup> of them", "3 × 10² of them"),
        ("10<sup>-9</sup> of it", "10⁻⁹ of it"),
        ("2<sup>64</sup> grains", "2⁶⁴ grains"),
        ("E = mc<sup>2</sup> on it", "E = mc² on it"),
        ("as x<sup>2</sup> does", "as x² does"),
        ("with <sup>14</sup>C in it", "with ¹⁴C in it"),
        # Endings of ordinals and of words, fractions, signs.
        ("the 1<sup>st</sup> of them", "the 1st of them"),
        ("the 22<sup>ND</sup> of them", "the 22ND of them"),
        ("the 5<sup>th</sup>, and", "the 5th, and"),
        ("le 2<sup>e</sup> phare", "le 2e phare"),
        ("the M<sup>me</sup> of it", "the Mme of it"),
        ("1<sup>1</sup>/<sub>2</sub> years", "1 1/2 years"),
        ("1 <sup>3</sup>&frasl;<sub>4</sub> years", "1 3⁄4 years"),
        ("Lux<sup>TM</sup> lamps", "LuxTM lamps"),
        ("H<sub>2</sub>O in it", "H2O in it"),
    ],
)
def test_raised_characters_are_not_read_into_what_stands_before_them(marked: str, expected: str) -> None:
    sentence = "<p>The board wrote of {} and said no more, though the evening was long in Ossum.</p>"
    assert first_paragraph(sentence.format(marked)) == sentence[3:-4].format(expected)


@pytest.mark.parametrize("digits", ["1", "7", "23", "456"])
@pytest.mark.parametrize("before", ["40", "1,000", "3.5", "word", "of 7", "$12 million", "10"])
def test_no_figure_grows_by_a_raised_one(before: str, digits: str) -> None:
    for after in (" people", ".", ", and", ""):
        assert not raised_text(before, digits, after)[:1].isascii() or raised_text(before, digits, after) == ""
        assert raised_text(before, digits, after, note=True) == ""


def test_many_raised_and_struck_characters_take_no_time() -> None:
    begun = thread_time()
    text_of(f"<p>{'word<sup>2</sup><s>x</s>' * 5_000} end.</p>")
    text_of(f"<div>{'<s><b>' * 100}word{'</b></s>' * 100} and more of it.</div>{MORE}")
    assert thread_time() - begun < 10


@pytest.mark.parametrize(
    "layout",
    [
        f"<table><tr><td><h1>Board</h1>{MORE}</td><td><ul><li>Home</li></ul></td></tr></table>",
        f'<table role="presentation"><tr><td>{MORE}</td></tr></table>',
        f"<table><tbody><tr><td><table><tr><td><p>Four boats were sold on Thursday, it said.</p>{MORE}</td></tr>"
        "</table></td></tr></tbody></table>",
        f"<table><tr><td>Four boats were sold on Thursday, it said.</td></tr><tr><td>{MORE}</td></tr></table>",
    ],
)
def test_tables_that_lay_a_page_out_leave_no_trace(layout: str) -> None:
    for html in (layout, f"<html><head><title>Board</title></head><body>{layout}</body></html>"):
        text = text_of(html)
        assert "|" not in text
        assert MORE[3:-4] in text.split("\n\n")


def test_tables_of_data_keep_their_rows() -> None:
    table = "<table><tr><th>Port</th><th>Boats</th></tr><tr><td>Ossum</td><td>4</td></tr></table>"
    page = f"<html><head><title>Board</title></head><body><article><h1>Board</h1>{MORE}{table}</article></body></html>"
    assert text_of(page).split("\n\n")[1:] == ["| Port | Boats |", "| Ossum | 4 |"]


def test_characters_that_nobody_sees_are_taken_out_of_titles_and_texts() -> None:
    html = (
        "<html><head><title>Lamp\u200bs in Os\u00adsum</title></head><body><article><h1>Lamp\u200bs in Os\u00adsum</h1>"
    )
    found = article_from_html(
        f"{html}<p>The lamps went out on Thurs\u200bday.</p>{MORE}</article></body></html>", where="w"
    )
    assert isinstance(found, Read)
    assert (found.article.title, found.article.text.split("\n\n")[0]) == (
        "Lamps in Ossum",
        "The lamps went out on Thursday.",
    )
    # A text that is given as text is what it is.
    from corpus.formats.jsonl import article_from_record

    given = article_from_record({"text": "Thurs\u200bday"}, where="w")
    assert isinstance(given, Read)
    assert given.article.text == "Thurs\u200bday"


def test_a_page_with_a_few_bytes_that_are_wrong_is_read_and_it_is_said() -> None:
    good = f"<html><body><p>Čápi přiletěli do Řečice, řekl starosta. Žádný déšť.</p>{MORE}".encode()
    text, warnings = decode_page(good.replace("déšť".encode(), b"d\xe9\xb9t"))
    assert "řekl starosta. Žádný dé¹t." in text
    assert warnings == [
        "2 bytes are not valid UTF-8, the first at byte 73; read as cp1252, or as \ufffd where that can't be"
    ]
    # Half of a character is none.
    text, warnings = decode_page(good.replace("Řečice".encode(), "Řečic".encode() + b"\xc3"))
    assert "Řečic\ufffd, řekl" in text
    assert warnings[0].startswith("1 byte is not valid UTF-8, the first at byte ")
    text, _ = decode_page("<p>“One” – two’s, caf".encode() + b"\xe9 and \x93so\x94.</p>")
    assert text == "<p>“One” – two’s, café and “so”.</p>"


@pytest.mark.parametrize("length", [5_000, 100_000])
def test_an_encoding_that_is_declared_late_is_found(length: int) -> None:
    page = (
        f'<!-- {"saved " * (length // 6)}--><html><head><meta charset="iso-8859-2"></head><body><p>Žluťoučký kůň.</p>'
    )
    assert decode_page(page.encode("iso-8859-2")) == (page, [])


def test_an_encoding_that_xhtml_declares() -> None:
    page = '\n<?xml version="1.0" encoding="iso-8859-2"?><html><body><p>Žluťoučký kůň.</p></body></html>'
    assert decode_page(page.encode("iso-8859-2")) == (page, [])
