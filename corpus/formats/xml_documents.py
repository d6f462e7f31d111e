"""XML from files and servers: its encoding recognised, and feeds mended where only one thing can be meant."""

import re
from html.entities import html5

from corpus.decoding import decode_stated
from corpus.errors import FormatError
from corpus.formats import feed
from corpus.formats.xml_tree import Element, parse

_HEAD = 4096
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?P<name>[\w.-]+)[\s>/]")

# What needs no mending: sections of CDATA, comments, instructions. One that is not closed runs to the end.
_ASIDE = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!DOCTYPE[^>\[]*>"
_FAULTS = re.compile(
    rf"(?P<aside>{_ASIDE})|&(?P<name>[A-Za-z][A-Za-z0-9]{{1,31}});|&#(?P<number>x[0-9A-Fa-f]{{1,6}}|[0-9]{{1,7}});"
    r"|(?P<and>&)|(?P<less><)(?![A-Za-z_:/!?])",
    re.DOTALL,
)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parse_document(body: bytes, charset: str = "") -> tuple[Element, list[str]]:
    """Parse a document into its root element, with warnings about what was assumed; ``charset`` is its server's word.

    A feed that is not well-formed is mended where that changes none of its words: white space before its
    declaration goes, an ampersand by itself is one, HTML's names stand for their characters. Raises FormatError.
    """
    declared = _DECLARED.match(body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n"))
    stated = (declared[1].decode("ascii", "replace") if declared else "", charset)
    text, warnings = decode_stated(body, filter(None, stated), lenient=True)
    try:
        return _parsed(text), warnings
    except FormatError as error:
        mended, said = _mended(text)
        if not said:
            raise
        try:
            return _parsed(mended), [*warnings, f"the XML was not well-formed; mended: {', '.join(said)}"]
        except FormatError:
            raise error from None


def _parsed(text: str) -> Element:
    return parse(text.encode(errors="surrogatepass"), encoding="utf-8")


def _mended(text: str) -> tuple[str, list[str]]:
    """Mend a feed; gives what was mended, nothing where it is another document."""
    start = re.search(r"<(?:\?xml|!|[A-Za-z])", text)
    # What a document defines by itself is not ours to guess.
    if start is None or "<!ENTITY" in text or not is_feed(text[start.start() :]):
        return text, []
    said: dict[str, None] = {}
    before, text = text[: start.start()], text[start.start() :]
    if before.strip("\ufeff"):
        # Only what no words stand in: a server's error message before a feed says that it is not whole.
        if before.strip("\ufeff \t\r\n\0"):
            return text, []
        said["white space before its declaration"] = None
    text, controls = _CONTROLS.subn("", text)
    if controls:
        said["control characters"] = None

    def mend(match: re.Match[str]) -> str:
        found = match[0]
        if match["aside"] is not None or match["name"] in _XML_NAMES:
            return found
        if match["name"] is not None:
            character = html5.get(f"{match['name']};")
            said["names of HTML's characters" if character else "ampersands that stand by themselves"] = None
            return f"&amp;{found[1:]}" if character is None else _written(character)
        if (number := match["number"]) is not None:
            code = int(number[1:], 16) if number[0] == "x" else int(number)
            if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
                return found
            said["numbers of characters that there are not"] = None
            return ""
        said["ampersands that stand by themselves" if match["and"] else "signs that begin no tag"] = None
        return f"&amp;{found[1:]}" if match["and"] else "&lt;"

    return _FAULTS.sub(mend, text), [*said]


def is_feed(text: str) -> bool:
    """Tell a feed by its first tag, as far as the document's beginning tells."""
    for match in re.finditer(rf"{_ASIDE}|(?P<tag>{_ROOT.pattern})", text[: 16 * _HEAD], re.DOTALL):
        if match["tag"] is not None:
            return match["name"] in feed.ROOTS
    return False


def _written(characters: str) -> str:
    return "".join({"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(one, one) for one in characters)
