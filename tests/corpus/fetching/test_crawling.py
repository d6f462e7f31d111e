"""From addresses to articles, over real connections: feeds, the pages behind them, sitemaps, single pages."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from corpus.errors import FetchError
from corpus.fetching.addresses import networks
from corpus.fetching.client import Bounds, Client
from corpus.fetching.crawling import Follower
from corpus.formats import Read
from corpus.formats.xml_tree import parse
from corpus.storage.visits import Visit
from corpus.types import Article, Rejected
from tests.sites import Site, redirect, serving, status

STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."
MORE = "“It costs 12 million crowns,” she told reporters after the vote in the town’s old hall."
SUMMARY = "The council voted."


def page(text: str = STORY, head: str = "") -> str:
    menu = "<nav><a href=/>Home</a><a href=/sport>Sport</a></nav>"
    return (
        f"<!doctype html><html><head>{head}<title>Bridge</title></head><body>{menu}<article><h1>Bridge</h1>"
        f"<p>{text}</p><p>{MORE}</p></article></body></html>"
    )


def item(number: int, link: str, extra: str = f"<description>{SUMMARY}</description>") -> str:
    date = "<pubDate>Wed, 28 Jan 2026 09:30:00 +0100</pubDate>"
    return f"<item><title>Bridge {number}</title><link>{link}</link>{date}{extra}</item>"


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>The Quill Post</title>{''.join(items)}</channel></rss>"


def urlset(*addresses: str, modified: str = "") -> str:
    last = f"<lastmod>{modified}</lastmod>" if modified else ""
    urls = "".join(f"<url><loc>{address}</loc>{last}</url>" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def index(*addresses: str, modified: str = "") -> str:
    return urlset(*addresses, modified=modified).replace("urlset", "sitemapindex").replace("url>", "sitemap>")


@dataclass
class Reading:
    """A site, and what reads it; remembers every visit at once."""

    site: Site
    follower: Follower
    visits: dict[str, Visit] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def read(self, path: str) -> list[Read | Rejected]:
        self.site.asked.clear()
        found = []
        for record in self.follower.named(self.site.at(path)):
            found.append(record)
            if isinstance(record, Read):
                self.held.add(record.article.id)
        return found

    def articles(self, path: str) -> list[Article]:
        found = self.read(path)
        assert [one for one in found if isinstance(one, Rejected)] == []
        return [one.article for one in found if isinstance(one, Read)]

    def reasons(self, path: str) -> list[str]:
        found = self.read(path)
        assert [one for one in found if isinstance(one, Read)] == []
        return [one.reason for one in found if isinstance(one, Rejected)]


@pytest.fixture
def reading() -> Iterator[Reading]:
    bounds = Bounds(seconds=2, pause=0, patience=0, body=2_000_000)
    with serving() as site, Client(allowed=networks("127.0.0.1/32"), bounds=bounds) as client:
        visits: dict[str, Visit] = {}
        held: set[str] = set()
        follower = Follower(
            client,
            known=visits.get,
            note=lambda visit: visits.__setitem__(visit.key, visit),
            holds=held.__contains__,
        )
        yield Reading(site, follower, visits, held)


def test_a_page_is_one_article_and_asked_for_again_only_by_its_tag(reading: Reading) -> None:
    head = '<meta property="article:published_time" content="2026-01-28T09:30:00+01:00">'
    address = reading.site.put("/bridge", page(head=head), "text/html")
    reading.site.tags["/bridge"] = '"1"'
    assert reading.articles("/bridge") == [
        Article(
            id=address,
            title="Bridge",
            text=f"{STORY}\n\n{MORE}",
            source=f"127.0.0.1:{reading.site.port}",
            url=address,
            published_at="2026-01-28T09:30:00+01:00",
            language="en",
        )
    ]
    assert (reading.read("/bridge"), reading.site.statuses[-1]) == ([], 304)
    reading.held.clear()  # it was deleted from the archive: whoever names it wants it
    assert len(reading.articles("/bridge")) == 1


def test_a_feed_with_whole_texts_is_had_in_one_request(reading: Reading) -> None:
    content = f"<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>&lt;p&gt;{STORY}&lt;/p&gt;</c:encoded>"
    reading.site.put("/feed", rss(item(1, "/a", content), item(2, "/b", content)))
    reading.site.days["/feed"] = "Wed, 28 Jan 2026 09:30:00 GMT"
    first, second = reading.articles("/feed")
    assert (first.title, first.text, first.url) == ("Bridge 1", STORY, reading.site.at("/a"))
    assert second.source == "The Quill Post"
    assert reading.site.asked == ["/feed"]
    assert (reading.read("/feed"), reading.site.statuses[-1]) == ([], 304)


def test_behind_a_summary_stands_the_page(reading: Reading) -> None:
    reading.site.put("/feed", rss(item(1, "/a"), item(2, "/b")))
    reading.site.put("/a", page(), "text/html")
    reading.site.put(
        "/b", page("Another story, which says that the ferry will not run on Sundays any more."), "text/html"
    )
    first, second = reading.articles("/feed")
    assert first == Article(
        id=reading.site.at("/a"),
        title="Bridge 1",
        text=f"{STORY}\n\n{MORE}",
        source="The Quill Post",
        url=reading.site.at("/a"),
        published_at="2026-01-28T09:30:00+01:00",
        language="en",
    )
    assert "ferry" in second.text
    # The feed moves on: only what is new or changed in it is fetched.
    reading.site.put("/feed", rss(item(3, "/c"), item(1, "/a"), item(2, "/b").replace("voted", "voted again")))
    reading.site.put("/c", page(), "text/html")
    assert [article.title for article in reading.articles("/feed")] == ["Bridge 3", "Bridge 2"]
    assert reading.site.asked == ["/feed", "/c", "/b"]


def test_without_its_page_a_summary_is_taken_until_the_page_can_be_had(reading: Reading) -> None:
    reading.site.put("/feed", rss(item(1, "/a"), item(2, "/gone"), item(3, "/feed"), item(4, "/menu")))
    reading.site.tags["/feed"] = '"1"'
    reading.site.pages["/a"] = status(500)
    reading.site.put("/menu", "<html><body><nav><a href=/>Home</a></nav></body></html>", "text/html")
    found = [one for one in reading.read("/feed") if isinstance(one, Read)]
    assert [one.article.text for one in found] == [SUMMARY] * 4
    assert [one.warnings for one in found] == [
        (f"its page can't be fetched: {why}", "the feed holds only a summary of it")
        for why in (
            "the server answered (HTTP 500)",
            "there is no such page (HTTP 404)",
            "it is a feed or a sitemap where a page was expected",
            "the page holds no article text",
        )
    ]
    # What may come is asked for again, though the feed says that it is unchanged; what will not come is not.
    reading.site.put("/a", page(), "text/html")
    assert [article.text for article in reading.articles("/feed")] == [f"{STORY}\n\n{MORE}"]
    assert reading.site.asked == ["/feed", "/a"]
    assert (reading.read("/feed"), reading.site.statuses[-1]) == ([], 304)


def test_a_summary_does_not_take_the_place_of_the_whole_text(reading: Reading) -> None:
    reading.site.put("/feed", rss(item(1, "/a")))
    reading.site.put("/a", page(), "text/html")
    assert len(reading.articles("/feed")) == 1
    reading.site.put("/feed", rss(item(1, "/a").replace("Bridge 1", "Bridge, updated")))
    reading.site.pages["/a"] = status(503)
    assert reading.reasons("/feed") == [
        "its page can't be fetched again, so the article is unchanged: 127.0.0.1 is busy (HTTP 503)"
    ]
    reading.site.put("/a", page(), "text/html")
    assert [article.title for article in reading.articles("/feed")] == ["Bridge, updated"]


def test_a_page_behind_a_summary_may_not_lead_inside(reading: Reading) -> None:
    with serving() as inside:
        inside.put("/a", page("Secret plans were made."), "text/html")
        inside.put("/robots.txt", "")
        private = inside.at("/a").replace("127.0.0.1", "127.0.0.2")
        reading.site.put("/feed", rss(item(1, private), item(2, "/onward"), item(3, "file:///etc/passwd")))
        reading.site.pages["/onward"] = redirect(private)
        found = [one for one in reading.read("/feed") if isinstance(one, Read)]
        assert [one.article.text for one in found] == [SUMMARY] * 3
        assert ["not allowed" in one.warnings[0] for one in found] == [True, True, False]
        assert inside.statuses == []


@pytest.mark.parametrize(
    ("sent", "kind", "declared"),
    [
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-8", "text/html; charset=iso-8859-1", "<meta charset=iso-8859-1>"),
        ("latin-1", "text/html; charset=utf-8", ""),
        ("latin-1", "text/html; charset=utf-8", "<meta charset=utf-8>"),
        ("latin-1", "text/html", ""),
        ("latin-1", "text/html; charset=undefined", ""),
        ("cp1251", "text/html; charset=windows-1251", ""),
        ("cp1252", "text/html; charset=iso-8859-1", ""),
        ("utf-16", "text/html", ""),
    ],
)
def test_what_a_server_says_of_the_encoding_is_only_believed_where_it_fits(
    reading: Reading, sent: str, kind: str, declared: str
) -> None:
    russian = "Совет города проголосовал в понедельник за строительство моста, сообщил мэр журналистам."
    quoted = "“Très cher, déjà,” a dit le maire de la ville après le vote du conseil à propos du café."
    plain = "Très cher, déjà, a dit le maire de la ville après le vote du conseil à propos du café."
    text = {"cp1251": russian, "cp1252": quoted}.get(sent, plain)
    body = page(text, declared).replace("“It", "It").replace("crowns,”", "crowns,").replace("town’s", "town")
    reading.site.put("/a", body.encode(sent), kind)
    (article,) = reading.articles("/a")
    assert article.text.startswith(text)


@pytest.mark.parametrize(
    ("sent", "kind", "declared"),
    [
        ("utf-8", "application/xml; charset=iso-8859-1", ""),
        ("utf-8", "application/xml", "<?xml version='1.0' encoding='iso-8859-1'?>"),
        ("latin-1", "application/xml; charset=utf-8", "<?xml version='1.0' encoding='utf-8'?>"),
        ("latin-1", "application/xml", "<?xml version='1.0' encoding='iso-8859-1'?>"),
        ("latin-1", "text/html", "<?xml version='1.0'?>"),
        ("latin-1", "", ""),
        ("utf-16", "", "<?xml version='1.0' encoding='utf-16'?>"),
        ("utf-8-sig", "text/plain", "<?xml version='1.0'?><!-- a feed --><!DOCTYPE rss [ ]>"),
    ],
)
def test_a_feed_is_known_by_what_it_is(reading: Reading, sent: str, kind: str, declared: str) -> None:
    text = "Très cher, déjà, a dit le maire de la ville après le vote du conseil à propos du café."
    extra = f"<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>{text}</c:encoded>"
    reading.site.put("/feed", (declared + rss(item(1, "/a", extra))).encode(sent), kind)
    (article,) = reading.articles("/feed")
    assert article.text == text


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"%PDF-1.7", "application/pdf", "it is neither a page nor a feed nor a sitemap (application/pdf)"),
        (b'{"a": 1}', "application/json", "it is neither a page nor a feed nor a sitemap (application/json)"),
        (b"a\0b\0\0", "text/html", "the file is binary"),
        (b"", "text/html", "the response is empty"),
        (b"<rss><channel><item>", "text/html", "not well-formed XML"),
        (b"<svg/>", "image/svg+xml", "its root element 'svg' is of no kind of news"),
        (b"<rss><channel/></rss>", "", "the feed holds no entries"),
        (
            b"<!DOCTYPE rss [<!ENTITY a0 'ha'>"
            + b"".join(b"<!ENTITY a%d '%b'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
            + b"]><rss><channel><item><title>&a11;</title></item></channel></rss>",
            "application/rss+xml",
            "Maximum entity amplification factor exceeded",
        ),
        (
            b"<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&a;</title></item>"
            b"</channel></rss>",
            "application/rss+xml",
            "it uses the entity &a;",
        ),
        (gzip.compress(bytes(20_000_000)), "application/gzip", "it unpacks to more than 1.90735 MB"),
        (b"<html><p>" + b"a" * 1_900_000, "text/html", ""),
    ],
)
def test_what_is_broken_or_hostile_is_said(reading: Reading, body: bytes, kind: str, said: str) -> None:
    reading.site.put("/a", body, kind)
    if said:
        (reason,) = reading.reasons("/a")
        assert said in reason
    else:
        assert len(reading.read("/a")) == 1


def test_a_sitemaps_pages_are_fetched_once(reading: Reading) -> None:
    site = reading.site
    for name in ("/a", "/b"):
        site.put(name, page(), "text/html")
    news = (
        "<news:news xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><news:publication><news:name>Post"
        "</news:name><news:language>en</news:language></news:publication><news:title>A bridge</news:title>"
        "<news:publication_date>2026-01-28</news:publication_date></news:news>"
    )
    body = urlset(site.at("/a"), site.at("/b"), site.at("/none")).replace("</url>", f"{news}</url>", 1)
    site.put("/sitemap.xml.gz", gzip.compress(body.encode()), "application/octet-stream")
    first, second, third = reading.read("/sitemap.xml.gz")
    assert isinstance(first, Read)
    assert first.article == Article(
        id=site.at("/a"),
        title="A bridge",
        text=f"{STORY}\n\n{MORE}",
        source="Post",
        url=site.at("/a"),
        published_at="2026-01-28",
        language="en",
    )
    assert isinstance(second, Read)
    assert (second.article.id, second.article.title) == (site.at("/b"), "Bridge")
    assert third == Rejected(site.at("/none"), "there is no such page (HTTP 404)")
    assert (reading.read("/sitemap.xml.gz"), site.asked) == ([], ["/sitemap.xml.gz"])
    site.put("/sitemap.xml.gz", gzip.compress(body.replace("/b</loc>", "/b</loc><lastmod>2026</lastmod>").encode()))
    assert [article.id for article in reading.articles("/sitemap.xml.gz")] == [site.at("/b")]


def test_a_sitemap_index_is_followed_to_a_depth_and_never_in_a_circle(reading: Reading) -> None:
    site = reading.site
    site.put("/a", page(), "text/html")
    site.put("/pages", urlset(site.at("/a")))
    site.tags["/pages"] = '"1"'
    site.put("/index", index(site.at("/inner"), site.at("/index"), site.at("/a")))
    site.put("/inner", index(site.at("/pages"), site.at("/index"), "/pages"))
    found = reading.read("/index")
    circle = "it was listed before: the sitemaps form a circle"
    assert [one.article.id if isinstance(one, Read) else (one.where, one.reason) for one in found] == [
        site.at("/a"),
        (site.at("/index"), circle),
        ("/pages", circle),
        (site.at("/index"), circle),
        (site.at("/a"), "the sitemap is a page"),
    ]
    assert site.asked == ["/index", "/inner", "/pages", "/a", "/a"]
    reading.read("/index")
    assert (site.asked, site.statuses[-2:]) == (["/index", "/inner", "/pages", "/a"], [304, 200])
    for number in range(6):
        site.put(f"/deep{number}", index(site.at(f"/deep{number + 1}")))
    assert reading.reasons("/deep0") == ["sitemap indexes are nested more than 3 deep"]


def test_an_index_tells_which_of_its_sitemaps_changed(reading: Reading) -> None:
    site = reading.site
    site.put("/a", page(), "text/html")
    site.put("/pages", urlset(site.at("/a")))
    site.put("/index", index(site.at("/pages"), modified="2026-01-01"))
    assert len(reading.articles("/index")) == 1
    assert (reading.read("/index"), site.asked) == ([], ["/index"])
    site.put("/index", index(site.at("/pages"), modified="2026-01-02"))
    assert (reading.read("/index"), site.asked) == ([], ["/index", "/pages"])


def test_a_sitemap_sends_nobody_to_other_hosts(reading: Reading) -> None:
    reading.site.put("/sitemap.xml", urlset("http://other.example/a", "http://localhost/"))
    said = "the sitemap of 127.0.0.1 lists a page of another host"
    assert reading.reasons("/sitemap.xml") == [said, said]


def test_a_saved_feed_is_followed_too(reading: Reading) -> None:
    site = reading.site
    site.put("/a", page(), "text/html")
    root = parse(rss(item(1, site.at("/a")), item(2, "/relative")).encode())
    first, second = reading.follower.follow(root, "saved.rss")
    assert isinstance(first, Read)
    assert (first.where, first.article.text) == ("saved.rss[1]", f"{STORY}\n\n{MORE}")
    assert isinstance(second, Read)
    assert second.warnings[0] == "its page can't be fetched: '/relative' is not an http or https address"


def test_a_failing_address_raises_where_it_is_watched(reading: Reading) -> None:
    reading.site.pages["/feed"] = status(503, Retry_After="300")
    with pytest.raises(FetchError, match="is busy") as raised:
        list(reading.follower.read(reading.site.at("/feed")))
    assert raised.value.after == 300
