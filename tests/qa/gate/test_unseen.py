"""Sentences that were written before the gate judged them, and changes of sentences that no one wrote.

What each set said at first is told in docs/decisions/0017-gate.md; here it must stay what it is by now.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.gate.alignment import units
from qa.gate.judge import Cited, judge
from qa.gate.text.metonyms import governments
from qa.gate.text.quoted_sentences import QuotedSentence
from qa.gate.text.tokens import names, read
from qa.gate.text.words import stem, words
from tests.qa.gate.test_judge import SENTENCES, cited

Row = tuple[str, str, list[Cited]]
"""A sentence with its kind and what it cites."""
ELSEWHERE = {
    one["id"]: one for one in map(json.loads, Path(__file__).with_name("gate_articles.jsonl").read_text().splitlines())
}
PUBLISHED = date(2026, 5, 14)
SWAPS = 0.95
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
DENIALS = re.compile(r"\b(?:not|never|no|nothing|none)\b ?")
NAMED = [
    (id_, quote, [(whole.words[a].start, whole.words[b - 1].end) for a, b in names(whole) if a or b > 1])
    for id_, quote in SENTENCES
    for whole in [read(quote)]
]
"""Each sentence of the sample with where its names stand; a word that only begins it is none for sure."""
STRANGERS = sorted({quote[a:b].removesuffix("'s") for _, quote, found in NAMED for a, b in found} - {"Jan"})


def rows(name: str) -> Iterator[Row]:
    """Each sentence of a set, with its kind and what it cites: all quotes that stand before it."""
    quotes: list[Cited] = []
    fresh = True
    for line in Path(__file__).with_name(name).read_text().splitlines():
        if line.startswith("#"):
            quotes = quotes if fresh else []
            fresh = True
            id_, _, quote = line[2:].partition("|")
            quotes.append(cited(id_, quote) if line[1] == "@" else Cited(line[1:], elsewhere(line[1:])))
        else:
            fresh = False
            kind, text = line.split("|")
            yield kind, text, quotes


def elsewhere(quote: str) -> list[QuotedSentence]:
    return [*units(quote, 0, len(quote), about="", source="", published=PUBLISHED, id_="elsewhere")]


@pytest.mark.parametrize(
    ("part", "bad", "good"), [("a", 121, 74), ("b", 92, 58), ("c", 59, 38), ("d", 39, 26), ("e", 44, 28)]
)
def test_sets_of_the_same_hand_are_judged_as_well_as_they_were(part: str, bad: int, good: int) -> None:
    assert_judged(rows(f"gate_unseen_{part}.txt"), bad, good)


@pytest.mark.parametrize(
    ("number", "bad", "good"),
    [
        (1, 69, 70),
        (2, 66, 65),
        (3, 45, 47),
        (4, 48, 45),
        (5, 49, 46),
        (6, 48, 44),
        (7, 49, 47),
        (8, 50, 48),
        (9, 50, 46),
        (10, 50, 46),
        (11, 48, 38),
        (12, 49, 43),
    ],
)
def test_sets_of_strangers_are_judged_as_well_as_they_were(number: int, bad: int, good: int) -> None:
    """By who knew no rule: of 70, 70 and then 50 bad ones and as many good ones."""
    assert_judged(strangers(number), bad, good)


def strangers(number: int) -> Iterator[Row]:
    """Each sentence of a set of strangers."""
    for row in map(json.loads, Path(__file__).with_name("gate_strangers.jsonl").read_text().splitlines()):
        if row["set"] == number:
            yield row["kind"], row["text"], [strange(one["article"], one["quote"]) for one in row["citations"]]


def assert_judged(sentences: Iterable[Row], bad: int, good: int) -> None:
    """At least so many of the bad ones are stopped, and of the good ones passed."""
    verdicts = Counter((kind == "good", not judge(text, quotes)) for kind, text, quotes in sentences)
    assert verdicts[False, False] >= bad
    assert verdicts[True, True] >= good


def strange(id_: str, quote: str) -> Cited:
    """A citation of the sample or of the articles beside."""
    if id_ not in ELSEWHERE:
        return cited(id_, quote)
    text, day = ELSEWHERE[id_]["text"], date.fromisoformat(ELSEWHERE[id_]["published_at"][:10])
    if quote not in text:
        return Cited(quote, None)
    start = text.index(quote)
    about, source = ELSEWHERE[id_]["title"], ELSEWHERE[id_]["source"]
    told = units(text, start, start + len(quote), about=about, source=source, published=day, id_=id_)
    return Cited(quote, [*told])


@given(st.data())
def test_no_weekday_and_no_month_can_be_another(data: st.DataObject) -> None:
    id_, quote = data.draw(st.sampled_from([one for one in SENTENCES if re.search("|".join(DAYS + MONTHS), one[1])]))
    found = data.draw(st.sampled_from([*re.finditer(rf"\b(?:{'|'.join(DAYS + MONTHS)})\b", quote)]))
    among = DAYS if found[0] in DAYS else MONTHS
    other = data.draw(st.sampled_from([one for one in among if one != found[0]]))
    assert judge(quote[: found.start()] + other + quote[found.end() :], [cited(id_, quote)])


@given(st.data())
def test_no_name_can_be_one_of_another_article(data: st.DataObject) -> None:
    id_, quote, found = data.draw(st.sampled_from([one for one in NAMED if one[2]]))
    start, end = data.draw(st.sampled_from(found))
    other = data.draw(st.sampled_from(STRANGERS))
    unit = (cited(id_, quote).told or [])[0]
    assume(other not in quote)
    assume(not any({word.stem, *governments(word)} & (unit.stems | unit.around) for word in words(other)))
    assert judge(quote[:start] + other + quote[end:], [cited(id_, quote)])


def test_two_names_of_a_sentence_cannot_be_swapped() -> None:
    """Each two that stand in no list with each other; some of what comes out says nothing at all."""
    stopped = Counter[bool]()
    for id_, quote, found in NAMED:
        for (a, b), (c, d) in combinations(found, 2):
            one, other, between = quote[a:b].removesuffix("'s"), quote[c:d].removesuffix("'s"), quote[b:c]
            if stem(one) == stem(other) or re.fullmatch(r",? (?:and )?|, \w+(?:,| and) ", between):
                continue
            swapped = quote[:a] + other + quote[a + len(one) : c] + one + quote[c + len(other) :]
            stopped[bool(judge(swapped, [cited(id_, quote)]))] += 1
    assert stopped.total() > 150
    assert stopped[True] >= SWAPS * stopped.total()


def test_no_denial_can_be_left_out() -> None:
    passed = [
        quote
        for id_, quote in SENTENCES
        for match in DENIALS.finditer(quote)
        if not judge(quote[: match.start()] + quote[match.end() :], [cited(id_, quote)])
    ]
    # "who once bought but Nvidia"
    assert [quote.split()[0] for quote in passed] == ["Huawei"]


COURT = 'The judge, Ada Lorn, called the delay "a disgrace to this court" and fined the firm 900 euros.'


@pytest.mark.parametrize(
    "text",
    [
        'Ada Lorn called the delay "a disgrace to this court".',
        "Ada Lorn called the delay “a disgrace to  this court.”",
        "Ada Lorn called the delay 'a disgrace'.",
        'The judge fined the firm "900 euros".',
    ],
)
def test_a_passage_in_quotation_marks_stands_in_a_quote(text: str) -> None:
    assert judge(text, [Cited(COURT, elsewhere(COURT))]) == []


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ('Ada Lorn called the delay "a disgrace to the court".', "a disgrace to the court"),
        ("Ada Lorn called the delay “a disgrace” and “a scandal”.", "a scandal"),
        ("Ada Lorn called the delay 'a scandal'.", "a scandal"),
        ('Ada Lorn called the delay "a dis".', "a dis"),
        ('Ada Lorn called the delay "a scandal.', "a scandal."),
    ],
)
def test_a_passage_that_no_quote_has_word_for_word_is_told(text: str, passage: str) -> None:
    faults = judge(text, [Cited(COURT, elsewhere(COURT))])
    assert [fault.words for fault in faults if fault.reason == "quote"] == [passage]


def test_a_passage_of_two_quotes_stands_in_neither() -> None:
    other = 'He said "never again".'
    text = 'It was called "a disgrace to this court never again".'
    assert "quote" in {fault.reason for fault in judge(text, [Cited(one, elsewhere(one)) for one in (COURT, other)])}
