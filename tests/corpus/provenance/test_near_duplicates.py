import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.provenance.near_duplicates import (
    COPY,
    NEAR_DAYS,
    REPRINT,
    REWRITE,
    Sketched,
    bands,
    families,
    fingerprint,
    one_report,
    similarity,
    sketch,
)

WORDS = [f"word{number}" for number in range(2_000)]


def text(seed: int, words: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def changed(given: str, share: float, seed: int = 99) -> str:
    """The text with its last ``share`` replaced."""
    words = given.split()
    kept = round(len(words) * (1 - share))
    return " ".join([*words[:kept], *text(seed, len(words) - kept).split()])


def sketched(given: str, source: str | None = None, day: int | None = None) -> Sketched:
    return Sketched(sketch(given), source, day)


def test_copies_in_another_layout_have_one_fingerprint_and_one_sketch() -> None:
    one, other = "Nine ferries sank.\n\nAll were old.", "nine ferries SANK — all were old"
    assert fingerprint(one) == fingerprint(other)
    assert sketch(one) == sketch(other)
    assert fingerprint("…") != fingerprint("!")


@pytest.mark.parametrize(("share", "expected"), [(0.1, 0.9 / 1.1), (0.3, 0.7 / 1.3), (0.5, 0.5 / 1.5), (1.0, 0.0)])
def test_similarity_estimates_the_share_of_runs_in_common(share: float, expected: float) -> None:
    pairs = [(text(seed), changed(text(seed), share, seed + 1_000)) for seed in range(40)]
    estimated = [similarity(sketch(one), sketch(other)) for one, other in pairs]
    assert sum(estimated) / len(estimated) == pytest.approx(expected, abs=0.03)


def test_copies_meet_in_a_band_and_strangers_do_not() -> None:
    copies = [(text(seed), changed(text(seed), 0.25, seed + 1_000)) for seed in range(60)]
    assert all(set(bands(sketch(one))) & set(bands(sketch(other))) for one, other in copies)
    keys = [key for seed in range(300) for key in bands(sketch(text(seed)))]
    assert len(set(keys)) == len(keys) == 300 * 42


def test_a_sketch_is_the_same_wherever_it_is_made() -> None:
    made = sketch("The ferry sank on Tuesday night off Lindholm. " * 4)
    assert hashlib.sha256(made).hexdigest()[:8] == "553b15a8"


@pytest.mark.parametrize(
    ("share", "source", "day", "expected"),
    [
        (0.1, "Post", 400, True),  # four fifths in common: a copy, whoever published it
        (0.2, "Post", 10, True),  # two thirds: printed again
        (0.2, "Post", 400, False),  # ... or what an outlet repeats every year
        (0.45, "Post", 10, False),  # two fifths: what one outlet repeats of its own
        (0.45, "Ledger", 10, True),  # ... and a rewrite by another
        (0.45, "Ledger", 10 + NEAR_DAYS, True),
        (0.45, "Ledger", 11 + NEAR_DAYS, False),
        (0.45, "Ledger", None, True),
        (0.45, None, 10, False),
        (0.45, "post", 10, False),
        (0.8, "Ledger", 10, False),
    ],
)
def test_copies_and_rewrites(share: float, source: str | None, day: int | None, expected: bool) -> None:
    one, other = sketched(text(1), "Post", 10), sketched(changed(text(1), share), source, day)
    assert COPY > REPRINT > REWRITE
    assert one_report(one, other) is expected
    assert one_report(other, one) is expected


def test_of_short_texts_only_equal_ones_are_copies() -> None:
    one, other = "The ferry sank on Monday and 12 people died.", "The ferry sank on Monday and 14 people died."
    assert not one_report(sketched(one), sketched(other))
    assert one_report(sketched(one), sketched(one.upper()))


def test_families_go_through_others_and_do_not_depend_on_the_order() -> None:
    first, second = text(1), text(2)
    between = changed(first, 0.2, 3)
    articles = [sketched(one) for one in (first, second, changed(between, 0.2, 4), between)]
    assert families(articles) == [0, 1, 0, 0]
    assert families(articles[::-1]) == [0, 0, 2, 0]


@given(st.text(min_size=1, max_size=200))
def test_any_text_has_a_sketch_that_is_like_itself(given: str) -> None:
    made = sketch(given)
    assert len(made) == 512
    assert similarity(made, made) == 1.0
    assert len(bands(made)) == 42
