"""Words that change the truth of a statement (denials, hedges, attributions, directions) and their places in a text."""

import re
from functools import lru_cache
from typing import NamedTuple

from qa.gate.text.words import Word, content, stem, words

_CUES = {
    "negation": r"not|n[o']t|cannot|no|never|none|nothing|nobody|neither|nor|without|hardly|barely|scarcely|nowhere|"
    r"failed|fails?|failing|denied|denies|deny|denying|lacked|refused?|refuses|declined? to|prevent(?:s|ed)?|"
    r"avoid(?:s|ed)?|rul(?:e|es|ed|ing) out|yet to|no longer|far from|unclear|unknown|\w+n['’]t",
    "weak": r"un(?:able|aware|sold|known|changed|likely|clear|certain|named|paid|finished|settled|resolved|confirmed|"
    r"available|affected|identified|proven)|insufficient\w*|anonym\w*|shortage\w*|scarcity|short of|still to|exempt\w*|"
    r"too (?:small|few|little|early|weak)|lacks?|lacking|"
    r"reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|"
    r"disput(?:es|ed|ing)|refut(?:es|ed|ing)|so as not|independent of|more than(?= [\w’' -]+ can\b)",
    "possibility": r"may|might|could|perhaps|possibly|possibility|(?<!been )possible|"
    r"maybe|potentially|potential|conceivably",
    "condition": r"if|unless|provided(?: that)?(?= the| a| it| they| all| that| no)|as long as|only when|"
    r"once(?! an? (?:day|week|month|year|night)\b)"
    r"(?= (?:the|it|they|he|she|a|all|an)\b| (?-i:[A-Z]))|would|only (?:where|if|once)|"
    r"should(?= (?:(?-i:[A-Z]\w+)|it|they|he|she|the \w+) [a-z]+(?<!ed)\b)|"
    r"depending|subject to|conditional\w*",
    "expectation": r"should(?! (?:(?-i:[A-Z])|it |they |he |she ))|expect(?:s|ed|ing)?|likely|unlikely|probably|"
    r"anticipat\w+|forecast\w*|predict\w*|"
    r"projected|estimat(?:ed|es|e)|due to be|set to|(?:is|are|was|were|be) due|due (?:to(?= \w+ )|on|in|back)",
    "plan": r"(?<!than )plan(?:s|ned|ning)?|intend(?:s|ed|ing)?|aim(?:s|ed|ing)?|hopes?|hoped|hoping|"
    r"propos(?:al|als|ed|es|e|ing)|"
    r"consider(?:s|ed|ing)?|wants?|wanted|seeks?|sought|seeking|draft(?:ed|s|ing)?|try|tries|tried|trying|attempt\w*|"
    r"offer(?:s|ed)?|threat\w*|vow(?:s|ed)?|promis\w+|pledg\w+|ask(?:s|ed|ing)?|urg(?:es|ed|ing|e)|wait(?:s|ed|ing)?|"
    r"warn(?:s|ed|ing)?|calls? for|called for|in (?:the )?works|advis(?:ed|es|ing)|recommend(?:s|ed|ing)?|"
    r"being (?:prepared|written|worked on|drawn up)|request(?:s|ed|ing)?|"
    r"agreed(?: (?:on|in|last|this) \w+)? to|ponder(?:s|ed|ing)?",
    "report": r"reportedly|alleged\w*|alleges?|allegations?|apparent(?:ly)?|supposed(?:ly)?|rumou?r\w*|believed?|"
    r"believes|"
    r"think(?:s|ing)?|thought|declared|assum(?:es|ed|e)|reckons?|seem(?:s|ed|ingly)?|appear(?:s|ed)? to|purported\w*|"
    r"unconfirmed|resembl\w+|accusations?|"
    r"suspected|suspects?(?= (?:that|it|they|he|she)\b)|suspicion|charged|"
    r"charges?|accus(?:es|ed|e|ing)|"
    r"suggest(?:s|ed|ing)?|claim(?:s|ed)?",
    "doubt": r"fear(?:s|ed)?|doubt(?:s|ed)?|questioned(?= (?:whether|if|how))|worr(?:y|ies|ied)|afraid|uncertain|"
    r"unclear|unknown|"
    r"left open|too early to (?:tell|say)|"
    r"whether",
    "part": r"in principle|preliminary|tentativ\w+|provisional\w*|partly|partially|part of|incomplete|nearly all|"
    r"almost all|mostly|largely|at least (?:some|one)|"
    r"(?:second|third|fourth|fifth)(?=[ -](?:most|least|\w+est)\b)|"
    r"some(?! (?:[$€£\d]|\w+ (?:million|billion|hundred|thousand)))",
    "choice": r"either",
    "duty": r"must|ha(?:s|ve|d) to|having to|needs? to|needed to|"
    r"(?:is|are|was|were|be) (?:required|obliged|ordered|told) to",
    "future": r"will|shall|going to|(?:is|are) to|'ll|’ll",
    "wholly": r"all|both|every|everyone|everybody|everything|entire|entirely|always|ever|only|sole|solely|"
    r"whole|fully|"
    r"completely|totally|against|despite|except|unlike|former|formerly|fake|"
    r"once(?! (?:the|it|they|he|she|a|all|an|(?-i:[A-Z])))|twice|thrice|(?:semi|non|anti|ex|"
    r"quarter)-\w+|(?<!at )most|majority|"
    r"definitely|certainly|together|jointly|combined|altogether|in total|exclusively|permanently|immediately",
}
_PATTERNS = {kind: re.compile(rf"(?<![\w-])(?:{cues})(?![\w-])", re.IGNORECASE) for kind, cues in _CUES.items()}
_LIKE = {
    "possibility": ("possibility", "may"),
    "condition": ("condition", "may", "possibility"),
    "expectation": ("expectation", "plan", "report", "possibility"),
    "plan": ("plan", "expectation"),
    "supposed": ("supposed",),
    "report": ("report", "expectation"),
    "doubt": ("doubt",),
    "duty": ("duty", "plan", "future", "condition"),
    "part": ("part",),
    "future": ("future", "expectation", "plan", "condition"),
}
"""Kinds of hedge, and those that say no more than it does."""
_MAY = re.compile(r"\b(?:can|cannot|allowed|permitted|able|unable)\b", re.IGNORECASE)
_DUTY = re.compile(
    r"\b(?:requir\w+|oblig\w+|needs?|necessary|orders?|ordered|told|only|should|conditions?|"
    r"(?:is|are|was|were|be) to|must)\b",
    re.IGNORECASE,
)
_GIVEN_THAT = re.compile(r"\b(?:in case|on (?:the )?condition that|in the event)\b", re.IGNORECASE)
_NEITHER = re.compile(
    r"\bmay not\b|\bnot only\b|\bno (?:more|less|fewer|later|earlier) than\b|\bwhether or not\b|\bnothing but\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r";\s|,?\s(?:and that|but)\s|,\s(?:and|while|whereas)\s")
_BESIDE = re.compile(
    r",\s(?:which|who|whose|\w+ed)\s[^,;]*,(?=\s(?:is|are|was|were|has|have|had|will|would|could|may|might|can|must|\w+ed)\b)"
)
_BREAK = re.compile(r"[,;:.!?()—–]|\b(?:but|and|because|while|although|though|until|when|after|before|so that|which)\b")
_ONLY_SAID = re.compile(
    r"\s(?:said|say|says|saying|tell|told|explained|known|clear)\s(?:(?:how|why|where|whether)\s(?:and\s|or\s)?)?"
)
_NOT = re.compile(r"(?:\bnot|n['’]t|\bcannot|\bnor) $")
_END = re.compile(r"[.!?]\s")
_SOME = re.compile(r"(?:\w+\W+){4}")
_ASKED = re.compile(
    r"\b(?:ask\w*|wonder\w*|know|see|tell|say|said|told|decid\w*|questioned|check\w*|unclear|unsure)\s(?:\w+\s){0,5}$"
)
_END_OF_PLAN = re.compile(
    _BREAK.pattern.replace(
        "and|", r"and(?!\s(?!\w+(?:s|ed)\b)[a-z]{3,}\s(?:an?|the|its|their|his|her|about|some|up|\d|[A-Z]\w))|", 1
    )
)
"""It goes on to another verb without a subject: "will close 12 shops and cut 900 jobs"."""
_OPPOSITES = (
    "rise/fall, approve/reject approve/forbid allow/forbid allow/reject win/lose beat/lose improve/worsen "
    "improve/deteriorat, "
    "buy/sell import/export support/oppose accept/reject open/close begin/stop begin/end strong/weak strict/lax "
    "large/small long/short early/late high/low hire/fire hire/dismiss confirm/deny ally/rival safe/unsafe "
    "friendly/hostile above/below north/south east/west northern/southern eastern/western "
    "legal/illegal guilty/innocent "
    "first/last first/second second/third before/after cheap/expensive cautious/bold calm/nervous alive/dead "
    "minimum/maximum hard/easy "
    "strict/lenient "
    "more/less more/fewer better/worse success/failure profit/loss public/private "
    "domestic/foreign domestic/imported lift/impose raise/cut rise/cut high/lower rise/slip "
    "rise/dip rise/slide rise/ease rise/tumble rise/shrink weaken/strengthen widen/narrow speed/slow slow/quick "
    "tighten/loosen tighten/ease join/leave include/exclude old/new old/young backward/advanced rich/poor "
    "hot/cold outside/inside senior/junior exempt/taxed exempt/subject likely/unlikely complete/incomplete "
    "single/multiple majority/minority agree/disagree surplus/shortage shortage/glut major/minor "
    "dispute/accept deny/admit deny/confirm attack/defend innocent/convict acquit/convict release/arrest "
    "release/detain up/down men/women save/spend"
)
OPPOSITES: dict[str, set[str]] = {}
"""Stems, each with those that say the opposite."""
for _pair in _OPPOSITES.replace(",", "").split():
    _one, _other = map(stem, _pair.split("/"))
    OPPOSITES.setdefault(_one, set()).add(_other)
    OPPOSITES.setdefault(_other, set()).add(_one)
TURNS = frozenset(
    "above below more less fewer before after up down better worse inside outside first last second third".split()
)
"""Opposites among words that say little by themselves."""
WAYS = {"before": "after", "after": "before"}


_MORE = re.compile(
    r"\b(?:\w+er|(?:more|less) [a-z]+|better|worse)\s(?:\w+\s){0,3}?than\b"
    r"(?!\s(?:[$€£]?\d|one|two|three|four|five|six|half))",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:\w+(?:er|est)|more|most|less|least|ahead|above|below|outnumber\w*|exceed\w*|worse|worst)\b", re.IGNORECASE
)


