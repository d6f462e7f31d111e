"""Words in a clause that the quote doesn't have: names, other words, and opposites of the quote's words."""

from collections.abc import Iterable

from qa.gate.faults import Fault
from qa.gate.rules.figures import figures
from qa.gate.rules.hedging import bared
from qa.gate.text.clauses import Clause, clauses
from qa.gate.text.cues import OPPOSITES, TURNS, WAYS, denied, is_denial, is_hedge, out_of_order
from qa.gate.text.metonyms import is_place
from qa.gate.text.quoted_sentences import QuotedSentence
from qa.gate.text.reported_speech import SAYING
from qa.gate.text.synonyms import LITTLE, WHOLES, near, phrases
from qa.gate.text.word_classes import is_generic, is_number, is_title, is_verb
from qa.gate.text.words import Word, stem, words
from qa.language.dates import days
from qa.language.quantities import measured

_NO_MOST = frozenset(
    "interest forest harvest protest request arrest invest reinvest contest quest guest west northwest southwest "
    "test rest nest chest vest pest honest modest dishonest earnest digest suggest manifest conquest tempest "
    "priest attest detest latest ingest congest divest rainforest behest zest crest".split()
)
"""Words in "est" that are no superlatives, which no writer may add."""
_JUDGING = frozenset(
    "stunning brilliant amazing shocking disastrous remarkable impressive controversial surprising unfortunately sadly "
    "surprisingly remarkably notorious infamous beloved embarrassing scandalous outrageous spectacular".split()
)
_COPIED = 0.8
_ROOM = 6
"""Content words among which one may be a word of the writer's own."""


def added(clause: Clause, unit: QuotedSentence) -> Iterable[Fault]:
    """Names and other words that the sentence does not say."""
    dated = {
        word.lower for one in days(clause.text, unit.published) for word in words(clause.text[one.start : one.end])
    }
    said = [match.span() for match in SAYING.finditer(clause.text)]
    said += [(one.start, one.end) for one in figures(clause.text, unit.published) if one.unit and measured(one.unit)]
    told = [one for one in phrases(clause.text) if near(one.name) & unit.stems]
    said += [(word.start, word.end) for one in told for word in one.words]
    meant = {stem for one in told for stem in near(one.name)}
    new: list[Word] = []
    run = False
    for word in clause.words:
        if any(first <= word.start < end for first, end in said) or _passes(word, clause, unit):
            continue
        if word.name and word.stem not in unit.stems | unit.around and is_place(clause.text, word):
            yield Fault("name", word.text)
        turned = (OPPOSITES.get(word.stem, set()) & unit.stems) - {word.stem}
        if word.lower in ("up", "down") and near(word.stem) & unit.stems - turned:
            continue  # "go up by": what is raised, where something else is cut
        if turned and word.stem not in unit.stems and (word.content or word.lower in TURNS):
            yield Fault("direction", word.text)
        elif not word.content or unit.holds(word) or word.lower in dated or word.text[0].isdigit():
            run = run and not word.content
        elif word.name and not (word.first and near(word.stem)) and not is_title(word) and not is_number(word):
            yield Fault("name", word.text)
        elif word.stem in LITTLE and (other := _exchanged(word, clause, unit)):
            verbs = {one.stem for one in words(unit.text) if is_verb(one)}
            alike = other in verbs if is_verb(word) else word.stem in WHOLES and _copied(clause, unit)
            if alike and other not in LITTLE | near(word.stem) | meant:
                yield Fault("added", word.text)
        elif word.lower in _JUDGING or (_is_most(word) and not _as_much(word, unit)):
            yield Fault("added", word.text)
        elif word.stem not in LITTLE and not is_title(word) and not is_number(word):
            if run:
                yield Fault("added", f"{new[-1].text} {word.text}")
            elif is_verb(word) or _exchanged(word, clause, unit):
                yield Fault("added", word.text)
            new.append(word)
            run = True
    for word in clause.carried:
        if not unit.holds(word):
            yield Fault("name" if word.name else "added", word.text)
    # Told as one, a clause must not make room for a word in another.
    if len(new) > (len(clause.content) // _ROOM if len(clauses(clause.text)) == 1 else 0):
        yield Fault("added", " ".join(word.text for word in new))


def _passes(word: Word, clause: Clause, unit: QuotedSentence) -> bool:
    """Whether a word says nothing that is not looked at elsewhere."""
    if is_generic(word) and word.stem == clause.content[0].stem:
        return True  # "the company" of a name told before
    if is_denial(word.lower):
        return True  # denials are looked at by what they bear on
    if word.stem in bared(unit.stems) and word.stem in denied(clause.text):
        return True  # "not complete" of "incomplete"
    if bared(frozenset((word.stem,))) & denied(unit.text):
        return True  # "incomplete" of "not complete"
    if is_hedge(word.lower):
        return True  # and so are hedges
    return word.lower in WAYS and not out_of_order(word, clause.text, unit.text)


def _is_most(word: Word) -> bool:
    """Whether it is a superlative: "largest"."""
    return word.lower.endswith("est") and len(word.text) > len("best") and word.lower not in _NO_MOST


def _as_much(word: Word, unit: QuotedSentence) -> bool:
    """Whether a superlative may stand for a word of a quote: "closest" of "nearest"."""
    if near(word.stem) & unit.stems:
        return True
    most = {stem(one.lower.removesuffix("est")) for one in words(unit.text) if _is_most(one)}
    return bool(near(stem(word.lower.removesuffix("est"))) & most)


def _exchanged(word: Word, clause: Clause, unit: QuotedSentence) -> str:
    """The stem that the quote has where a new word stands, between the same words, and which is left out; or ""."""
    mine = [one.stem for one in clause.content]
    theirs = [one.stem for one in words(unit.text) if one.content]
    if word.stem not in mine:
        return ""
    at = mine.index(word.stem)
    for place, other in enumerate(theirs):
        if other in clause.stems:
            continue
        before = [one for one in theirs[:place] if one in clause.stems][-1:]
        behind = [one for one in theirs[place + 1 :] if one in clause.stems][:1]
        ahead, after = mine[:at][-1:], mine[at + 1 : at + 2]
        if (ahead or after) and ahead in ([], before) and after in ([], behind):
            return other
    return ""


def _copied(clause: Clause, unit: QuotedSentence) -> bool:
    """Whether a clause has nearly all of its words from the quote."""
    return sum(word.stem in unit.stems for word in clause.content) >= _COPIED * len(clause.content)
