"""Whether a date in a sentence is past or ahead, by the verb that it goes with: "ruled" or "will rule on Friday".

The verb nearest before the date decides, in its own clause first; then the one that follows it; then those of other
clauses. Words of a deadline ("by", "until") and verbs that look ahead ("agreed to meet") count as well.
"""

import re
from collections.abc import Sequence
from enum import Enum

_REACH = 300
"""Characters on each side in which the verb is looked for."""


class Tense(Enum):
    """Where a date lies, seen from the day of the article."""

    PAST = "past"
    AHEAD = "ahead"
    UNKNOWN = "unknown"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MODALS = _words(
    "will shall would may might must should can could won't shan't wouldn't it'll he'll she'll they'll we'll"
)
_NOW = _words("is are am isn't aren't")
_HAVE = _words("has have hasn't haven't having")
_WAS = _words("was were wasn't weren't")
_PAST_HELP = _words("had did hadn't didn't")
_SKIPPED = _words(
    "be been being not also already still just never only first once again soon now later get stay remain go keep"
)
"""What stands between a helping verb and its participle, besides adverbs in "ly"."""
_AHEAD = _words(
    "due expected scheduled planned slated poised likely forecast tipped proposed upcoming forthcoming set "
    "about ahead effective starting beginning commencing plan plans planning hope hopes aim aims intend "
    "intends want wants need needs agreed vowed pledged promised decided ordered asked told urged instructed "
    "directed required invited allowed advised warned gave given called demanded hoped wanted intended aimed "
    "offered chose resolved threatened prepared preparing decision deal bid effort deadline ready seek seeks "
    "expects expecting vows pledges promises threatens prepares asks orders booked fixed billed pencilled "
    "timetabled calls anticipated awaited request order proposal"
)
_OF_ITSELF = _words(
    "due expected scheduled planned slated poised likely forecast tipped proposed upcoming forthcoming booked "
    "billed pencilled timetabled anticipated awaited plan plans planning hopes hope aims aim intends intend "
    "wants expects vows pledges promises threatens expecting"
)
"""Those of them that look ahead whatever follows; the others only with an infinitive or a deadline."""
_ADJECTIVES = _words("planned proposed scheduled anticipated awaited timetabled booked billed")
_AFTER_PARTICIPLE = _words("to for on in at by until from as next later this early")
"""Without one of these "planned" is no sign: "planned operations fell in March"."""
_WITH_NEXT = {"set": _words("to for down"), "about": _words("to"), "ahead": _words("of"), "deadline": _words("of for")}
_BESIDE = _words("effective starting beginning commencing")
"""Those that count only right before the date."""
_HOLDING = _words(
    "adjourned postponed delayed extended suspended deferred remanded closed banned barred shut halted pushed "
    "moved jailed kept stayed put held shelved rescheduled brought frozen left"
)
"""Past forms of what lasts up to a deadline that is still ahead: "adjourned until Monday"."""
_TIMETABLE = _words(
    "opens reopens begins starts ends closes expires resumes returns meets takes comes goes arrives leaves "
    "departs runs faces appears decides rules hears sits kicks launches lapses stops hosts travels flies airs "
    "premieres debuts retires joins becomes falls plays stays remains lasts holds marks celebrates turns costs "
    "gets"
)
"""The present tense for what is to come: "opens on Sunday"."""
_TIMETABLE_MANY = _words(
    "open reopen begin start end close expire resume return meet take come go arrive leave depart run face sit "
    "stop play stay remain launch vote rise fall"
)
"""The same of many: only after a plural, or it is a noun."""
_PLURAL = _words("they we you people police children women men both all and i")
_REPORTED = _words("accused charged suspected alleged believed thought known reported blamed wanted")
"""What somebody is said to have done lies in the past: "is accused of robbing a shop on Friday"."""
_SAID = _words("said says say adds added saying told tells")
_AUDIENCE = _words("in at to during through via by late early reporters journalists lawmakers parliament investors")
_IRREGULAR = _words(
    "went came took made gave got saw knew thought found lost won met held kept led fell rose grew began broke "
    "brought built bought caught chose drew drove ate fought flew forgot froze heard hit laid lay lit paid put "
    "quit ran rang rode sang sank shrank strode wept crept leapt spun clung flung slid "
    "slunk sought sat sent set shook shot shut slept sold spent spoke spread stood stole struck swam swept "
    "swore taught threw tore understood woke wore wrote withdrew became beat bit blew burst dealt dug fled hid "
    "hung sprang stuck swung wed left cut lain seen known taken given gone done written driven spoken broken "
    "chosen grown shown thrown born sunk begun flown forgotten frozen hidden ridden risen shaken stolen sworn "
    "torn woken worn withdrawn beaten bitten blown fallen drawn hurt said told read split let"
)
_NO_PAST = _words(
    "need indeed speed feed seed weed deed breed bleed exceed proceed succeed hundred red bed shed sacred "
    "naked wicked greed creed reed embed kindred united ahmed mohammed muhammed jared"
)
_DETERMINERS = _words("the a an its his her their our my your this these those some any no")
_NO_VERB = _words(
    "the a an his her its their our my your this that these those all both each one two three four five six "
    "seven eight nine ten date police traffic him it them us me you work power life death"
)
"""What follows "to" without being an infinitive."""
_IN_SS = ("ss", "us", "cess")
_UNLED = _words("the at least about around early late no later")
_LATE = _words("by until till before for to from than")
"""Prepositions of a deadline, or of when it begins."""

