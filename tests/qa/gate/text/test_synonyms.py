"""The thesaurus: its file is in order, and its words and phrases are found."""

from importlib.resources import files
from itertools import combinations

import pytest

from qa.gate.text.cues import OPPOSITES
from qa.gate.text.synonyms import near, phrases
from qa.gate.text.words import stem

LINES = files("qa.gate").joinpath("data", "thesaurus.txt").read_text(encoding="utf-8").splitlines()
GROUPS = [line.split(", ") for line in LINES if not line.startswith("#")]
LONGEST = 5


def test_every_line_is_a_group_of_words_and_short_phrases() -> None:
    for group in GROUPS:
        assert len(group) > 1, group
        assert len({*group}) == len(group), group
        assert all(member == " ".join(member.split()) and len(member.split()) <= LONGEST for member in group), group
    assert len({frozenset(group) for group in GROUPS}) == len(GROUPS)


def test_no_group_holds_opposites() -> None:
    for group in GROUPS:
        # "Defeat" is what winners and what losers have.
        stems = {stem(member) for member in group if " " not in member and member != "defeat"}
        assert not [(a, b) for a, b in combinations(stems, 2) if b in OPPOSITES.get(a, ())], group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hired", "employed"),
        ("bought", "acquiring"),
        ("told", "informed"),
        ("summoned", "called"),
        ("mended", "repaired"),
    ],
)
def test_forms_of_words_are_found(one: str, other: str) -> None:
    assert stem(other) in near(stem(one))


@pytest.mark.parametrize(
    ("text", "name", "word"),
    [
        ("The firm took them on in May.", "take on", "hire"),
        ("Beijing gave the deal the green light.", "green light", "approve"),
        ("They were laying out a board.", "lay out", "design"),
    ],
)
def test_phrases_are_found_in_their_forms(text: str, name: str, word: str) -> None:
    assert name in {phrase.name for phrase in phrases(text)}
    assert stem(word) in near(name)


def test_a_phrase_says_where_it_stands() -> None:
    text = "It later changed its mind."
    [found] = [one for one in phrases(text) if one.name == "change mind"]
    assert [text[word.start : word.end] for word in found.words] == ["changed", "mind"]


def test_a_verb_and_its_particle_may_stand_apart() -> None:
    [found] = [one for one in phrases("Rain pushed the whole ceremony back.") if one.name == "push back"]
    assert [word.text for word in found.words] == ["pushed", "back"]


def test_a_word_that_no_group_knows_has_nothing_near() -> None:
    assert near("zzyzx") == frozenset()
