"""JSON-LD as it stands in the scripts of pages: in comments, and not always good JSON."""

import json
import re
from html import unescape

# What programs put around JSON in a script: comments of HTML and JavaScript, marks of CDATA.
_WRAPPER = re.compile(r"(?:\s+|//|/\*|\*/|<!--|--!?>|<!\[CDATA\[|\]\]>|[;,])+")
# Outside of strings: comments, and commas with nothing behind them. A string that is not closed runs to the end.
_COMMENTS = re.compile(r'("(?:[^"\\]|\\.)*(?:"|\Z))|/\*.*?(?:\*/|\Z)|//[^\n]*', re.DOTALL)
_COMMAS = re.compile(r'("(?:[^"\\]|\\.)*(?:"|\Z))|,(?=\s*[}\]])', re.DOTALL)


def parse_linked_data(text: str) -> list[object]:
    """Parse JSON as it stands in scripts: in comments, with semicolons, commas too many, or several values.

    Gives what can be read up to a fault.
    """
    if "&quot;" in text and '"' not in text:
        text = unescape(text)
    found, place = _values(text)
    rest = text[place:]
    if rest.strip():
        # Once as it is, where "// <![CDATA[" stands in one line with the value, and once without its comments.
        wrapper = _WRAPPER.match(rest)
        for part in (rest[wrapper.end() if wrapper else 0 :], _COMMENTS.sub(_string_only, rest)):
            if more := _values(_COMMAS.sub(_string_only, part))[0]:
                return found + more
    return found


def _values(text: str) -> tuple[list[object], int]:
    """Read one value after the other; gives them, and the place behind the last."""
    decoder = json.JSONDecoder(strict=False)
    found: list[object] = []
    place = 0
    while True:
        wrapper = _WRAPPER.match(text, place)
        begin = wrapper.end() if wrapper else place
        if begin >= len(text):
            return found, begin
        try:
            value, place = decoder.raw_decode(text, begin)
        except (ValueError, RecursionError):
            return found, place
        found.append(value)


def _string_only(match: re.Match[str]) -> str:
    return match[1] or ""