class Cue(NamedTuple):
    """A word that changes whether what stands behind it is so.

    ``scope`` are the stems that it changes, ``before`` those that stand before it in its clause.
    """

    kind: str
    text: str
    focus: str
    scope: frozenset[str]
    before: frozenset[str] = frozenset()


def cues(text: str) -> list[Cue]:
    """Every denial and hedge in a text, each with what it bears on: up to the end of its clause."""
    return [*_cues(text)]


@lru_cache(maxsize=1_024)
def _cues(text: str) -> tuple[Cue, ...]:
    """Many rules ask for the cues of one sentence."""
    told = words(text)
    plain = _BESIDE.sub(lambda match: " " * len(match[0]), text)
    kept_words = words(plain)
    found = []
    for listed, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            kind = listed
            if (
                kind == "negation"
                and _NEITHER.match(text, match.start())
                and not text[match.start() :].startswith("may")
            ):
                continue
            if match[0].casefold().startswith("rul") and _NOT.search(text, 0, match.start()):
                continue  # "could not rule out"
            if (kind, match[0]) == ("possibility", "May") and match.start():
                continue  # the month
            # What is said beside, between commas, is no part of it.
            whole = plain[match.start() : match.end()] == match[0]
            ends = _END_OF_PLAN if kind in ("future", "plan", "possibility", "duty") else _BREAK
            among = plain if whole else text
            end = ends.search(among, match.end())
            if (
                end
                and end.start() == match.end()
                and kind in ("plan", "report")
                and not _SOME.search(text, _begin(text, match.start()), match.start())
            ):
                end = ends.search(among, end.end())  # "Under one proposal, every order would have to be matched"
            if end and _ONLY_SAID.fullmatch(among, match.end(), end.start()):
                end = ends.search(among, end.end())  # "has not said when it will choose them"
            inside = [
                one
                for one in (kept_words if whole else told)
                if match.end() <= one.start < (end.start() if end else len(text))
            ]
            content = [bare(one) for one in inside if one.content or one.stem == "say"]
            if match[0].casefold() == "nor" and not content:
                continue
            if match[0].casefold() == "if" and _ASKED.search(text, 0, match.start()):
                kind = "doubt"  # "ask suppliers if they could"
            if inside and not content:
                content = [inside[-1].lower]
            if not inside:
                content = [one.stem for one in told if one.content and one.end <= match.start()][-1:]
            if kind == "condition" and match[0].casefold() != "would":
                # It bears on what else is said: behind the last joint where it does not begin the sentence.
                joint = [one.end() for one in _JOINT.finditer(text, 0, match.start())]
                first = joint[-1] if joint and match.start() else 0
                outside = [bare(one) for one in told if one.content and one not in inside and one.start >= first]
                found.append(Cue(kind, match[0], "", frozenset(outside or content)))
                found.append(Cue("supposed", match[0], "", frozenset(content)))
                continue
            broken = max((one.end() for one in _BREAK.finditer(text, 0, match.start())), default=0)
            before = frozenset(bare(one) for one in told if one.content and broken <= one.start < match.start())
            found.append(Cue(kind, match[0], content[0] if content else "", frozenset(content), before))
    return tuple(found)


