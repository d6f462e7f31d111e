"""Causes that a sentence gives but the quotes don't: added by the writer, or those of something else."""

import re
from collections.abc import Iterator, Sequence

from corpus.sentences import sentences
from qa.gate.text.quoted_sentences import QuotedSentence
from qa.gate.text.words import content

_CAUSES = re.compile(
    r"\b(?:because|therefore|hence|consequently|as a result|(?<!is )(?<!are )(?<!was )(?<!were )(?<!s )due to|"
    r"thanks to|owing to|caus(?:e|es|ed|ing)|led to|"
    r"leads to|prompt(?:s|ed|ing)|in response|in retaliation|so that|"
    r"so(?! (?:is|are|was|were|far|do|did|has|had)\b))\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:citing|cited|blam\w+|attribut\w+|resulting|reasons?|causes?|owing|for fear)\b", re.IGNORECASE
)
"""Other words by which a sentence gives a cause."""
_CLAUSE = re.compile(r"[,;]\s|\s(?:and|but|while)\s")


def invented(text: str, used: Sequence[QuotedSentence]) -> Iterator[str]:
    """The words of a text that give a cause which no quote gives, or the cause of something else.

    It may be given where a sentence that the text rests on gives one, or two that stand beside each other say both.
    """
    if not (given := _causes(text)):
        return
    told = [unit.text[start:end] for unit in used for start, end in sentences(unit.text)]
    causal = [said for said in told if _causes(said)]
    if causal:
        if all(_other_effect(text, said) for said in causal):
            yield given[0]
    elif not any(_GIVEN.search(said) for said in told) and not any(map(_follow, used, used[1:])):
        yield given[0]


def _causes(text: str) -> list[str]:
    return [match[0] for match in _CAUSES.finditer(text)]


def _follow(one: QuotedSentence, other: QuotedSentence) -> bool:
    """Whether one stands beside the other in an article."""
    return one.article_id == other.article_id and abs(one.place - other.place) == 1


def _other_effect(text: str, said: str) -> bool:
    """Whether both give one cause, and what came of it by the text stands nowhere in what was said."""
    (effect, cause), (_, why) = (one.split(_causes(one)[0], 1) for one in (text, said))
    came, gave = content(_CLAUSE.split(effect.rstrip(" ,"))[-1]), content(cause)
    return bool(gave) and 2 * len(gave & content(why)) >= len(gave) and 3 * len(came & content(said)) < len(came)
