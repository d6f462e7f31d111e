"""The day on which a page was published, by what the page says to machines: JSON-LD, meta tags, microdata, times.

A page describes more than itself: the site, videos, comments, other articles. Only what is said of the page's own
article counts, which its address and its headline tell from the others.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import chain
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from corpus.dates import Order, parse_date
from corpus.formats.html.linked_data import parse_linked_data
from corpus.formats.xml_tree import Element

_Node: TypeAlias = dict[str, Any]

_DEEPEST = 40
"""How deep nodes are looked for inside others."""
_MOST = 5_000
"""Most nodes of one page: a page with more is a list."""

# What schema.org has under Article, and what sites write in its place.
_ARTICLE = re.compile(
    r"(?:\w*News)?Article|(?:Blog|LiveBlog|SocialMedia|DiscussionForum)Posting|Report|\w+Article", re.IGNORECASE
)
_PAGE = re.compile(r"(?:Web|Item|FAQ|QA|About|Medical|MedicalWeb)Page", re.IGNORECASE)
# Through these a node leads to what the page is about.
_LEADING = ("@graph", "mainEntity", "mainEntityOfPage")
_SPLIT_TITLE = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_WORD = re.compile(r"\w+")

# In the order of how surely they mean the day of first publication.
_META_FIRST = ("//meta[@property='article:published_time' or @property='og:article:published_time']",)
_META_LATER = (
    "//meta[translate(@name,'DPCTI','dpcti')='dc.date.issued' or @name='datePublished' or @name='parsely-pub-date'"
    " or @name='sailthru.date' or @name='pubdate' or @name='publish-date' or @name='publication_date'"
    " or @name='article.published' or @name='citation_publication_date' or @name='date' or @name='DC.date']",
)
_TIMES = (
    "//time[@pubdate]",
    "//time[contains(concat(' ', normalize-space(@class), ' '), ' published ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' entry-date ')]",
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:related|recommend(?:ed|ations)?|teasers?|comments?|comment-list|sidebar|promo|most-read|more-stories"
    r"|read-more|trending|outbrain|taboola)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE_TAGS = frozenset({"aside", "nav", "footer", "a"})


class _Page(NamedTuple):
    """What a page is called and where it is, as far as it says so."""

    addresses: list[str]
    titles: list[str]


class _Said(NamedTuple):
    """A node that may be the page's article, as it stands: on its own, or inside of another."""

    node: _Node
    nested: bool


def stated_date(tree: Element, *, title: str | None, url: str | None, order: Order | None) -> str | None:
    """Read the day of publication from what a page says to machines; None where it says none that is sure.

    ``title`` and ``url`` are what is known of the page from elsewhere.
    """
    page = _Page(
        _addresses(tree, url), [*([title] if title else []), *(words for words in _titles(tree) if words.strip())]
    )
    for text in _stated(tree, page):
        if day := parse_date(text, url=page.addresses[0] if page.addresses else None, order=order):
            return day
    return None


def _stated(tree: Element, page: _Page) -> Iterator[str]:
    """Give the dates that a page states for its article, the surest first."""
    linked = _ranked([said for node in _linked(tree) for said in _inside(node)], page)
    marked = _ranked([*_marked(tree)], page)
    yield from _published(linked.sure)
    yield from _attributes(tree, _META_FIRST)
    yield from _published(marked.sure)
    yield from _loose(tree)
    yield from _attributes(tree, _META_LATER)
    yield from _published(linked.likely + marked.likely)
    yield from _attributes(tree, _TIMES)
    yield from _published(linked.sure, "dateCreated")


class _Ranked(NamedTuple):
    """Nodes that are surely about the page's article, and those that likely are, the best first."""

    sure: list[_Node]
    likely: list[_Node]


