import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.storage.store import Store
from corpus.types import Article, Chunk
from corpus.verification import Reference, verify
from qa.cli.input_files import read_citations
from qa.errors import CitationsError

FIRST = "Chips 😀 were approved. Beijing said so."
SECOND = "Chips were not approved, it turned out."


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def put(store: Store, text: str, article_id: str = "a") -> None:
    with store.write() as writing:
        writing.put(Article(article_id, "t", text), [Chunk(0, len(text), 1)], np.zeros((1, 4), np.float16))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path, create=True)
    put(store, FIRST)
    return store


def verdict(
    store: Store, start: int = 0, end: int = 7, quote: str = FIRST[:7], sha: str = sha256(FIRST), id_: str = "a"
) -> str:
    with store.read() as view:
        return verify(view, Reference(id_, start, end, quote, sha))


def test_offsets_count_code_points(store: Store) -> None:
    assert verdict(store) == "valid"
    assert verdict(store, 8, 12, "were") == "valid"
    assert verdict(store, 0, len(FIRST), FIRST) == "valid"


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [
        (0, 7, "Chips"),
        (1, 8, FIRST[:7]),
        (-7, 0, ""),
        (-len(FIRST), -1, FIRST[:-1]),
        (3, 3, ""),
        (7, 0, FIRST[:7]),
        (0, 10**30, FIRST),
        (0, len(FIRST) + 1, FIRST + "x"),
        (0, len(FIRST) + 1, FIRST),
    ],
)
def test_wrong_words_or_places_are_a_mismatch(store: Store, start: int, end: int, quote: str) -> None:
    assert verdict(store, start, end, quote) == "mismatch"


def test_an_unknown_article_or_text_is_a_mismatch(store: Store) -> None:
    assert verdict(store, id_="b") == "mismatch"
    assert verdict(store, sha=sha256(SECOND)) == "mismatch"
    assert verdict(store, sha="") == "mismatch"


def test_an_update_changes_right_citations_only(store: Store) -> None:
    put(store, SECOND)
    assert verdict(store) == "changed"
    assert verdict(store, quote="Chips x") == "mismatch"
    assert verdict(store, 0, 5, "Chips", sha256(SECOND)) == "valid"
    put(store, FIRST)
    assert verdict(store) == "valid"
    assert verdict(store, 0, 5, "Chips", sha256(SECOND)) == "changed"


def test_a_deletion_withdraws_every_text_that_stood_there(store: Store) -> None:
    put(store, SECOND)
    with store.write() as writing:
        writing.delete("a")
    assert verdict(store) == "withdrawn"
    assert verdict(store, 0, 5, "Chips", sha256(SECOND)) == "withdrawn"
    assert verdict(store, sha=sha256("never")) == "mismatch"
    assert verdict(store, -1, 6) == "mismatch"
    put(store, SECOND)
    assert verdict(store) == "withdrawn"
    assert verdict(store, 0, 5, "Chips", sha256(SECOND)) == "valid"
    assert verdict(store, 0, 5, "Wrong", sha256(SECOND)) == "mismatch"


@given(text=st.text(min_size=1).filter(lambda text: text.strip() and "\0" not in text), data=st.data())
def test_every_slice_of_a_text_is_valid_and_no_other(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    class OneArticle:
        def article(self, _: str) -> Article:
            return Article("a", "t", text)

    view = OneArticle()
    assert verify(view, Reference("a", start, end, text[start:end], sha256(text))) == "valid"  # type: ignore[arg-type]
    other = text[start:end][:-1] + ("x" if text[end - 1] != "x" else "y")
    assert verify(view, Reference("a", start, end, other, sha256(text))) == "mismatch"  # type: ignore[arg-type]


CITATION = {"article_id": "a", "start": 0, "end": 7, "quote": FIRST[:7], "article_sha256": sha256(FIRST)}


@pytest.mark.parametrize(
    "content",
    [
        {"citations": [CITATION, CITATION]},
        {"status": "answered", "answers": [{"citations": [{**CITATION, "prefix": ""}]}, {"citations": [CITATION]}]},
        [CITATION, CITATION],
    ],
)
def test_citations_are_read_from_a_list_or_a_reply(tmp_path: Path, content: object) -> None:
    path = tmp_path / "citations.json"
    path.write_text(json.dumps(content))
    assert [one.model_dump() for one in read_citations(path)] == [CITATION, CITATION]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "can't be read as JSON"),
        ("[" * 100_000, "can't be read as JSON"),
        ("7", "has no citations"),
        ('{"citations": 7}', "has no citations"),
        ('{"citations": [7]}', "citation 1: the citation: "),
        ('{"citations": [{"article_id": "a", "start": 0, "end": 1, "quote": "C"}]}', "citation 1: article_sha256: "),
        (json.dumps([CITATION, {**CITATION, "start": "0"}]), "citation 2: start: "),
        (json.dumps([{**CITATION, "quote": "\ud800"}]), "citation 1: quote: holds a lone surrogate"),
    ],
)
def test_what_is_wrong_with_a_file_of_citations_is_told(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "citations.json"
    path.write_text(content)
    with pytest.raises(CitationsError) as error:
        read_citations(path)
    assert said in str(error.value)
