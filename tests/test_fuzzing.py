"""Files and texts that nobody would write, into every reader and into what reads figures, days and names.

A reader gives articles or says why not, and nothing takes long. ``CITEWIRE_TEST_FUZZ`` is the number of examples for
each.
"""

import bz2
import gzip
import json
import lzma
import os
import random
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.chunking import chunk
from corpus.dates import find_dates, parse_date
from corpus.errors import ArticleError
from corpus.formats import Read
from corpus.reading import read
from corpus.sentences import sentences
from corpus.types import Rejected
from qa.answering.normalization import expected_answer, interpret
from qa.language.dates import days, relative
from qa.language.names import normal, standing
from qa.language.quantity_extraction import quantities
from tests.conftest import SAMPLE
from tests.fakes import BagEmbedder

FILES = Path(__file__).parent / "corpus" / "data"
EXAMPLES = int(os.environ.get("CITEWIRE_TEST_FUZZ", "25"))
SECONDS = 2.0
"""The longest that a text of some thousand characters may take. What grows with its square takes minutes."""

fuzzed = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

HTML = """<!DOCTYPE html>|<html|>|</html>|<p>|</p>|<div|<article>|<script>|</script|<!--|-->|<![CDATA[|]]>|<meta |
property="article:published_time"|content="2026-01-28T10:00:00+08:00"|&#x1F9D3;|&amp|&#0;|&#xD800;|<title>|
</title>|<time datetime=|<a href="javascript:alert(1)">|{"@type": "NewsArticle", "datePublished": |charset=utf-16|<br
"""
MARKDOWN = """---|title: |date: 2026-13-45|&a|*a|!!python/object:x|[x](y|```|> |# |***|__|~~~|<b>|- [ ]|:--|[^1]|&copy;|
http://x|1. |{{|}}|authors: [|a: &x [*x, *x]|![|](|#|=====|<!--"""
TABLE = """text,title|text;title|"|""|","|",|;|,|,,|id|date|authors|'|\\|"a "b" c"|=1+1|a,b|é|\x85"""
XML = """<nitf>|<item>|</item>|<entry>|<content type="xhtml">|<description>|<link>|<guid>1|</guid>|
<pubDate>9/6/17|</nitf>|<newsItem>|<body>|</body>|<body.content>|<p>|</p>|<p/>|<br/>|<frac>1</frac>|&amp;|&lt;|&eacute;|
&x;|&#65;|&#0;|<![CDATA[|]]>|<!--|-->|<?pi x?>|<!DOCTYPE nitf SYSTEM "x">|<!ENTITY x "y">|<html>|<inlineXML>|<docdata>|
<date.issue norm="20260128T093000Z"/>|<doc-id id-string="7"/>|<pubStatus qcode="stat:canceled"/>|xmlns="x"|
<dateline>|</dateline>|<location>|</location>|<byline>|</byline>|and|By |;|xml:lang="en"|<block class="full_text">"""
FIGURES = """1|12|400,000|1,2,3|1.5|.5|½|¼|١٢|１２|²|0|00|-|−|–|+|±|to|between|and|from|up to|more than|about|nearly|a|
an|half|dozen|hundred|thousand|million|bn|trillion|m|k|$|€|£|¥|US$|per cent|%|percentage points|bps|°C|km|km/h|kg|
people|chips|times|-fold|th|st|twenty|-one|point|zero|no|none|(|)|,|.|/|x|e|e9|^|:|;|"|’s|in|of|the|each|a year|per"""
DAYS = """Monday|Wed.|yesterday|today|tomorrow|last|next|this|week|month|year|Jan|January|Sept.|28|31|30|2026|'26|
1999|9999|0000|10 a.m.|noon|UTC|+08:00|Z|T|-|/|.|,|of|the|since|until|between|and|ago|earlier|later|days|two|Q1|H2|
spring|Christmas Eve|Feb. 29|29 February|decade|1990s|century|fiscal|weekend|from|to|th|st"""
NAMES = """Mr.|Dr|Jensen|Huang|O’Neill|van|der|de la|U.S.|US|Inc.|Corp|&|'s|and|,|-|McDonald|IBM|AT&T|İstanbul|ß|ﬁ|Æ|é|
e\u0301|王|李|Al-|bin|Jr.|III|Sir|the|The|of|University|Ministry|\u202e|\u200d|👩|🏽|.|!"""
ODD = ["\x00", "\ufeff", "\u2028", "\u0085", "\x1b[31m", "\u202e", "\ud83e", "🦓", "\r", "\n\n", "\t", "\xa0", "\u200b"]

SAMPLE_LINES = SAMPLE.read_text("utf-8").splitlines()


def pieces(*fragments: str, most: int = 60) -> st.SearchStrategy[str]:
    """Texts put together of fragments, set apart by bars, and odd characters, with spaces and without."""
    one = st.sampled_from([part for written in fragments for part in written.replace("\n", "").split("|")] + ODD)
    return st.tuples(st.lists(one, max_size=most), st.sampled_from(["", " ", "  ", "\n"])).map(
        lambda drawn: drawn[1].join(drawn[0])
    )


def repeated(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some of them many times over: what takes long for one of them takes very long then."""
    return st.tuples(text, st.sampled_from([1, 1, 1, 50, 500])).map(lambda drawn: (drawn[0] * drawn[1])[:4_000])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The sample's articles in some format, damaged."""
    lines = draw(st.lists(st.sampled_from(SAMPLE_LINES), min_size=1, max_size=3))
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "latin-1", "cp1252"]))
    return damage("\n".join(lines).encode(encoding, "replace"), draw(st.integers(0, 2**32)), draw(st.integers(0, 8)))