def _ranked(said: Sequence[_Said], page: _Page) -> _Ranked:
    """Choose the nodes that tell of the page's own article.

    One that names the page's address or its headline is sure, wherever it stands. One that names neither is, where it
    stands on its own. One that names another address is of another page.
    """
    ranks: list[list[_Node]] = [[] for _ in range(6)]
    other: list[_Node] = []
    for node, nested in said:
        article, web_page = _is(node, _ARTICLE), _is(node, _PAGE)
        # Only what has no type at all may be an article without saying so.
        if not article and not web_page and _types(node):
            continue
        by_address, by_title = _by_address(node, page, nested), _by_title(node, page)
        if article and (by_address or by_title):
            ranks[(2 if nested else 0) + (0 if by_address else 1)].append(node)
        elif nested or by_address is False:
            continue
        elif article and by_title is None:
            ranks[4].append(node)
        elif article:
            other.append(node)
        else:
            ranks[5].append(node)
    # A headline for search engines can differ in every word; several such are articles that the page only lists.
    likely = other if len(other) == 1 else []
    return _Ranked([node for rank in ranks[:5] for node in rank], [*ranks[5], *likely])


def _published(nodes: Iterable[_Node], name: str = "datePublished") -> Iterator[str]:
    for node in nodes:
        yield from _texts(_value(node, name))


def _linked(tree: Element) -> Iterator[object]:
    """Parse the page's JSON-LD, each block in the order of the page."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            yield from parse_linked_data("".join(script.itertext()))


def _inside(value: object) -> Iterator[_Said]:
    """Find the nodes of a JSON-LD value, those that stand on their own before those inside of others."""
    queue: list[tuple[object, bool, int]] = [(value, False, 0)]
    for _ in range(_MOST):
        if not queue:
            return
        node, nested, depth = queue.pop(0)
        if depth > _DEEPEST:
            continue
        if isinstance(node, list):
            queue.extend((one, nested, depth + 1) for one in node[:_MOST])
        elif isinstance(node, dict):
            yield _Said(node, nested)
            # Of a list, a site or a video the main entity is not the page's.
            leads = not _types(node) or _is(node, _PAGE) or _is(node, _ARTICLE)
            queue.extend(
                (one, nested or not (leads and _name(key) in _LEADING), depth + 1)
                for key, one in node.items()
                if isinstance(one, dict | list)
            )


def _marked(tree: Element) -> Iterator[_Said]:
    """Find the microdata of articles and pages: each scope as a node of its own properties."""
    nodes: dict[Element, _Node] = {}
    for scope in tree.xpath("//*[@itemscope]")[:_MOST]:
        nodes[scope] = {"@type": (scope.get("itemtype") or "").split(), "@id": scope.get("itemid") or ""}
    for element in tree.xpath("//*[@itemprop]")[: 4 * _MOST]:
        scope = _scope(element)
        if scope not in nodes:
            continue
        for name in (element.get("itemprop") or "").split():
            if name in ("headline", "url", "mainEntityOfPage", "datePublished", "dateCreated"):
                nodes[scope].setdefault(name, _content(element))
    for scope, node in nodes.items():
        if not _types(node):
            continue
        within = [outer for outer in scope.iterancestors() if outer in nodes]
        aside = any(not (_is(nodes[outer], _PAGE) or "Blog" in _types(nodes[outer])) for outer in within)
        yield _Said(node, aside or _stands_aside(scope))


def _scope(element: Element) -> Element | None:
    return next((one for one in element.iterancestors() if one.get("itemscope") is not None), None)


def _content(element: Element) -> str:
    for name in ("content", "datetime", "href", "itemid"):
        if found := element.get(name):
            return str(found)
    return " ".join("".join(element.itertext()).split())[:1_000]


def _loose(tree: Element) -> Iterator[str]:
    """Give the dates of microdata that stand in no scope of their own, and not beside the article."""
    for element in tree.xpath("//*[@itemprop='datePublished']")[:_MOST]:
        if _scope(element) is None and not _stands_aside(element):
            yield _content(element)


def _attributes(tree: Element, paths: Iterable[str]) -> Iterator[str]:
    for element in chain.from_iterable(tree.xpath(path) for path in paths):
        if element.tag == "meta" or not _stands_aside(element):
            yield element.get("content") or element.get("datetime") or ""


def _stands_aside(element: Element) -> bool:
    """Tell whether an element belongs to what stands beside a page's article: teasers, comments, other navigation."""
    for one in chain([element], element.iterancestors()):
        if one.tag in _ASIDE_TAGS:
            return True
        named = f"{one.get('class') or ''} {one.get('id') or ''}"
        # A class of the whole page may be "with-sidebar".
        if _ASIDE.search(named) and one.find(".//h1") is None:
            return True
    return False


