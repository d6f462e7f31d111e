"""Denials and hedges of a quote that a clause omits, and those that it adds."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from corpus.sentences import sentences
from qa.gate.faults import Fault
from qa.gate.text.clauses import Clause
from qa.gate.text.cues import Cue, bare, cues, denied, kept
from qa.gate.text.quoted_sentences import QuotedSentence, stems
from qa.gate.text.reported_speech import ATTRIBUTED, SAYING, USED
from qa.gate.text.synonyms import near, nearby
from qa.gate.text.word_classes import is_verb
from qa.gate.text.words import stem, words

_EACH = "all|each|every|everything|everyone|everybody|both"
_JOINING = frozenset("against despite except unlike together jointly altogether entirely fully completely".split())
_WHOLE = 3
"""Words that a hedge of another sentence bears on by which a clause is known to be about it."""
_EVERY = re.compile(r"\bevery (?:year|month|week|day)\b")
_ANNUAL = re.compile(r"\b(?:annual|yearly|monthly|weekly|daily|(?:a|per|each) (?:year|month|week|day))\b")
_OPPOSING = re.compile(
    r"\b(?:vot|spoke|rul|decid|decision|advis|argu|campaign|protest|appeal|warn|lobb|case|evidence)\w*\s(?:\w+\s){0,2}against\b"
)
_POINTING = frozenset("ani any it this that so them".split())
_UNDONE = re.compile(r"un\w+(?:ed|ld|id|en|wn)", re.IGNORECASE)
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non-")
_OR = re.compile(r"\bn?or\b")
_MEANS = re.compile(r"think\w*|thought|believes?|reckons?|estimates?|claim(?:s|ed)?|suggest(?:s|ed)?", re.IGNORECASE)
"""Words that claim no more than what somebody says."""
_ONLY = "only|sole|solely|alone|exclusively|nothing but|just"
_ONLY_WHEN = re.compile(r"only (?:when|once|if|after|where|until|by)\b", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:except|apart from|other than|excluding)\b")
_BARE = frozenset("not no never nothing none nobody neither nor cannot n't".split())
_CLAIMED = re.compile(r"(?:claim|alleg|accus|suggest)", re.IGNORECASE)
_CLAIMING = re.compile(rf"{SAYING.pattern}|\b(?:credit|blam|accus|alleg|attribut|disput|suspect)\w*\b", re.IGNORECASE)
_DENIALS = ("negation", "weak")
_MOST = 0.6
"""Part of what a denial bears on that a clause must say to be bound by it, where it does not say the first of it."""


def hedged(sentence: str, clause: Clause, unit: QuotedSentence) -> Iterable[Fault]:
    """Denials and hedges that are lost or added."""
    mine, theirs = cues(clause.text), cues(unit.text)
    all_mine = mine + cues(sentence)
    denials = [cue for cue in all_mine if cue.kind in _DENIALS]
    lost = _lost([cue for cue in theirs if cue.kind == "negation"], denials, listed=bool(_OR.search(clause.text)))
    for cue in theirs:
        if cue.kind in ("wholly", "future", "weak") or not _bound(cue, clause, unit):
            continue
        if cue.kind == "negation":
            if cue in lost and not cue.scope & bared(clause.stems):
                yield Fault("negation", cue.text)
        elif (
            cue.text.casefold() not in sentence.casefold()
            and not (_CLAIMED.match(cue.text) and _CLAIMING.search(sentence))
            and not bared(frozenset((stem(cue.text),))) & denied(sentence)
            and not kept(cue, _standing_for(cue, all_mine, theirs), sentence)
            and not _reported_will(cue, mine, unit)
            and not (cue.text == "would" and re.search(r"(?<!has)(?<!had)(?<!have) to be ", sentence))
        ):
            yield Fault("hedge", cue.text)
    if _EXCEPT.search(unit.text) and not _EXCEPT.search(sentence) and re.search(r"\b(?:all|any|every)\b", clause.text):
        yield Fault("hedge", "except")
    for cue in theirs:
        if cue.kind == "future" and _bound(cue, clause, unit) and not kept(cue, all_mine, sentence):
            yield Fault("hedge", cue.text)
    undone = bared(unit.stems) - unit.stems - denied(sentence)
    for word in clause.words:
        if word.stem in undone and (word.content or word.lower == "able"):
            yield Fault("negation", word.text)
    for cue in mine:
        if cue.kind == "weak":
            if stem(cue.text) not in unit.stems and not any(one.kind in _DENIALS for one in theirs):
                yield Fault("negation", cue.text)
        elif cue.kind == "negation":
            if (
                cue.text.casefold().startswith("den")
                and cue.scope <= _POINTING
                and any(one.kind in _DENIALS for one in theirs)
            ):
                continue  # "denied that there were any"
            if cue.text.casefold() not in _BARE and near(stem(cue.text)) & unit.stems:
                continue  # "avoid" of "leave alone"
            if not any(one.kind in _DENIALS and _meet(one, cue) for one in theirs) and not cue.scope & bared(
                unit.stems
            ):
                yield Fault("negation", cue.text)
        elif cue.kind == "wholly":
            if _ONLY_WHEN.search(clause.text, clause.text.find(cue.text)):
                continue  # of a condition, which is looked at as one
            if cue.text.casefold() == "both" and (
                re.search(r"\band\b", clause.text) or re.search(r"\b(?:two|pair|and|each)\b", unit.text)
            ):
                continue
            if cue.text.casefold() == "most" and re.search(r"\b[a-z]{3,}est\b", unit.text):
                continue  # "suffer most" of "hit hardest"
            if cue.text.casefold() == "against" and not _OPPOSING.search(clause.text):
                continue  # "two points against the champion"
            if cue.text.casefold() == "every" and _EVERY.search(clause.text) and _ANNUAL.search(unit.text):
                continue
            told = cue.text.casefold()
            among = next((like for like in (_EACH, _ONLY) if told in like.split("|")), re.escape(told))
            if not re.search(rf"\b(?:{among})\b", unit.text, re.IGNORECASE) and not (
                told in _JOINING and near(stem(told)) & unit.stems
            ):
                yield Fault("added", cue.text)
        elif not (
            cue.kind in ("part", "doubt", "plan", "duty")
            or cue.text.casefold() == "once"
            or (cue.text.casefold() == "if" and any(one.kind == "possibility" for one in theirs))
            or kept(cue, theirs, unit.text)
            or stems(cue.text) & unit.around
            or bared(frozenset((stem(cue.text),))) & denied(unit.text)
            or (cue.kind == "future" and re.search(rf"\bto (?:be )?{re.escape(cue.focus[:4])}", unit.text))
            or (cue.text == "would" and any(one.kind == "future" or one.text.startswith("rul") for one in theirs))
            or (cue.kind == "expectation" and any(one.kind == "future" for one in theirs))
            or (_MEANS.fullmatch(cue.text) and ATTRIBUTED.search(unit.text))
        ):
            yield Fault("hedge", cue.text)


def elsewhere(sentence: str, clause: Clause, unit: QuotedSentence, told: Sequence[QuotedSentence]) -> Iterable[Fault]:
    """Hedges that another cited sentence has of all that a clause says with it, and the clause not."""
    for other in told:
        if other.text in unit.text:
            continue
        for cue in cues(other.text):
            about = (
                cue.kind in ("possibility", "expectation") and len(cue.scope) >= _WHOLE and cue.scope <= clause.stems
            )
            if about and not kept(cue, [one for one in cues(sentence) if one.scope & cue.scope], sentence):
                yield Fault("hedge", cue.text)


@lru_cache(maxsize=1_024)
def bared(of: Set[str]) -> frozenset[str]:
    """The stems that some deny by how they begin: "complete" of "incomplete"."""
    return frozenset(
        form
        for one in of
        if one.startswith(_PREFIXES)
        for prefix in _PREFIXES
        if one.startswith(prefix)
        for form in (one.removeprefix(prefix), stem(one.removeprefix(prefix)))
    )


def _standing_for(cue: Cue, mine: list[Cue], theirs: list[Cue]) -> list[Cue]:
    """The cues of a clause that can tell a hedge of the quote: not those that it has from another place there."""
    others = [one for one in theirs if one is not cue and one.text.casefold() != cue.text.casefold()]
    if cue.kind == "condition":
        texts = {one.text.casefold() for one in others if one.kind not in ("condition", "supposed")}
        return [one for one in mine if one.kind == "condition" or one.text.casefold() not in texts]
    return [
        one
        for one in mine
        if one.scope & cue.scope
        or not any(one.text.casefold() == other.text.casefold() and one.scope & other.scope for other in others)
    ]


def _bound(cue: Cue, clause: Clause, unit: QuotedSentence) -> bool:
    """Whether a clause says what the cue bears on."""
    shared = cue.scope & clause.stems
    if cue.kind == "negation":
        # What the quote also says without the denial.
        told, own = (Counter(bare(word) for word in words(text)) for text in (_denying(cue, unit), clause.text))
        shared = frozenset(one for one in shared if told[one] < 2 or told[one] <= own[one])
        if cue.focus in shared or (near(cue.focus) & clause.stems and shared - {cue.focus}):
            return True
        part = _MOST if cue.text.casefold() in ("not", "cannot") or cue.text.endswith("t") else USED
        return len(shared) >= max(2.0, part * len(cue.scope))
    done = {word.stem for word in words(unit.text) if is_verb(word)}
    verbs = {word.stem for word in clause.words if is_verb(word)} & done - {"say"}
    theirs = done & cue.scope
    besides = verbs - cue.scope and not verbs & cue.scope
    if cue.kind != "supposed" and besides and (cue.focus not in shared or theirs - clause.stems):
        return False  # it tells of what was done besides
    if cue.kind == "supposed":
        return 2 * len(shared) >= len(cue.scope) > 0
    also = cue.focus in cue.scope & clause.stems  # but said without the denial too
    if len(shared) >= 2 and theirs & shared:
        return True
    return bool(shared) and (also or len(shared) >= max(2.0, USED * len(cue.scope)))


def _denying(cue: Cue, unit: QuotedSentence) -> str:
    """The sentence of a support in which a denial stands."""
    for start, end in sentences(unit.text):
        said = unit.text[start:end]
        if re.search(rf"\b{re.escape(cue.text)}\b", said) and cue.focus in {bare(word) for word in words(said)}:
            return said
    return unit.text


def _lost(theirs: Sequence[Cue], mine: Sequence[Cue], *, listed: bool) -> list[Cue]:
    """The denials that none of these stands for, each for one at most; for more where it is of a list: "not A or B"."""
    free = [*dict.fromkeys(mine)]
    lost = [*theirs]
    for alike in (True, False):
        for cue in sorted(lost, key=lambda one: not any(one.scope & other.scope for other in mine)):
            meeting = (one for one in free if _meet(one, cue) and (one.text.casefold() == cue.text.casefold()) >= alike)
            best = max(meeting, key=lambda one: len(one.scope & cue.scope), default=None)
            if best is not None:
                lost.remove(cue)
                if not listed:
                    free.remove(best)
    return lost


def _meet(one: Cue, other: Cue) -> bool:
    """Whether two denials may deny the same: what they bear on is said in like words."""
    if one.text.casefold() == other.text.casefold() and one.text.casefold() not in _BARE:
        return True
    if _itself(other) & one.scope or _itself(one) & other.scope:
        return False  # "not exempt"
    if all(any(stem(word) == "say" for word in cue.scope) for cue in (one, other)):
        return True  # "could not say", "could not tell"
    for this, that in ((one, other), (other, one)):
        if this.kind == "weak" and _UNDONE.fullmatch(this.text):
            return bool(nearby(bared(frozenset(_itself(this)))) & that.scope)
    if (one.scope | _itself(one)) & (other.scope | _itself(other)):
        return True
    for this, that in ((one, other), (other, one)):
        if this.text.casefold() in ("no", "none", "nobody", "nothing") and this.scope & that.before:
            return True  # "no contact was made", "contact has not been made"
    return any(
        near(word) & (two.scope | _itself(two))
        for it, two in ((one, other), (other, one))
        for word in {it.focus, *_itself(it)}
    )


def _itself(cue: Cue) -> set[str]:
    """The stem of a word that denies by itself: "unaware"."""
    return {stem(cue.text)} if cue.kind == "weak" else set()


def _reported_will(cue: Cue, mine: list[Cue], unit: QuotedSentence) -> bool:
    """Whether "would" is how a report tells "will"."""
    return (
        cue.text == "would"
        and SAYING.search(unit.text) is not None
        and any(one.kind in ("future", "expectation") for one in mine)
    )
