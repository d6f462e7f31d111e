"""Passages in quotation marks: each must be in one of the cited quotes word for word."""

import re
from collections.abc import Iterable, Sequence

_PASSAGE = re.compile(r"[“„«]([^“”„«»]*)[”“»]|\"([^\"]*)\"|(?<![\w])[‘']([^‘’']+(?:['’]\w[^‘’']*)*)[’'](?!\w)")
_MARKS = re.compile(r"[“”„«»\"]")
_OTHER = str.maketrans(dict.fromkeys("‟＂「」『』", '"') | dict.fromkeys("‚‛", "'"))
"""Marks of other hands, each as the one that stands for it."""
_EDGES = " \t\n.,;:!?…"


def misquoted(text: str, quotes: Sequence[str]) -> Iterable[str]:
    """The passages of a sentence that it quotes and no cited quote has; typographic marks and white space aside.

    Where a mark has no partner, what stands on one side of it must be quoted.
    """
    held = [_plain(one) for one in quotes]
    rest = text = text.translate(_OTHER)
    for match in _PASSAGE.finditer(text):
        passage = next(one for one in match.groups() if one is not None)
        rest = rest.replace(match[0], " " * len(match[0]))
        if not _stands(passage, held):
            yield passage
    for match in _MARKS.finditer(rest):
        if not (_stands(text[: match.start()], held) or _stands(text[match.end() :], held)):
            yield text[match.end() :].strip() or text[: match.start()].strip()


def _stands(passage: str, held: Sequence[str]) -> bool:
    bare = _plain(passage).strip(_EDGES)
    return bool(bare) and any(re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", one) for one in held)


def _plain(text: str) -> str:
    text = re.sub(r"[“”„«»]", '"', re.sub(r"[‘’]", "'", text.translate(_OTHER)))
    return " ".join(text.split()).casefold()