def damage(whole: bytes, seed: int, times: int) -> bytes:
    """Flip bytes, cut some out, double some, put some in."""
    data = bytearray(whole)
    rng = random.Random(seed)
    for _ in range(times):
        start, length = rng.randrange(len(data)), rng.choice([1, 1, 4, 64, 1_000])
        what = rng.randrange(4)
        if what == 0:
            data[start] ^= 1 << rng.randrange(8)
        elif what == 1 and len(data) > length + 1:
            del data[start : start + length]
        elif what == 2:
            data[start:start] = data[start : start + length] * rng.choice([1, 2, 30])
        else:
            data[start:start] = rng.choice([b"\0", b"\xff\xfe", b'"', b"\\u", b"{", b"]", b"<", b"&", b"1e999", b"\n"])
    return bytes(data)


WRITTEN: st.SearchStrategy[bytes] = st.one_of(
    st.binary(max_size=2_000),
    damaged(),
    *(
        repeated(pieces(part)).map(lambda text: text.encode(errors="surrogatepass"))
        for part in (HTML, MARKDOWN, FIGURES, TABLE, XML)
    ),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | pieces(DAYS, most=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["title", "text", "html", "date", "url", "id", "authors", "x"]), inner)
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
)
AROUND = {
    ".csv": (b"id,text,title,date\n", b""),
    ".tsv": (b"text\tauthors\n", b"\n"),
    ".xml": (b"<nitf><body><body.content><p>", b"</p></body.content></body></nitf>"),
    ".rss": (b"<rss><channel><item><description>", b"</description></item></channel></rss>"),
    ".atom": (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="html"><![CDATA[',
        b"]]></content></entry></feed>",
    ),
}
"""What a file of a kind begins and ends with that is one: without it most of them are refused at once."""
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": bytes,
}


@pytest.mark.parametrize(
    "kind", [".txt", ".md", ".html", ".jsonl", ".json", ".csv", ".tsv", ".xml", ".rss", ".atom", ".pdf"]
)
@fuzzed
@given(WRITTEN, st.booleans(), st.sampled_from(sorted(PACKED)), st.none() | st.integers(0, 10**6))
def test_a_file_gives_articles_or_says_why_not(
    kind: str, data: bytes, whole: bool, packed: str, flipped: int | None
) -> None:
    head, tail = AROUND.get(kind, (b"", b"")) if whole else (b"", b"")
    content = bytearray(PACKED[packed](head + data + tail))
    if flipped is not None and content:
        content[flipped % len(content)] ^= 1 << flipped % 8
    _read_soundly(f"news{kind}{packed}", bytes(content))


@pytest.mark.parametrize("example", sorted(FILES.iterdir()), ids=lambda path: path.name)
@fuzzed
@given(seed=st.integers(0, 2**32), times=st.integers(1, 8))
def test_a_real_file_that_is_damaged_gives_articles_or_says_why_not(example: Path, seed: int, times: int) -> None:
    _read_soundly(example.name, damage(example.read_bytes(), seed, times))


def _read_soundly(name: str, content: bytes) -> None:
    with TemporaryDirectory() as room:
        path = Path(room) / name
        path.write_bytes(content)
        start = thread_time()
        records = list(read([path]))
        assert thread_time() - start < SECONDS
    for one in records:
        assert isinstance(one, Read | Rejected)
        if isinstance(one, Rejected):
            assert one.reason
            assert room not in one.reason
        else:
            _article_is_sound(one)


def _article_is_sound(one: Read) -> None:
    text = one.article.text
    assert text.strip()
    assert "\0" not in text
    text.encode()
    one.article.title.encode()
    spans = sentences(text)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    try:
        chunks = chunk(one.article, BagEmbedder())
    except ArticleError:
        return
    assert chunks
    assert all(0 <= found.start < found.end <= len(text) for found in chunks)


@fuzzed
@given(repeated(pieces(FIGURES) | pieces(FIGURES, DAYS) | st.text(max_size=300)))
def test_figures_stand_in_the_text_and_are_numbers(text: str) -> None:
    start = thread_time()
    found = quantities(text)
    assert thread_time() - start < SECONDS
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert all(bound is None or isfinite(bound) for bound in (one.low, one.high))
        assert isfinite(one.figure)


@fuzzed
@given(repeated(pieces(DAYS) | pieces(DAYS, FIGURES) | st.text(max_size=300)), st.none() | st.dates())
def test_days_stand_in_the_text_and_come_one_after_the_other(text: str, published: date | None) -> None:
    start = thread_time()
    found = days(text, published) + relative(text, published)
    list(find_dates(text))
    parse_date(text[:100])
    assert thread_time() - start < SECONDS
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.first <= one.last


@fuzzed
@given(
    repeated(pieces(NAMES) | pieces(NAMES, FIGURES, DAYS) | st.text(max_size=300)),
    pieces(FIGURES, DAYS, NAMES, most=12),
)
def test_anything_can_be_meant_and_asked(text: str, question: str) -> None:
    start = thread_time()
    interpret(text[:300], expected_answer(question), date(2026, 1, 28), before=text, behind=text)
    normal(text)
    standing({text[:50]}, text)
    assert thread_time() - start < SECONDS
