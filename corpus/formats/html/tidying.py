"""What a page's markup says of its words, made plain before they are extracted.

Words that are struck out or hidden go, as readers don't see them or see that they don't count; a raised figure is a
power, a footnote's mark or an ordinal's ending, and no figure of the number before it; tables that only lay out a page
are no tables.
"""

import re

from corpus.formats.xml_tree import Element

_STRUCK = frozenset({"del", "s", "strike"})
_MOST_STRUCK = 0.6
"""Of a page's words, from which on a tag that strikes them out is one that was never closed."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRIKING = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_RAISING = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)

_POWERS = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")
_NUMBER = re.compile(r"[+−–-]?[0-9]{1,3}")
# "m" and its kin raised to the second or third; "in", "s" and "mi" are words as well, but for a figure before.
# "m" and its kin; "in", "s" and "h" are words as well, or the end of "1930s", and "$5m" are millions.
_UNIT = re.compile(
    r"(?:(?<![^\W\d_])(?:[kdcmµμn]?m|ft|yd)|(?<![0-9])[0-9]{1,3}(?:[.,][0-9]+)?\s?(?:in|mi)|/(?:s|sec|h))$"
)
_MILLIONS = re.compile(r"[$€£¥]\s?[0-9][0-9.,]*\s?m$")
_UNIT_POWER = re.compile(r"[+−–-]?[123]")
_PER_UNIT = re.compile(r"(?:^|[\s·])(?:s|h|K|mol)$")
# A hundred is written as such: a raised 1 or 2 behind a ten is a footnote, but for a sign of multiplication.
_TEN = re.compile(r"(?<![0-9.,])10$")
_FACTOR = re.compile(r"[×·*=^]\s?[0-9]+$")
_BINARY = re.compile(r"(?<![0-9.,])2$")
_BINARY_POWER = frozenset({"10", "16", "20", "32", "63", "64", "128", "256"})
_VARIABLE = re.compile(r"(?:(?<![^\W_])[B-HJ-Zb-zα-ωπ]|\bmc)$")
_MONEY = re.compile(r"[$€£¥]\s?[0-9]+$")
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![a-z])")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|e|er|ère|ere|re|me|ème|eme|nde?|ter|te|º|ª|o|os|as)", re.IGNORECASE)
_ORDINAL_OF_ONE = re.compile(r"[ad]")
_TRADE = re.compile(r"(?:tm|sm|®|™|℠|©|\(r\)|\(tm\))", re.IGNORECASE)
_ONE_MARK = r"(?:[0-9]{1,4}|[a-z]|[ivx]{1,6}|note|nb)"
_MARK = re.compile(rf"[\[(]*{_ONE_MARK}(?:[\s,;–-]+{_ONE_MARK})*[)\]]*|[*†‡§¶#\s\[\],]+")
_NOTE = re.compile(
    r"(?:^|[\s_-])(?:foot-?notes?|fn|notes?|refs?|references?|citations?|cites?|noteref)(?:$|[\s_-]|[0-9])",
    re.IGNORECASE,
)
_NEAR = 40  # characters before a raised one that are looked at

_LAYS_OUT = frozenset(
    {"table", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "article", "section", "blockquote", "form"}
)
_CELL_OF_PROSE = 200  # characters from which on a cell holds a text
_TABLE_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption")


def tidy_page(tree: Element) -> None:
    """Make a page's markup plain, in place."""
    _drop_unseen(tree)
    plain_raised(tree)
    _undo_layout(tree)


def _drop_unseen(tree: Element) -> None:
    """Take out what is struck out, and what no reader sees."""
    total: int | None = None
    for element in [*tree.iter("*")]:
        style = element.get("style") or ""
        hidden = element.get("hidden")
        struck = element.tag in _STRUCK or bool(style and _STRIKING.search(style))
        unseen = (hidden is not None and hidden.lower() != "until-found") or bool(style and _HIDING.search(style))
        if not (struck or unseen) or element.getparent() is None or element.tag in ("html", "body"):
            continue
        if struck:
            total = _length(tree) if total is None else total
            if _length(element) > _MOST_STRUCK * total > 500:
                continue
        replace(element, "")


def _length(element: Element) -> int:
    return sum(len(text) for text in element.itertext())


def plain_raised(tree: Element) -> None:
    """Write raised characters so that they can't be read as part of the number or word before them, in place."""
    for element in [*tree.iter("*")]:
        raised = _local(element) == "sup" or (
            _local(element) == "span" and _RAISING.search(element.get("style") or "") is not None
        )
        if raised and element.getparent() is not None:
            said = "".join(element.itertext())
            linked = any(_local(one) == "a" for one in (*element.iter("*"), *element.iterancestors()))
            named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
            following = element.getnext() if not (element.tail or "").strip() else None
            below = following is not None and _local(following) == "sub"
            note = linked or _NOTE.search(named) is not None
            replace(element, raised_text(_before(element), said, element.tail or "", note=note, fraction=below))