_BORDER = re.compile(
    r"(?<!\bMr)(?<!\bDr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\bSen)(?<!\bGov)(?<!\bGen)(?<!\bRep)(?<!\b[A-Z])"
    r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(]?[A-Z0-9])|[\n;:]"
)
_CLAUSES = re.compile(r",\s|\s[—–-]\s|[()“”\"]|\b(?:but|while|because|although|whereas)\b", re.IGNORECASE)
_SOURCE = re.compile(r",\s[^,.]{1,40}\b(?:said|says|added)(?:\s[^,.]{1,20})?,\s")
"""Who says it, in the midst: "will, the warden said, end on Friday"."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[0-9]+")


def tense(text: str, start: int, end: int) -> Tense:
    """Whether the date at ``[start, end)`` is told as past or as still to come; unknown where no verb says."""
    left, right = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    left, right = _BORDER.split(left)[-1], _BORDER.split(right, maxsplit=1)[0]
    before = [_WORD.findall(part) for part in _CLAUSES.split(_SOURCE.sub(" ", left))]
    after = [_WORD.findall(part) for part in _CLAUSES.split(right)]
    led = next((word.lower() for word in reversed(before[-1]) if word.lower() not in _UNLED), "")
    if led == "for" and text[end : end + 2] in ("'s", "’s"):
        led = ""
    if led == "since":
        return Tense.PAST
    if "closing" in before[-1][-4:] + after[0][:3]:
        return Tense.PAST  # of a price: "34% above the closing price on Friday"
    told = _told(before, after, led)
    return Tense.AHEAD if told is Tense.UNKNOWN and led in _LATE else told


def _told(before: Sequence[list[str]], after: Sequence[list[str]], led: str) -> Tense:
    own = _backward(before[-1], led)
    weak = own is not None and own[1]
    if own and not weak:
        return own[0]
    if found := _forward(after[0]):
        return found
    if weak:
        return Tense.PAST
    for clause in reversed([one for one in before[:-1] if not _is_aside(one)]):
        if (found_before := _backward(clause, led)) and not found_before[1]:
            return found_before[0]
        weak = weak or found_before is not None
    for clause in [one for one in after[1:] if not _is_aside(one)]:
        if found := _forward(clause):
            return Tense.PAST if weak and _is_saying(clause) else found
    if weak:
        return Tense.PAST
    infinitive = any(_is_infinitive(clause, at) for clause in before for at in range(len(clause)))
    return Tense.AHEAD if infinitive else Tense.UNKNOWN


def _is_aside(clause: Sequence[str]) -> bool:
    """Whether it tells of something else: ", who turned 80 in March,"."""
    return bool(clause) and clause[0].lower() in ("who", "which", "whose", "where", "whom")


def _is_saying(clause: Sequence[str]) -> bool:
    return any(word.lower() in _SAID for word in clause)


def _backward(words: Sequence[str], led: str) -> tuple[Tense, bool] | None:
    """What the last verb of these words says, and whether it is only a weak sign: "said" some way off."""
    infinitive = False
    at = len(words) - 1
    while at >= 0:
        word = _plain(words[at])
        if _is_infinitive(words, at):
            infinitive = True
            before = _plain(words[at - 1]) if at else ""
            if before in _AHEAD or before in _NOW | _WAS | _HAVE:
                return _looking_ahead(words, at - 1)
        elif word in _MODALS and not words[at].istitle():
            return _modal(words, at), False
        elif word in _NOW:
            return Tense.AHEAD, False
        elif word in _HAVE:
            return Tense.AHEAD, False  # a participle would have been met before
        elif word in _WAS | _PAST_HELP:
            deadline = word == "had" and led in ("until", "till")
            return (Tense.AHEAD if deadline else Tense.PAST), False
        elif _looks_ahead(words, at, infinitive, led):
            return _looking_ahead(words, at)
        elif word in _SAID and not infinitive:
            behind = words[at + 1 : -1] if led else words[at + 1 :]
            return Tense.PAST, bool(behind) and behind[0].lower() not in _AUDIENCE and not (
                word in ("told", "tells") and len(behind) <= 4
            )
        elif _is_timetable(words, at):
            return Tense.AHEAD, False
        elif _is_past(words, at):
            found = _participle(words, at, led)
            if found is not None:
                return found, False
            infinitive = True  # "to be published"
        at -= 1
    return None


def _looks_ahead(words: Sequence[str], at: int, infinitive: bool, led: str) -> bool:
    word = _plain(words[at])
    if word not in _AHEAD:
        return False
    if word == "set" and led == "for":
        return True  # "set the sentencing for Friday"
    if word in _WITH_NEXT:
        return at + 1 < len(words) and words[at + 1].lower() in _WITH_NEXT[word]
    if word in _BESIDE:
        return at >= len(words) - 2 and (at == len(words) - 1 or led in ("on", "in", "from"))
    if word in _ADJECTIVES and at + 1 < len(words) and words[at + 1].lower() not in _AFTER_PARTICIPLE:
        return False
    return word in _OF_ITSELF or infinitive or led in ("by", "until", "till", "for")


def _looking_ahead(words: Sequence[str], at: int) -> tuple[Tense, bool]:
    """Ahead, but for what "had been due" or "had agreed" to happen."""
    helping = _helping(words, at)
    return (Tense.PAST if helping is not None and _plain(words[helping]) in _PAST_HELP else Tense.AHEAD), False


def _modal(words: Sequence[str], at: int) -> Tense:
    word, rest = _plain(words[at]), [_plain(one) for one in words[at + 1 : at + 4]]
    if word in ("could", "can") and rest[:1] == ["not"]:
        return Tense.PAST if word == "could" else Tense.AHEAD
    have = "have" in rest[: 2 if rest[:1] and rest[0] in _SKIPPED else 1]
    return Tense.PAST if have and word not in ("will", "shall", "won't") and "to" not in rest else Tense.AHEAD


def _participle(words: Sequence[str], at: int, led: str) -> Tense | None:
    """What a past form says with its helping verb; None where it is part of an infinitive."""
    word, helping = _plain(words[at]), _helping(words, at)
    holding = word in _HOLDING and led in ("until", "till", "to", "for")
    if helping is None:
        return Tense.AHEAD if holding else Tense.PAST
    help_word = _plain(words[helping])
    if help_word in _MODALS:
        return _modal(words, helping)
    if help_word == "to":
        return Tense.PAST if "have" in map(_plain, words[helping:at]) else None
    if help_word in _NOW or help_word in _TIMETABLE:
        return Tense.PAST if word in _REPORTED else Tense.AHEAD
    if help_word in _PAST_HELP:
        return Tense.PAST
    return Tense.AHEAD if holding else Tense.PAST


def _helping(words: Sequence[str], at: int) -> int | None:
    """Where the helping verb of a participle stands, if it has one."""
    place = at - 1
    while place >= 0 and ((word := _plain(words[place])) in _SKIPPED or word.endswith("ly") or word == "have"):
        if word == "have" and (place == 0 or _plain(words[place - 1]) not in _MODALS | _SKIPPED | {"to"}):
            return place
        place -= 1
    if place < 0:
        return None
    word = _plain(words[place])
    known = word in _MODALS | _NOW | _HAVE | _WAS | _PAST_HELP | _TIMETABLE or word == "to"
    return place if known else None


def _forward(words: Sequence[str]) -> Tense | None:
    """What the first verb of these words says."""
    for at, word in enumerate(map(_plain, words)):
        following = [_plain(one) for one in words[at + 1 : at + 3]]
        if word in _MODALS and not words[at].istitle():
            return _modal(words, at)
        if word in _NOW:
            return Tense.PAST if following[:1] and following[0] in _REPORTED else Tense.AHEAD
        if word in _HAVE:
            return Tense.AHEAD if following[:1] == ["to"] else Tense.PAST
        if word in _WAS:
            return Tense.AHEAD if following[:1] and following[0] in _OF_ITSELF | {"to"} else Tense.PAST
        if word in _PAST_HELP:
            return Tense.PAST
        if _is_timetable(words, at):
            return Tense.AHEAD
        if _is_past(words, at):
            return Tense.PAST
    return None


def _is_infinitive(words: Sequence[str], at: int) -> bool:
    if words[at].lower() != "to" or at + 1 >= len(words):
        return False
    word = words[at + 1]
    if not word.isalpha() or not word.islower() or word in _NO_VERB or word.endswith("ing"):
        return False
    return not word.endswith("s") or word.endswith(_IN_SS)


def _is_timetable(words: Sequence[str], at: int) -> bool:
    word, before = words[at], words[at - 1].lower() if at else ""
    if word in _TIMETABLE:
        return before not in _DETERMINERS
    if before in ("who", "which") and word.endswith("s") and not word.endswith("ss"):
        return word not in _SAID | _WAS | _HAVE  # "which reports on Friday"
    plural = before in _PLURAL or (before.endswith("s") and not before.endswith(("ss", "'s", "’s")))
    return word in _TIMETABLE_MANY and plural


def _is_past(words: Sequence[str], at: int) -> bool:
    """Whether it is a past form or a participle, and no adjective before a noun: "the closed road"."""
    word = words[at]
    ed = word.endswith("ed") and len(word) > 3 and (word.islower() or at == 0) and _plain(word) not in _NO_PAST
    if not ed and _plain(word) not in _IRREGULAR:
        return False
    return not (at and words[at - 1].lower() in _DETERMINERS)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")
