import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.outlets import fold, nearest


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Harbour Post", "HARBOUR post"),
        ("Zürcher Bote", unicodedata.normalize("NFD", "zürcher bote")),
        ("Nữ Sinh Báo", unicodedata.normalize("NFD", "NỮ SINH BÁO")),
        ("People’s Post", "people's post"),
        ("L'Écho du Lac", "l’ÉCHO du lac"),
        ("Hawaiʻi Courier", "hawai'i courier"),
        ("O`Dell Gazette", "O´Dell Gazette"),
        ("Straße am Abend", "STRASSE AM ABEND"),
        ("Ledger", "  Ledger\u00a0"),
        ("Ἀθῆναι", "ἈΘΗ͂ΝΑΙ"),
    ],
)
def test_names_typed_otherwise_are_the_same(name: str, typed: str) -> None:
    assert fold(name) == fold(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Café Post", "Cafe Post"), ("Post", "The Post"), ("Post 1", "Post 2"), ("Wire", "Wire!"), ("A B", "AB")],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name)) == fold(name)


KNOWN = ["CNN (Web News)", "Harbour Post", "The Lowland Gazette", "Vesper Courier", "Zürcher Bote"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CNNN", "CNN (Web News)"),
        ("cnn", "CNN (Web News)"),
        ("Lowland Gazete", "The Lowland Gazette"),
        ("gazette of the lowland", "The Lowland Gazette"),
        ("Harbor Post", "Harbour Post"),
        ("Harbour Post International Edition", "Harbour Post"),
        ("Zurcher Bote", "Zürcher Bote"),
        ("VESPER", "Vesper Courier"),
    ],
)
def test_the_nearest_name_is_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert nearest(typed, KNOWN) == meant


def test_there_is_a_nearest_name_wherever_there_is_a_name() -> None:
    assert nearest("%", KNOWN) in KNOWN
    assert nearest("", ["Post"]) == nearest("x" * 100_000, ["Post"]) == "Post"
    assert nearest("Post", []) is None