def _begin(text: str, at: int) -> int:
    """Where the sentence begins that has this place."""
    return max((match.end() for match in _END.finditer(text, 0, at)), default=0)


def bare(word: Word) -> str:
    """Its stem; of a word of saying itself, since every report says something."""
    return word.lower if word.stem == "say" else word.stem


@lru_cache(maxsize=1_024)
def denied(text: str) -> frozenset[str]:
    """The stems of what a text denies."""
    return frozenset(one for cue in cues(text) if cue.kind == "negation" for one in cue.scope)


def is_denial(word: str) -> bool:
    """Whether a word denies by itself: "denied", "refuses"."""
    return _PATTERNS["negation"].fullmatch(word) is not None and not word.startswith(("prevent", "avoid"))


def is_hedge(word: str) -> bool:
    """Whether a word says by itself that something is only possible."""
    return _PATTERNS["possibility"].fullmatch(word) is not None


def kept(hedge: Cue, told: list[Cue], text: str) -> bool:
    """Whether a text with these cues says a hedge of its source, or one that claims no more."""
    like = _LIKE.get(hedge.kind, (hedge.kind,))
    if any(one.kind in like for one in told) or (hedge.kind == "duty" and _DUTY.search(text)):
        return True
    if hedge.kind in ("condition", "supposed") and _GIVEN_THAT.search(text):
        return True
    if hedge.kind == "choice":
        return re.search(r"\bor\b", text) is not None
    return "may" in like and _MAY.search(text) is not None


def out_of_order(word: Word, text: str, said: str) -> bool:
    """Whether a text has "before" where the other has "after" between the same things, or the other way round."""
    other = re.search(rf"\b{WAYS[word.lower]}\b", said, re.IGNORECASE)
    if other is None:
        return False
    left, right = (content(part) for part in (text[: word.start], text[word.end :]))
    before, behind = (content(part) for part in (said[: other.start()], said[other.end() :]))
    return len(left & before) + len(right & behind) >= len(left & behind) + len(right & before)


def compared(text: str, said: str) -> str:
    """The comparison that a text makes and the other does not: "better than" of "as good as"; or ""."""
    match = _MORE.search(text)
    if match is None or _MORE.search(said) or _AHEAD.search(said):
        return ""
    return match[0]
