"""Figures, dates and names as articles write them, of reports that other systems read wrongly; all are invented."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from corpus.reading import read
from corpus.storage.view import Copy
from corpus.types import Rejected
from qa.answering.claims import make_claims
from qa.answering.normalization import says_the_same
from qa.answering.types import Claim, ReadPassage
from qa.language.names import same_name
from qa.reader.types import Reading, Span
from qa.schemas.answers import QuantityOut
from tests.claims import claim


def claimed(question: str, text: str, seen: str, day: str | None) -> Claim:
    """The claim that the words a reader sees make."""
    start = text.index(seen)
    found = claim(question, text, seen, day=day).found
    reading = ReadPassage(found, Reading(1.0, (Span(start, start + len(seen), 1.0),)))
    engine: Any = SimpleNamespace(reader=SimpleNamespace(confidence=lambda score: score))
    snapshot: Any = SimpleNamespace(view=SimpleNamespace(copies=lambda id_: (Copy(id_, None, None),)))
    (one,) = make_claims(engine, snapshot, question, [reading])
    return one


@pytest.mark.parametrize(
    ("question", "text", "seen", "answer", "low", "unit"),
    [
        (
            "How cold was it in Kestrel on Monday night?",
            "The temperature in Kestrel fell to minus 12 degrees on Monday night, the weather office said.",
            "12 degrees",
            "minus 12 degrees",
            -12,
            "degrees",
        ),
        (
            "What temperature was it in Kestrel on Monday night?",
            "The temperature in Kestrel fell to 12 degrees on Monday night, according to the harbour station.",
            "12 degrees",
            "12 degrees",
            12,
            "degrees",
        ),
        (
            "How many tonnes of barley did Lorn export last year?",
            "Lorn exported 816 000 tonnes of barley last year, the customs office said on Friday.",
            "816",
            "816 000",
            816_000,
            "tonnes",
        ),
        (
            "How many tonnes of barley did Lorn export last year?",
            "Exports of barley from Lorn reached 816,000 tonnes last year, a trade group reported.",
            "816,000",
            "816,000",
            816_000,
            "tonnes",
        ),
        (
            "How many visitors did the Orrin museum have in 2025?",
            "The Orrin museum counted 1,5 million visitors in 2025, its director Ilse Brandt said.",
            "5 million",
            "1,5 million",
            1_500_000,
            "visitors",
        ),
        (
            "How many visitors did the Orrin museum have in 2025?",
            "The Orrin museum had 1.5 million visitors in 2025, the city said in its yearly report.",
            "1.5 million",
            "1.5 million",
            1_500_000,
            "visitors",
        ),
        (
            "How much did the Vesper Trust pay to the winner of the lamb prize?",
            "The Vesper Trust paid Rs 1,50,000 to the winner of the lamb prize, its secretary said.",
            "1,50,000",
            "Rs 1,50,000",
            150_000,
            "INR",
        ),
        (
            "How much did the Vesper Trust pay to the winner of the lamb prize?",
            "The winner of the lamb prize got Rs 150,000 from the Vesper Trust, the town's newsletter reported.",
            "Rs 150,000",
            "Rs 150,000",
            150_000,
            "INR",
        ),
        (
            "By how much did the Bank of Lorn raise its rate?",
            "The Bank of Lorn raised its rate by 25 basis points on Thursday, governor Edda Roth said.",
            "25",
            "25 basis points",
            0.25,
            "percentage points",
        ),
        (
            "By how much did the Bank of Lorn raise its rate?",
            "The Bank of Lorn lifted its rate by a quarter of a percentage point on Thursday.",
            "quarter",
            "a quarter of a percentage point",
            0.25,
            "percentage points",
        ),
        (
            "How many boats sank in the harbour of Orrin?",
            "A storm sank 40-odd boats in the harbour of Orrin on Sunday, the harbour master said.",
            "40",
            "40-odd",
            40,
            "boats",
        ),
        (
            "How many boats sank in the harbour of Orrin?",
            "A storm sank 40-plus boats in the harbour of Orrin on Sunday.",
            "40",
            "40-plus",
            40,
            "boats",
        ),
        (
            "How many boats sank in the harbour of Orrin?",
            "About 40 boats sank in the harbour of Orrin during the storm on Sunday, insurers said.",
            "40",
            "About 40",
            40,
            "boats",
        ),
        (
            "How much does a ticket for the Vesper ice rink cost?",
            "A ticket for the Vesper ice rink costs 50p from Monday, the council said.",
            "50",
            "50p",
            0.5,
            "GBP",
        ),
        (
            "How much does a ticket for the Vesper ice rink cost?",
            "A ticket for the Vesper ice rink costs £0.50 from Monday, according to a notice at its gate.",
            "0.50",
            "£0.50",
            0.5,
            "GBP",
        ),
        (
            "How much does a letter stamp in Vesper cost?",
            "A letter stamp in Vesper costs 99 cents from Monday, the post office said.",
            "99",
            "99 cents",
            0.99,
            "USD",
        ),
        (
            "How much does an egg cost at the Kestrel market?",
            "An egg costs 30 pence at the Kestrel market, a farmer said.",
            "30 pence",
            "30 pence",
            0.3,
            "GBP",
        ),
        (
            "How much profit did Vael & Osei make in 2025?",
            "Vael & Osei made a profit of -$3 million in 2025, its accounts show.",
            "$3 million",
            "-$3 million",
            -3_000_000,
            "USD",
        ),
        (
            "By how much did the economy of Lorn grow in 2025?",
            "The economy of Lorn grew by minus 0.4 per cent in 2025, the bureau said.",
            "0.4 per cent",
            "minus 0.4 per cent",
            -0.4,
            "%",
        ),
        (
            "By how much did the economy of Lorn grow in 2025?",
            "The economy of Lorn grew by 0.4 per cent in 2025, a bank reckoned.",
            "0.4 per cent",
            "0.4 per cent",
            0.4,
            "%",
        ),
        (
            "How many people marched through Orrin on Sunday?",
            "Some 12 500 people marched through Orrin on Sunday, the organisers said.",
            "12",
            "Some 12 500",
            12_500,
            "people",
        ),
        (
            "How many people marched through Orrin on Sunday?",
            "About 12,500 people marched through Orrin on Sunday, police said.",
            "12,500 people",
            "About 12,500 people",
            12_500,
            "people",
        ),
        (
            "How much did the new pool in Vesper cost?",
            "The new pool in Vesper cost one and a half million crowns, the council said.",
            "one",
            "one and a half million",
            1_500_000,
            "crowns",
        ),
    ],
)
def test_figures(question: str, text: str, seen: str, answer: str, low: float, unit: str) -> None:
    one = claimed(question, text, seen, "2026-01-27")
    assert text[one.span.start : one.span.end] == one.meaning.text == answer
    told = QuantityOut.of(one.meaning)
    assert told is not None
    assert told.low == pytest.approx(low)
    assert told.unit == unit


@pytest.mark.parametrize(
    ("text", "seen", "answer", "first", "last"),
    [
        ("The tunnel under the Orrin will reopen on Easter Monday.", "Monday", "Easter Monday", "04-06", "04-06"),
        (
            "The ferry to Vesper will run again the day after tomorrow, its owner said.",
            "tomorrow",
            "the day after tomorrow",
            "03-12",
            "03-12",
        ),
        (
            "The Kestrel lantern festival runs from 3 to 5 April, its director said.",
            "5 April",
            "from 3 to 5 April",
            "04-03",
            "04-05",
        ),
        (
            "The envoy will visit Lorn on Friday next week, her office said.",
            "Friday",
            "on Friday next week",
            "03-20",
            "03-20",
        ),
        (
            "The Veldt Court will rule on the harbour lease this Friday, its clerk Marit Osei said.",
            "this Friday",
            "this Friday",
            "03-13",
            "03-13",
        ),
        (
            "Drivers of the Lorn tramway must return their ballots by Thursday, the union said.",
            "Thursday",
            "by Thursday",
            "03-12",
            "03-12",
        ),
        (
            "The Orrin Bridge will open to traffic on Saturday, engineer Tomas Vael told reporters.",
            "on Saturday",
            "on Saturday",
            "03-14",
            "03-14",
        ),
        (
            "The Orrin Bridge will open to traffic on 14 March 2026, the roads agency said in a notice on its site.",
            "14 March 2026",
            "14 March 2026",
            "03-14",
            "03-14",
        ),
        (
            "The Kestrel choir festival was held on Saturday in front of nine hundred people, organisers said.",
            "on Saturday",
            "on Saturday",
            "03-07",
            "03-07",
        ),
        (
            "The Ves\u00adper bridge was closed on Mon\u200bday after a lorry hit a pillar, the police said.",
            "Mon\u200bday",
            "on Mon\u200bday",
            "03-09",
            "03-09",
        ),
        (
            "The café Élan in Zürich burned down on Monday, its owner Jürgen Möller said.",
            "Monday",
            "on Monday",
            "03-09",
            "03-09",
        ),
        ("The oﬃces of the ﬁrm Vael in Kestrel were searched on Friday.", "on Friday", "on Friday", "03-06", "03-06"),
    ],
)
def test_dates(text: str, seen: str, answer: str, first: str, last: str) -> None:
    one = claimed("When was it?", text, seen, "2026-03-10")
    assert text[one.span.start : one.span.end] == one.meaning.text == answer
    told = QuantityOut.of(one.meaning)
    assert told is not None
    assert (told.low, told.high, told.wording) == (f"2026-{first}", f"2026-{last}", answer)


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2026-01-29T00:30:00+13:00", date(2026, 1, 29)),
        ("2026-01-28T20:30:00-08:00", date(2026, 1, 28)),
        ("2026-01-28T23:59:59Z", date(2026, 1, 28)),
        ("2026-01-01T00:15:00+05:30", date(2026, 1, 1)),
    ],
)
def test_today_is_the_day_of_the_outlets_own_time(published: str, day: date, tmp_path: Path) -> None:
    text = "The Lorn ferry sank today with nobody aboard, the harbour master said."
    (tmp_path / "a.jsonl").write_text(f'{{"id":"a","title":"Lorn","text":"{text}","published_at":"{published}"}}')
    (record,) = read([tmp_path / "a.jsonl"])
    assert not isinstance(record, Rejected)
    assert record.article.day == day
    told = claimed("When did the Lorn ferry sink?", text, "today", record.article.published_at).meaning.days
    assert told is not None
    assert (told.first, told.last) == (day, day)


def test_a_text_keeps_the_characters_that_print_nothing(tmp_path: Path) -> None:
    text = "The Ves\u00adper bridge was closed on Mon\u200bday."
    (tmp_path / "a.jsonl").write_text(f'{{"id":"a","title":"Zero width","text":"{text}"}}', "utf-8")
    (record,) = read([tmp_path / "a.jsonl"])
    assert not isinstance(record, Rejected)
    assert record.article.text == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siobhan O’Brien", "Siobhan O'Brien"),
        ("Jürgen Möller", "Ju\u0308rgen Mo\u0308ller"),
        ("Mar\u00adit O\u200bsei", "Marit Osei"),
        ("The oﬃces of the ﬁrm Vael", "the offices of the firm Vael"),
    ],
)
def test_names_in_other_characters(one: str, other: str) -> None:
    assert same_name(one, other)


def test_equal_figures_of_two_scales_do_not_agree() -> None:
    question = "How cold was it in Kestrel?"
    cold, mild, same = (
        claimed(question, f"It was {told} in Kestrel.", told, "2026-01-13").meaning
        for told in ("12 °F", "12 °C", "minus 11 degrees Celsius")
    )
    assert not says_the_same(cold, mild)
    assert says_the_same(cold, same)
