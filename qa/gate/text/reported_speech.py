"""Reported speech: the speaker of a statement, which prose may omit, add or change."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.gate.text.clauses import Clause
from qa.gate.text.metonyms import governments
from qa.gate.text.quoted_sentences import QuotedSentence
from qa.gate.text.synonyms import near
from qa.gate.text.word_classes import is_generic, is_number, is_verb
from qa.gate.text.words import Word, content, words

SAYING = re.compile(
    r"\b(?:say|says|said|saying|told|tells|tell|telling|announced?|announces|announcing|according to|"
    r"report(?:ed|s)(?= that\b|,|\.| on\b| in\b| it\b|$)|"
    r"added|adds|noted|notes|stated|claimed|claims|argued|answered|replied|explained|confirmed|warned|complained|in "
    r"the "
    r"words of|wrote|cited by|as per|insist(?:s|ed)|acknowledged|recalled(?= (?:that|how))|ruled|"
    r"stressed|declared|conceded|concluded|testified|maintain(?:s|ed)(?= (?:that|in)\b)|emphasi[sz]e[sd]?|"
    r"caution(?:s|ed)|contend(?:s|ed)|remark(?:s|ed)|"
    r"pointed out|disclosed|puts?(?=\s[^.,;]{1,80}\sat\s(?:[a-z]+\s){0,2}[$€£\d]))\b",
    re.IGNORECASE,
)
ATTRIBUTED = re.compile(
    rf"{SAYING.pattern}|\b(?:called|calls|describ(?:ed|es)|blam(?:ed|es)|found|finds|estimat(?:ed|es)|believes?|thinks?|"
    r"suspects|declared|put(?:s|ting)?\b[^,.;]*\bat|counted|fears?|expects?|hopes?|accus(?:ed|es)|alleg(?:e|es|ed)|"
    r"credit(?:s|ed)|attribut(?:es|ed)|denied|denies|show(?:s|ed)?|"
    r"suggest(?:ed|s)|advis(?:ed|es)|urg(?:ed|es)|recommend(?:s|ed)|argues|sees|considers|views?|in the view of)\b",
    re.IGNORECASE,
)
"""Words that tell whose word something is, those of other meanings too."""
_TURN = re.compile(r"[;.]\s|,\s(?:but|while|whereas|although|though|and)\b")
_BESIDE = re.compile(
    r"(?:(?<=,\s)|^)(?:the|a|an|its|his|her|their|The|A|An|Its|His|Her|Their)"
    r"(?:\s(?!(?:is|are|was|were|has|had|have|will|to|that)\b)[\w’'-]+){1,6}"
    r",\s[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*$"
)
_CALLING = re.compile(r"\b(?:call(?:s|ed)|describe[sd]|brand(?:s|ed)|dubbed|labelled)\s(?!for|on|off|to|in|out|up\b)")
_TELLING = re.compile(
    r"\b(?:that|whether|how|why|is|are|was|were|will|would|could|may|might|has|have|had|can|not|to)\b|[“\"]"
)
_ITS_OWN = re.compile(
    r"\W*(?:on \w+day,? )?(?:that )?(?:its (?!\w+ (?:is|was|were|are) )|"
    r"it (?:would|will|plans|planned|expects|expected|is to|has agreed|had agreed)\b)"
)
"""What a company says of its own results and plans is told as it is."""
_NOUNS = frozenset("reports notes claims answers".split())
_NOMINAL = re.compile(
    r"\b(?:the|an?|these|those|its|his|her|their|some|such|any|no|of|on|in|to|deny|denied|denies|confirm|confirmed)\s$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:Unlike|Like|With|After|Under|Despite|Besides|Following|In|At|On)\b[^,;]*,")
_POINTERS = frozenset("one both he she they it his her its their the this these another".split())
"""Words of a speaker that point at somebody named before."""
_SUBJECT = 4
"""Words that a sentence begins with where no verb shows the end of its subject."""
_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")
_PARTS = re.compile(r"[,;]\s(?:whereas|while|but|although|though)\s")
_DENIED_BY = re.compile(r",\swhich\s(?P<who>[^,;]{2,40}?)\s(?:denies|denied|rejects|rejected|disputes|disputed),\s$")
"""Who says what stands behind: "which the company denies, saying"."""
_BY = 7
"""Words behind "reported by" that say by whom."""
USED = 0.4
"""Part of what somebody said, or of what a hedge bears on, that a clause must say to be bound by it."""


def speaker(text: str, match: re.Match[str]) -> list[Word]:
    """Who says it, where a text has a word of saying: up to twelve words before it, or behind "according to"."""
    if match[0].casefold() in ("according to", "in the words of", "as per", "cited by"):
        end = re.search(r"[,;.]|\bwho\b|\bthat\b", text[match.end() :])
        return words(text[match.end() :][: end.start() if end else None])
    if relative := re.search(
        r",\s(?:(?:and\s)?(?:who|whose|which)\b(?:[^,;.]|,(?=\d))*,?|(?:the|a|an|its|his|her|their|[A-Z][\w-]*['’]s)\s[^,;.]*,)\s*$",
        text[: match.start()],
    ):
        # "Osei, who led the study, said"
        return words(re.split(r"[,;.]\s", text[: relative.start()])[-1])[-12:]
    if match[0].endswith("ing") and re.search(r",\s$", text[: match.start()]):
        # "Bantilan Lines disputed it, saying": the one that the sentence begins with.
        if beside := _DENIED_BY.search(text, 0, match.start()):
            return words(beside["who"])
        return _subject(text[: match.start()])
    if match[0].endswith("ing") and re.search(
        r"\b(?:report|claim|statement|letter|study|note|message)s? $", text[: match.start()]
    ):
        return []
    before = text[: match.start()].rstrip(" ,")
    if beside := _BESIDE.search(before):
        return words(beside[0])  # "its chief executive, Rosa Lindqvist, said"
    inverted = re.search(r",\W*$", text[: match.start()]) and not match[0].casefold().startswith("t")
    if inverted and not re.match(r"\W*that\b", text[match.end() :]):
        after = re.split(r"[,;.]|\b(?:that|who)\b", text[match.end() :])[0]
        behind = words(after)
        if (
            any(word.content for word in behind)
            and not _TELLING.search(after)
            and not any(is_verb(word) and not word.name for word in behind[:-1])
            and behind[0].lower not in ("in", "on", "at", "last", "this")
        ):
            return behind  # ", said two lawyers"
    if re.search(r"\b(?:and|but)$", before):
        # "He signed it and said": the one that the sentence begins with, or its last part.
        return _subject(_PARTS.split(_QUOTED.sub("", before))[-1])
    begin = max((one.end() for one in re.finditer(r"[;.:]|,[\"”’]?\s|\b(?:and|but|because|that)\s", before)), default=0)
    named = words(before[begin:])
    if not any(one.content for one in named):
        behind = words(re.split(r"[,;.]|\bthat\b", text[match.end() :])[0])[:4]
        return named or behind
    if is_verb(named[0]) and not named[0].name:
        # "Ndirito, once his deputy, pleaded guilty, testified": the one that the sentence begins with.
        return _subject(before)
    return named[-12:]


def _subject(text: str) -> list[Word]:
    """The words that a text begins with, up to its first verb."""
    first = words(text)
    return first[: next((at for at, word in enumerate(first) if at and is_verb(word)), _SUBJECT)]


def is_order(text: str, match: re.Match[str]) -> bool:
    """Whether it is "told them to": an order, no report; or says that nothing was said."""
    before = text[: match.start()].casefold()
    if match[0][0].isupper() and before.strip():
        return True  # a name
    if re.match(r"\s(?:of|about)\b", text[match.end() :]):
        return True  # "people told of the step"
    if match[0].casefold().startswith("t") and re.match(r"(?: \w+){1,4} to\b| \w+ so\b", text[match.end() :]):
        return True
    return bool(re.search(r"\b(?:not|neither|never|to|were|was|been|be|being)\s$", before))


def governed_by(text: str, match: re.Match[str]) -> str:
    """The part of a sentence that somebody is said to have said."""
    behind, before = text[match.end() :], text[: match.start()]
    if quoted := re.findall(r"[“\"][^“”\"]+[”\"]", before):
        return " ".join(quoted)
    if re.match(r"\W*;", behind):
        return before
    behind = re.split(r";|,?\s(?:while|whereas)\s", behind)[0]
    if re.search(r'[,!?]["”’]?\s$', before) and not re.match(r"\W*(?:that|it|they|he|she|the)\b", behind):
        return before  # ", said two lawyers, who"
    told = match[0].casefold().startswith("t") and not _TELLING.search(behind)
    if told and not any(is_verb(word) for word in words(behind)):
        return re.split(r";\s", before)[-1]  # "..., two importers told the Dispatch on Thursday"
    if re.match(r"\W*(?:(?:on|in|at|this|last) [\w ]+|yesterday|today)?\W*$", behind):
        return re.split(r";\s", before)[-1]
    if re.match(r",|\s(?:on|in)\s\w+[,.]", behind):
        return before
    if match[0].casefold() == "according to" and before.strip():
        return before
    return behind


def unattributed(sentence: str, clause: Clause, unit: QuotedSentence, told: Sequence[QuotedSentence]) -> Iterator[str]:
    """The words that say who says it, where a clause leaves them out, adds them or has others."""
    mine, theirs = [*_sayings(sentence)], [*_sayings(unit.text)]
    themselves, beside = _speakers(unit, told)
    known = themselves | beside
    calling = set(known)
    for match in _CALLING.finditer(unit.text):
        whose = speaker(unit.text, match)
        calling |= {word.stem for word in whose}
        if any(word.lower in _POINTERS for word in whose):
            calling |= unit.before
    stems = content(sentence)
    for match in [*theirs, *_CALLING.finditer(unit.text)]:
        by = {word.stem for word in speaker(unit.text, match) if word.content}
        if not is_order(unit.text, match) and not ATTRIBUTED.search(sentence) and not (by and by <= stems):
            part = governed_by(unit.text, match)
            if match.re is _CALLING:
                part = re.split(r",\s|\s(?:and|but)\s", part)[0]
            names = {word.stem for word in speaker(unit.text, match) if word.name}
            if _ITS_OWN.match(part) and (stems & names or 2 * len(by & stems) >= len(by)):
                continue  # "Norrvik said its profit rose"
            governed = content(part) - by
            shared = governed & clause.stems
            if len(shared) >= 2 and len(shared) >= USED * len({word.stem for word in clause.content}):
                yield match[0]
    begin = sentence.find(clause.text)
    for match in [*mine, *_CALLING.finditer(sentence)]:
        if begin <= match.start() < begin + len(clause.text) and not is_order(sentence, match):
            whose = [word for word in speaker(sentence, match) if word.content and not is_number(word)]
            who = (calling if _CALLING.match(sentence, match.start()) else known) | unit.source
            strange = [
                word
                for word in whose
                if not (who if word.name else who & themselves | unit.source)
                & {word.stem, *near(word.stem), *governments(word)}
            ]
            if any(word.name for word in whose) and not any(word.name for word in strange):
                continue  # "farmer Andreu Pons": what else is said of somebody is looked at with the other words
            if any(word.name for word in whose if word not in strange):
                strange = [word for word in strange if not (word.name and word.stem in unit.around)]
            # Of one who does speak, more may be said; of another one not.
            if _stands_for(whose, unit):
                continue  # "the company"
            named = any(word.name for word in whose if word not in strange) or not any(word.name for word in strange)
            if strange and not (named and len(strange) < len(whose) and all(one.stem in unit.stems for one in strange)):
                yield " ".join(word.text for word in strange)


def _stands_for(whose: Sequence[Word], unit: QuotedSentence) -> bool:
    """Whether a speaker is told by kind alone where a name or a pronoun speaks in the quote."""
    if not whose or not all(is_generic(word) for word in whose):
        return False
    return any(
        not any(word.content for word in them) or any(word.name or word.lower in _POINTERS for word in them)
        for them in (speaker(unit.text, match) for match in _sayings(unit.text))
    )


def _sayings(text: str) -> Iterator[re.Match[str]]:
    for match in SAYING.finditer(text):
        if match.start() and match[0][0].isupper():
            continue  # "Cell Notes"
        if match[0].casefold() in _NOUNS and _NOMINAL.search(text[: match.start()]):
            continue  # "the reports"
        yield match


def _speakers(unit: QuotedSentence, told: Sequence[QuotedSentence]) -> tuple[set[str], set[str]]:
    """The stems of all who say something in a sentence of a quote, those included that its words point at; and of what
    else is told of them there.
    """
    known: set[str] = set(unit.source)
    beside: set[str] = set()
    for match in ATTRIBUTED.finditer(unit.text):
        whose = speaker(unit.text, match)
        known |= {word.stem for word in whose}
        if unit.text[match.end() :].startswith(" by "):
            known |= {word.stem for word in words(unit.text[match.end() :])[:_BY]}
        governed = {word.stem for word in words(governed_by(unit.text, match))}
        beside |= {word.stem for word in words(_part(unit.text, match.start(), match.end()))} - governed
        if not any(word.content for word in whose):
            # "He signed it and said": the one that the sentence begins with.
            known |= {word.stem for word in words(unit.text)[:4]} | unit.before
        elif any(word.lower in _POINTERS for word in whose):
            own = whose[0].lower in ("its", "his", "her", "their")
            if any(word.name for word in whose) and not own:
                continue
            known |= unit.before
            if any(one.lower == "the" and is_generic(other) for one, other in pairwise(whose)):
                known |= {word.stem for word in words(unit.text) if word.name}  # "people at the companies"
            if own or all(is_generic(word) or word.lower in _POINTERS for word in whose if word.content):
                known |= {word.stem for word in words(_LEADING.sub("", unit.text[: match.start()])) if word.name}
            for other in told:
                if other is not unit and other.article_id == unit.article_id and other.place < unit.place:
                    for before in _sayings(other.text):
                        known |= {word.stem for word in speaker(other.text, before)}
    return known, beside


def _part(text: str, start: int, end: int) -> str:
    """What is said between one "but", "while" or the like and the next, around a word."""
    before = [one.end() for one in _TURN.finditer(text, 0, start)]
    behind = _TURN.search(text, end)
    return text[before[-1] if before else 0 : behind.start() if behind else len(text)]
