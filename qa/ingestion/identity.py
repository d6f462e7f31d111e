"""Decides under which id an article is stored: one page is one article, whether a feed, a sitemap or its own address
named it, and a feed's summary does not take the place of a longer text.

The id of a page is its address. Archives of earlier versions have the entries of feeds under the feed's own ids: those
are looked up, and stay. Which entry is the one that has its page's address is remembered, so that a feed that shows its
entries one by one, all with one link, is told from one whose entry changed.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple
from urllib.parse import urlsplit

from corpus.errors import DamagedArticle
from corpus.formats import Read, page_id
from corpus.outlets import fold
from corpus.storage.view import View
from corpus.storage.visits import Visit, key
from corpus.types import MAX_ID, Article

FULL = 500
"""Characters from which a text that is much longer than a feed's summary is the article itself."""
MUCH_LONGER = 3
_COVERED = 0.9
_RELATED = 0.3
_ALIKE = 0.6
_RUN = 3  # words of a run by which texts are compared
_WORD = re.compile(r"\w+")
# What feeds put behind a summary that was cut.
_TAIL = 600
_CUT = re.compile(
    r"\s*The post .{1,300} (?:appeared first|first appeared) on .{1,200}$"
    r"|\s*(?:\[?(?:…|\.{3})\]?)?\s*(?:\(?(?:continue reading|read more|read on|more)\b[^.!?…]{0,80}[.…»→]*\)?)?\s*$",
    re.IGNORECASE | re.DOTALL,
)


class Placed(NamedTuple):
    """An article under the id that it is stored under, or ``kept``: why what is stored stays as it is.

    ``fuller`` tells that it holds all of the text in the archive, ``contained`` that the archive has all of it.
    """

    article: Article
    kept: str | None = None
    fuller: bool = False
    contained: bool = False
    remembered: Visit | None = None
    """Which entry of a feed it is, to be remembered with it."""
    warning: str | None = None


def place(view: View, read: Read) -> Placed:
    """Find an article that was read in the archive, by everything that it may be called."""
    own = read.article
    is_page = own.url is not None and own.id == page_id(own.url)
    if read.entry is None and not is_page:
        return Placed(own, warning=_another_outlet(view, own))
    article = replace(own, id=_id(view, read, is_page=is_page))
    entry = view.visits.get(_entry_key(article.id))
    mine = None
    if read.entry is not None and article.id == page_id(read.entry.page):
        mark = key(read.entry.guid)
        mine = None if entry is not None and entry.mark == mark else Visit(_entry_key(article.id), mark, taken=True)
    if view.digest(article.id) == article.digest:
        return Placed(article, remembered=mine)
    held = _held(view, article.id)
    if held is None:
        return Placed(article, remembered=mine)
    if read.entry is not None or entry is not None or article.id != own.id:
        article = _filled(article, held)
    if held.digest == article.digest:
        return Placed(article, remembered=mine)
    contained = _covers(held.text, article.text)
    if read.is_summary and len(held.text) > len(article.text):
        if contained:
            return Placed(held, "the archive has its whole text, of which this is a summary")
        if len(held.text) >= max(FULL, MUCH_LONGER * len(article.text)):
            return Placed(held, "the archive has a much longer text of it, though not these words: fetch its page")
    fuller = len(article.text) >= len(held.text) and _covers(article.text, held.text)
    return Placed(article, fuller=fuller, contained=contained, remembered=mine)


def _another_outlet(view: View, article: Article) -> str | None:
    """Warn where an id such as "1" was that of another outlet's article, not of the same with its outlet corrected."""
    if view.digest(article.id) in (None, article.digest):
        return None
    held = _held(view, article.id)
    if (
        held is None
        or held.source is None
        or fold(held.source) == fold(article.source or "")
        or _related(held, article)
    ):
        return None
    return f"replaces an article of outlet {held.source} under the same id"


def names(read: Read) -> Iterator[str]:
    """Every id that an article may have had in archives, its own first."""
    yield read.article.id
    if read.entry is not None and ":" in read.entry.guid:
        yield read.entry.guid


def forms(address: str) -> list[str]:
    """The forms in which one page's address is written: with and without "www.", a last slash, as http and https."""
    try:
        parts = urlsplit(page_id(address))
    except ValueError:
        return [address]
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    written = {
        f"{scheme}://{www}{host}{path}{slash}{f'?{parts.query}' if parts.query else ''}"
        for scheme, www, slash in product(("https", "http"), ("", "www."), ("", "/"))
    }
    return sorted({address, *written})


def _id(view: View, read: Read, *, is_page: bool) -> str:
    article, entry = read.article, read.entry
    candidates = [*names(read)]
    if entry is not None:
        page = page_id(entry.page)
        apart = f"{page}#{entry.guid}"[:MAX_ID]
        candidates.append(apart)
        known = view.visits.get(_entry_key(page))
        if known is not None and known.mark == key(entry.guid):
            candidates.insert(0, page)
        elif known is not None and article.id == page and not entry.fetched:
            held = _held(view, page)
            if view.digest(apart) is not None or (held is not None and not _related(held, article)):
                return apart
    found = next((one for one in candidates if view.digest(one) is not None), None)
    if found is None and is_page and article.url is not None:
        alike = [
            one
            for one in view.at_address(forms(article.url))
            if (held := _held(view, one)) is not None and _related(held, article)
        ]
        found = alike[0] if len(alike) == 1 else None
    return found or article.id


def _held(view: View, article_id: str) -> Article | None:
    """The article of this id; None for one that is damaged too, which the new one mends."""
    try:
        return view.article(article_id)
    except DamagedArticle:
        return None


def _uncut(summary: str) -> str:
    return summary[:-_TAIL] + _CUT.sub("", summary[-_TAIL:], count=1)


def _entry_key(page: str) -> str:
    return key("entry", page)


def _filled(article: Article, held: Article) -> Article:
    """Keep what was said of a page by the feed or sitemap that named it before, where this one says nothing."""
    return replace(
        article,
        title=article.title or held.title,
        source=article.source or held.source,
        published_at=article.published_at or held.published_at,
        authors=article.authors or held.authors,
        language=article.language or held.language,
    )


def _covers(text: str, part: str) -> bool:
    """Whether a text says what a shorter one does, in nearly the same words and with the same figures."""
    words, runs = _words(text), _runs(text)
    cut = _uncut(part)
    wanted = _runs(cut)
    figures = {word for word in _words(cut) if any(map(str.isdecimal, word))}
    return bool(wanted) and len(wanted & runs) >= _COVERED * len(wanted) and figures <= {*words}


def _related(one: Article, other: Article) -> bool:
    """Whether two texts of one address are of the same story, by their words or their titles."""
    titles = [{*_words(article.title)} for article in (one, other)]
    least = min(map(len, titles))
    if least > 1 and len(titles[0] & titles[1]) >= _ALIKE * least:
        return True
    runs = [_runs(_uncut(article.text)) for article in (one, other)]
    fewer = min(map(len, runs))
    return fewer > 0 and len(runs[0] & runs[1]) >= _RELATED * fewer


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every run of a few words; a shorter text is one by itself."""
    words = _words(text)
    runs = {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    return runs or ({tuple(words)} if words else set())