def raised_text(before: str, raised: str, after: str, *, note: bool = False, fraction: bool = False) -> str:
    """Write raised characters in a line, between what stands before and after them.

    "1st" keeps its ending, "m²" and "10⁶" get characters that are raised themselves, one half in "1¹/₂" is set apart,
    and the mark of a footnote goes: it is a ``note`` for sure where it is linked.
    """
    text = raised.strip()
    if not text:
        return raised
    mark = _MARK.fullmatch(text) is not None
    number = re.search(r"[0-9]+$", before)
    if not note:
        ordinal = number and (_ORDINAL.fullmatch(text) or (len(number[0]) == 1 and _ORDINAL_OF_ONE.fullmatch(text)))
        if ordinal or _TRADE.fullmatch(text):
            return text
        if text.isdigit() and (after[:1] in ("/", "⁄") or fraction):
            apart = f" {text}" if before[-1:].isalnum() else text
            return apart if after[:1] in ("/", "⁄") else f"{apart}/"
        if _is_power(before, text, after):
            return text.translate(_POWERS)
        if text.isalpha() and len(text) > 1 and not mark and before[-1:].isalpha():
            return text  # "M.me", "5bis": the end of a word
    if note or mark:
        return ""
    # Words that were raised for another reason stay, apart.
    return f" {text}" if before[-1:].isalnum() else text


def _is_power(before: str, text: str, after: str) -> bool:
    if text == "n" and before[-1:].isalnum():
        return True
    if not _NUMBER.fullmatch(text):
        return False
    if _UNIT_POWER.fullmatch(text):
        unit = _UNIT.search(before) and not _MILLIONS.search(before)
        if unit or (not text.isdigit() and _PER_UNIT.search(before)):
            return True
    if _FACTOR.search(before) or (_TEN.search(before) and text not in ("1", "2")):
        return True
    if _BINARY.search(before) and text in _BINARY_POWER:
        return True
    if _VARIABLE.search(before) and len(text) < 3:
        return True
    if _MONEY.search(before) and len(text) == 2:
        return True  # the cents of "$4⁹⁹"
    apart = bool(before.strip()) and not before[-1:].strip()
    return apart and len(text) > 1 and _ISOTOPE.match(after) is not None


def replace(element: Element, text: str) -> None:
    """Put a text in the place of an element; what stands behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    text += element.tail or ""
    if before is None:
        parent.text = (parent.text or "") + text
    else:
        before.tail = (before.tail or "") + text
    parent.remove(element)


def _before(element: Element) -> str:
    """Give the last characters that stand before an element in its paragraph."""
    found = ""
    while element is not None and len(found) < _NEAR:
        parent, previous = element.getparent(), element.getprevious()
        while previous is not None and len(found) < _NEAR:
            if _local(previous) == "br":
                return found
            found = ("".join(previous.itertext())[-_NEAR:] if isinstance(previous.tag, str) else "") + (
                (previous.tail or "") + found
            )
            previous = previous.getprevious()
        if parent is None:
            break
        if previous is None:
            found = (parent.text or "") + found
        if _local(parent) not in ("a", "b", "i", "em", "strong", "span", "font", "u", "small", "abbr", "cite", "q"):
            break
        element = parent
    return found[-_NEAR:]


def _undo_layout(tree: Element) -> None:
    """Make divisions of tables that hold no data: those of pages laid out in cells, and those of one column."""
    for table in reversed([*tree.iter("table")]):
        rows = [row for row in table.iter("tr") if _table_of(row) is table]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        flat = [cell for row in cells for cell in row]
        role = (table.get("role") or "").lower()
        headed = any(cell.tag == "th" for cell in flat) or table.find("caption") is not None
        laid_out = role in ("presentation", "none") or (
            not headed and (max(map(len, cells), default=0) <= 1 or any(_lays_out(cell) for cell in flat))
        )
        if laid_out:
            for part in [part for part in table.iter(*_TABLE_PARTS) if part is table or _table_of(part) is table]:
                part.tag = "div"


def _table_of(part: Element) -> Element | None:
    return next((one for one in part.iterancestors("table")), None)


def _lays_out(cell: Element) -> bool:
    """Tell whether a cell holds more than a datum: blocks of its own, or a text."""
    blocks = [one for one in cell.iter(*_LAYS_OUT) if one is not cell]
    several = len(blocks) > 1 or any(
        one.tag in ("table", "h1", "h2", "h3", "ul", "ol", "article", "form") for one in blocks
    )
    return several or _length(cell) > _CELL_OF_PROSE


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