def _types(node: _Node) -> list[str]:
    """Give the types of a node without their vocabulary: "https://schema.org/NewsArticle", "schema:NewsArticle"."""
    value = node.get("@type") or node.get("type")
    return [re.split(r"[/#:]", one)[-1] for one in _texts(value)]


def _is(node: _Node, kind: re.Pattern[str]) -> bool:
    return any(kind.fullmatch(one) for one in _types(node))


def _name(key: str) -> str:
    return key if key.startswith("@") else re.split(r"[/#:]", key)[-1]


def _value(node: _Node, name: str) -> object:
    return node.get(name) or next((value for key, value in node.items() if _name(key) == name), None)


def _texts(value: object) -> Iterator[str]:
    """Give the strings of a value that may be one, a list of them, or a typed literal."""
    for one in value if isinstance(value, list) else [value]:
        text = one.get("@value") if isinstance(one, dict) else one
        if isinstance(text, str) and text.strip():
            yield text.strip()


def _by_address(node: _Node, page: _Page, nested: bool) -> bool | None:
    """Tell whether a node is of this page by its address: None where that can't be told."""
    main = _value(node, "mainEntityOfPage")
    told = [*_texts(_value(node, "url")), *_texts(main)]
    for one in main if isinstance(main, list) else [main]:
        if isinstance(one, dict):
            told += [*_texts(one.get("@id")), *_texts(one.get("url"))]
    # An id need not be an address, so that it can confirm but not deny.
    named = [*_texts(node.get("@id"))]
    if nested:
        # An entry of a live blog has the page's address, with its own place in it.
        told, named = [one for one in told if "#" not in one], [one for one in named if "#" not in one]
    if not page.addresses:
        return None
    if any(_same(one, known) for one in told + named for known in page.addresses):
        return True
    addresses = [one for one in told if "/" in one and _path(one) not in ("", "/")]
    return False if addresses else None


def _by_title(node: _Node, page: _Page) -> bool | None:
    """Tell whether a node is of this page by its headline: None where that can't be told.

    One for search engines is often another, with most of the words in common.
    """
    titles = [title for title in map(_folded, page.titles) if title]
    headlines = [words for words in map(_folded, _texts(_value(node, "headline"))) if words]
    if not titles or not headlines:
        return None
    if any(headline in titles for headline in headlines):
        return True
    alike = any(
        len({*headline} & {*title}) >= max(2, 0.6 * min(len({*headline}), len({*title})))
        for headline in headlines
        for title in titles
    )
    return None if alike else False


def _folded(title: str) -> list[str]:
    return _WORD.findall(unescape(title).casefold())


def _titles(tree: Element) -> Iterator[str]:
    for path in ("//meta[@property='og:title' or @name='twitter:title']/@content", "//h1", "//title"):
        for found in tree.xpath(path)[:20]:
            text = found if isinstance(found, str) else "".join(found.itertext())
            yield text
            if path == "//title":
                # "Bridge approved - Quill Post"
                yield from _SPLIT_TITLE.split(text)


def _addresses(tree: Element, url: str | None) -> list[str]:
    paths = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
    found = [*([url] if url else []), *(str(one) for path in paths for one in tree.xpath(path)[:3])]
    return [one for one in found if _path(one) not in ("", "/")]


def _path(address: str) -> str:
    """Give the path of an address; "" where it is none."""
    try:
        return urlsplit(address.strip()).path
    except ValueError:
        return ""


def _same(one: str, other: str) -> bool:
    """Tell whether two addresses lead to one page: scheme, "www.", a last slash and the place in the page aside."""
    try:
        a, b = urlsplit(one.strip()), urlsplit(other.strip())
        hosts = {(part.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.") for part in (a, b)}
    except ValueError:
        return False
    paths = {part.path.rstrip("/").removesuffix("/amp").removesuffix("/index.html") for part in (a, b)}
    if len(hosts - {""}) > 1 or len(paths) > 1 or paths == {""}:
        return False
    # Where only one has a query, it is a campaign's; where both have, it may be the article's number.
    return not (a.query and b.query) or a.query == b.query
