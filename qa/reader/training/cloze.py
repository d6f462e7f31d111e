"""Sentences into questions about what they name: the name or figure taken out, a question word in front.

After Lewis, Denoyer and Riedel, "Unsupervised Question Answering by Cloze Translation", ACL 2019, whose simplest kind
these are. Half of them are questions that somebody would ask; the encyclopedia's teach how people ask, these teach how
news tells.
"""

import re
from collections.abc import Iterator

from qa.reader.training.swaps import Swappable, swappable

ASKED = 7
"""Words that a question keeps on either side of the gap."""

_CUT = re.compile(r"[;:—–]|--|[\"“”()]| - ")
_FIRST = re.compile(r"[A-Z][\w-]*\w(?: [A-Z][\w-]*\w)*")
_PART_BEFORE = re.compile(r"(?:[A-Z][\w.]*[\w.-]|[&-]) ?$(?<!\b(?:Mr|Ms|Dr)\. )(?<!\b(?:Mrs|Sen|Rep|Gov|Gen)\. )")
_PART_BEHIND = re.compile(r" (?:[A-Z&])|\.\w|\. [^A-Z]|-")
_NO_NAME = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|The|This|That|These|It|He|She|We|You|They|There|And|But|In|On|If|An?"
    r"|As|At|For|His|Her|Mr|Mrs|Ms|Image|Photo|Copyright|Advertisement|Read|More|\w)$"
)
_TITLES = re.compile(r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Sgt|President|Senator|Governor|Judge|Mayor|Chancellor)\.? ?$")
_SPEAKS = re.compile(
    r"(?:,? (?:who|said|says|told|tweeted|announced|added|testified|died|was (?:born|elected|named)))\b"
)
_PLACED = re.compile(r"\b(?:in|near|at|outside|from|across) $")
_DATED = re.compile(r"\b(?:in|since|by|until|during|of) $")


def gaps(sentence: str) -> Iterator[Swappable]:
    """Names, figures and years that can be asked for: whole ones, without the possessive."""
    found = [one for one in swappable(sentence) if one.kind not in ("word", "month")]
    if first := _FIRST.match(sentence):
        found.append(Swappable(*first.span(), "name"))
    for one in found:
        text = re.sub("[’']s$", "", sentence[one.start : one.end])
        gap = Swappable(one.start, one.start + len(text), one.kind)
        before, behind = sentence[: gap.start], sentence[gap.end :]
        if one.kind == "name" and (_PART_BEFORE.search(before) or _PART_BEHIND.match(behind) or _NO_NAME.match(text)):
            continue
        yield gap


def question(sentence: str, gap: Swappable) -> str:
    """The words around the gap, those of its own clause, behind the question word for what stood there."""
    before, behind = sentence[: gap.start], sentence[gap.end :].rstrip(' .”"')
    asking, before, behind = _asking(gap, before, behind)
    before, behind = _CUT.split(before)[-1], _CUT.split(behind)[0]
    words = [asking, *before.split()[-ASKED:], *behind.split()[:ASKED]]
    return " ".join(words).rstrip(",") + "?"


def _asking(gap: Swappable, before: str, behind: str) -> tuple[str, str, str]:
    """The question word, with what it takes the place of cut away."""
    if gap.kind == "year":
        return "When", _DATED.sub("", before), behind
    if gap.kind == "number":
        if before.endswith("$"):
            return "How much", before[:-1], re.sub(r"^ (?:million|billion|trillion)\b", "", behind)
        if match := re.match(r"\s?(?:%|percent|per cent)", behind):
            return "What percentage", before, behind[match.end() :]
        return "How many", before, behind
    if match := re.match("[’']s ", behind):
        return "Whose", before, behind[match.end() :]
    if match := _TITLES.search(before):
        return "Who", before[: match.start()], behind
    if _SPEAKS.match(behind):
        return "Who", before, behind
    if match := _PLACED.search(before):
        return "Where", before[: match.start()], behind
    return "What", before, behind
