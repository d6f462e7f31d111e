"""Sitemaps as files, which name pages and hold no article: the standard's own example, what is broken or hostile."""

import gzip
from pathlib import Path
from time import thread_time

import pytest

from corpus.formats import Read
from corpus.formats import xml_roots as by_root
from corpus.formats.sitemap import Page, pages, sitemaps
from corpus.formats.xml_tree import Element, parse
from corpus.reading import read
from corpus.types import Rejected

DATA = Path(__file__).parents[1] / "data"


def root(name: str) -> Element:
    return parse((DATA / name).read_bytes())


def test_the_standards_own_example() -> None:
    first, second = pages(root("sitemap.xml"))
    assert first == Page("http://www.example.com/", "2005-01-01", "", "", "", None)
    assert second == Page("http://www.example.com/catalog?item=12&desc=vacation_hawaii", "", "", "", "", None)


def test_what_a_news_sitemap_says_of_a_page() -> None:
    assert pages(root("sitemap_news.xml")) == [
        Page(
            "https://post.example/2026/01/28/bridge",
            modified="2026-01-29T08:00:00+01:00",
            title="Bridge approved & paid",
            published="2026-01-28T09:30:00+01:00",
            source="The Quill Post",
            language="en",
        )
    ]


def test_an_address_that_comes_twice_is_named_once_and_one_that_is_missing_not_at_all() -> None:
    urls = "<url><loc> /a </loc></url><url><loc>/a</loc><lastmod>2026</lastmod></url><url><lastmod>1</lastmod></url>"
    assert pages(parse(f"<urlset>{urls}</urlset>".encode())) == [Page("/a", "", "", "", "", None)]
    index = f"<sitemapindex>{urls.replace('url>', 'sitemap>')}</sitemapindex>"
    assert sitemaps(parse(index.encode())) == [Page("/a", "", "", "", "", None)]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_saved_sitemap_says_what_to_do(tmp_path: Path, suffix: str) -> None:
    body = (DATA / "sitemap.xml").read_bytes()
    path = tmp_path / f"sitemap.xml{suffix}"
    path.write_bytes(gzip.compress(body) if suffix else body)
    reason = (
        "a sitemap holds no articles, only the addresses of pages (2): `citewire ingest --allow-network` fetches them"
    )
    assert list(read([path])) == [Rejected(str(path), reason)]


def test_a_saved_sitemap_is_followed_where_that_is_wanted(tmp_path: Path) -> None:
    followed: list[tuple[int, str]] = []

    def follow(root: Element, where: str) -> list[Read | Rejected]:
        followed.append((len(pages(root)), where))
        return []

    assert list(by_root.read(DATA / "sitemap.xml", where="here", follow=lambda *it: iter(follow(*it)))) == []
    assert followed == [(2, "here")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<urlset/>", "only the addresses of pages (0)"),
        ("<sitemapindex><sitemap><loc>/a</loc></sitemap></sitemapindex>", "only the addresses of further sitemaps (1)"),
        ("<urlset><url><loc>http://post.example/a</loc>", "not well-formed XML"),
        ("<urlset><url><loc>http://post.example/?a=1&b=2</loc></url></urlset>", "not well-formed XML"),
        ("<urlset>" * 300 + "</urlset>" * 300, "not well-formed XML: Excessive depth"),
        ('<!DOCTYPE urlset [<!ENTITY a "x">]><urlset><url><loc>&a;</loc></url></urlset>', "it uses the entity &a;"),
        (
            '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
            "it uses the entity &a;",
        ),
        (
            "<!DOCTYPE urlset [<!ENTITY a0 'ha'>"
            + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
            + "]><urlset><url><loc>&a11;</loc></url></urlset>",
            "Maximum entity amplification factor exceeded",
        ),
    ],
)
def test_broken_and_hostile_sitemaps_are_refused_soon(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text(content)
    start = thread_time()
    (found,) = read([path])
    assert isinstance(found, Rejected)
    assert said in found.reason
    assert thread_time() - start < 1
