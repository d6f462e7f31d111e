"""Attribution: whether the quotes have another speaker for what a sentence reports."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.gate.text.quoted_sentences import QuotedSentence
from qa.gate.text.reported_speech import ATTRIBUTED, governed_by, is_order, speaker
from qa.gate.text.words import content, words

_FEWEST = 3
"""Words of what is said that must stand in what another one said."""
_LEAST = 0.6
"""Part of what is said that another one must have said."""
_BESIDE = 8
"""Words before "said" among which the name stands that is told of between commas."""
_BREAK = re.compile(r",?\s(?:but|while|whereas|although|though)\s|;\s")


class _Said(NamedTuple):
    """What is said in a text, as stems, and the names of who says it; none where a pronoun does."""

    by: frozenset[str]
    what: frozenset[str]


def other_speaker(sentence: str, told: Sequence[QuotedSentence]) -> str:
    """The names of a speaker in a sentence whose words another one said in the quotes; or ""."""
    theirs = [one for unit in told for one in _said(unit.text, unit.before)]
    for mine in _said(sentence):
        if not mine.by or len(mine.what) < _FEWEST:
            continue
        own = max((len(mine.what & one.what) for one in theirs if mine.by & one.by or not one.by), default=0)
        others = max((len(mine.what & one.what) for one in theirs if one.by and not mine.by & one.by), default=0)
        if others >= max(_FEWEST, _LEAST * len(mine.what)) and 2 * own < others:
            return " ".join(sorted(mine.by))
    return ""


def _said(text: str, before: frozenset[str] = frozenset()) -> Iterator[_Said]:
    """What is said in a text; ``before`` are the stems of the sentence before, which "she" points at."""
    found = [match for match in ATTRIBUTED.finditer(text) if not is_order(text, match)]
    for match in found:
        named = speaker(text, match)
        if " " not in match[0] and text[: match.start()].rstrip().endswith(","):
            named = (
                named + words(re.split(r"[.;]\s", text[: match.start()])[-1])[-_BESIDE:]
            )  # "Enge, the minister, said"
        names = frozenset(word.stem for word in named if word.name and word.content)
        part = governed_by(text, match)
        if text.find(part) > match.start():
            part = _BREAK.split(part)[0]
            later = [one.start() - match.end() for one in found if one.start() > match.end()]
            part = part[: min(later)] if later else part
        if not names and {word.lower for word in named} & {"he", "she"}:
            names = before
        yield _Said(names, frozenset(content(part) - names))
