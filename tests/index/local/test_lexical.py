import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.storage.view import ChunkText
from index.analysis import terms
from index.backends import Reached
from index.errors import DerivedError
from index.local import lexical as module
from index.local.lexical import LexicalIndex
from index.types import EVERYTHING, Filter, Ids

NONE: Ids = np.empty(0, np.int64)


def chunk(number: int, text: str, *, title: str = "", source: str | None = None, day: date | None = None) -> ChunkText:
    return ChunkText(number, number // 10, title, text, source, day.toordinal() if day else None)


def made(directory: Path, *chunks: ChunkText) -> LexicalIndex:
    lexical = LexicalIndex(directory)
    lexical.update(chunks, NONE, Reached(max(one.id for one in chunks), 0), held=len(chunks))
    return lexical


def ids(lexical: LexicalIndex, text: str, k: int = 10, where: Filter = EVERYTHING) -> list[int]:
    return [one.id for one in lexical.words().search(text, k, where=where)]


def test_the_rarer_word_and_the_shorter_text_win(tmp_path: Path) -> None:
    lexical = made(
        tmp_path,
        chunk(10, "the harbour was closed"),
        chunk(20, "the harbour opened for kayaks and the harbour stayed open for the whole of the summer"),
        chunk(30, "a harbour with kayaks"),
    )
    assert ids(lexical, "Which harbour has kayaks?") == [30, 20, 10]


def test_a_score_is_what_the_formula_gives(tmp_path: Path) -> None:
    # BM25 with k1 1.2, b 0.75 over four documents (one is the marker), two of them with the word, all lengths equal
    # to 2 and the marker's 0: idf = ln(1 + (4 - 2 + 0.5) / (2 + 0.5)), tf = 2.2 / (1 + 1.2 (0.25 + 0.75 * 2 / 1.5)).
    lexical = made(tmp_path, chunk(1, "alpha beta"), chunk(2, "alpha gamma"), chunk(3, "gamma delta"))
    expected = np.log(1 + 2.5 / 2.5) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / 1.5))
    assert [one.score for one in lexical.words().search("alpha", 5, where=EVERYTHING)] == pytest.approx([expected] * 2)


def test_figures_with_separators_are_one_word(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(1, "400,000 chips"), chunk(2, "400 chips and 000 more"), chunk(3, "3.5% of it"))
    assert ids(lexical, "400,000") == [1]
    assert ids(lexical, "3.5") == [3]


def test_words_are_found_in_other_forms_and_without_accents(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(1, "Regulators approved the chips"), chunk(2, "a café"))
    assert ids(lexical, "approval") == [1]
    assert ids(lexical, "approving") == [1]
    assert ids(lexical, "improving") == []
    assert ids(lexical, "cafe") == [2]


def test_scripts_without_spaces_are_searched_by_character(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(1, "北京批准了芯片"), chunk(2, "上海的天气"), chunk(3, "مرحبا بالعالم"))
    assert ids(lexical, "芯片") == [1]
    assert ids(lexical, "بالعالم") == [3]


def test_a_title_counts_less_than_the_text(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(1, "other words", title="kayaks"), chunk(2, "kayaks words", title="other"))
    assert ids(lexical, "kayaks") == [2, 1]


def test_a_question_of_common_words_only_is_searched_as_it_stands(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(1, "who are they"), chunk(2, "nothing of it"))
    assert ids(lexical, "who are they") == [1]


def test_a_questions_terms_are_its_stems_without_the_question_words() -> None:
    assert terms("How many ferries were sinking in 2,024 cafés?") == {"ferri", "sink", "2,024", "cafe"}
    assert terms("What is it?") == frozenset()


def test_a_query_without_words_finds_nothing(tmp_path: Path) -> None:
    assert ids(made(tmp_path, chunk(1, "words")), "?! ...") == []


def test_query_syntax_is_only_words(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(1, "title and chips"), chunk(2, "else"))
    assert ids(lexical, 'title:"chips AND (') == [1]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(sources=("Ledger",)), [1, 3]),
        (Filter(sources=("Ledger", "Post")), [1, 2, 3]),
        (Filter(sources=("ledger",)), []),
        (Filter(sources=()), []),
        (Filter(published_from=date(2026, 1, 2)), [2]),
        (Filter(published_to=date(2026, 1, 1)), [1]),
        (Filter(published_from=date(2026, 1, 1), published_to=date(2026, 1, 2)), [1, 2]),
        (Filter(sources=("Ledger",), published_from=date(2026, 1, 2)), []),
    ],
)
def test_filters_are_exact_and_leave_scores_alone(tmp_path: Path, where: Filter, expected: list[int]) -> None:
    lexical = made(
        tmp_path,
        chunk(1, "chips", source="Ledger", day=date(2026, 1, 1)),
        chunk(2, "chips", source="Post", day=date(2026, 1, 2)),
        chunk(3, "chips", source="Ledger"),
        chunk(4, "chips"),
    )
    found = lexical.words().search("chips", 10, where=where)
    assert sorted(one.id for one in found) == expected
    unfiltered = {one.id: one.score for one in lexical.words().search("chips", 10, where=EVERYTHING)}
    assert all(one.score == unfiltered[one.id] for one in found)


def test_only_the_allowed_articles_are_found(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(11, "chips"), chunk(21, "chips"), chunk(22, "chips"))
    assert sorted(one.id for one in lexical.words().search("chips", 5, where=EVERYTHING, articles=[2])) == [21, 22]


def test_every_chunk_tied_with_the_last_comes_along(tmp_path: Path) -> None:
    lexical = made(tmp_path, *(chunk(number, "same words") for number in range(1, 101)))
    assert sorted(ids(lexical, "same", 3)) == list(range(1, 101))


def test_it_knows_how_far_it_has_come_and_takes_out_what_is_removed(tmp_path: Path) -> None:
    lexical = LexicalIndex(tmp_path)
    assert lexical.reached() == Reached(0, 0)
    lexical.update([chunk(1, "one"), chunk(2, "two")], NONE, Reached(2, 0), held=2)
    lexical.update([chunk(3, "three")], np.array([1]), Reached(3, 1), held=2)
    again = LexicalIndex(tmp_path)
    assert again.reached() == Reached(3, 1)
    assert again.chunks() == 2
    assert (ids(again, "one"), ids(again, "two"), ids(again, "three")) == ([], [2], [3])


def test_what_a_writer_left_that_died_in_its_commit_stops_no_other(tmp_path: Path) -> None:
    lexical = made(tmp_path, chunk(1, "one"), chunk(2, "two"), chunk(3, "three"))
    lexical.update([], np.array([1]), Reached(3, 1), held=2)
    segments = json.loads((tmp_path / "meta.json").read_text())["segments"]
    for segment in segments:
        for opstamp in range(40):
            path = tmp_path / f"{segment['segment_id'].replace('-', '')}.{opstamp}.del"
            if not path.exists():
                path.write_bytes(b"torn")
    LexicalIndex(tmp_path).update([chunk(4, "four")], np.array([2]), Reached(4, 2), held=2)
    again = LexicalIndex(tmp_path)
    assert again.reached() == Reached(4, 2)
    assert [ids(again, word) for word in ("one", "two", "three", "four")] == [[], [], [3], [4]]


def test_another_opener_sees_a_commit_after_reloading(tmp_path: Path) -> None:
    writer = made(tmp_path, chunk(1, "one"))
    reader = LexicalIndex(tmp_path)
    writer.update([chunk(2, "two")], NONE, Reached(2, 0), held=2)
    assert ids(reader, "two") == [2]


def test_a_damaged_directory_is_refused(tmp_path: Path) -> None:
    made(tmp_path / "lexical", chunk(1, "one"))
    (tmp_path / "lexical" / "meta.json").write_text("{}")
    with pytest.raises(DerivedError, match="can't be read"):
        LexicalIndex(tmp_path / "lexical")


def test_a_writer_whose_threads_fail_while_they_are_waited_for_is_an_index_that_can_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As happens where the disk fails at a call after the commit: seen with every call failing in turn.
    lexical = made(tmp_path, chunk(1, "alpha"))
    real = lexical._tantivy

    class Failing:
        def __init__(self, writer: Any) -> None:
            self._writer = writer

        def __getattr__(self, name: str) -> Any:
            return getattr(self._writer, name)

        def wait_merging_threads(self) -> None:
            self._writer.wait_merging_threads()
            raise ValueError("Worker thread failed")

    class Index:
        def writer(self, heap: int, num_threads: int) -> Failing:
            return Failing(real.writer(heap, num_threads=num_threads))

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    monkeypatch.setattr(lexical, "_tantivy", Index())
    with pytest.raises(DerivedError, match="can't be written: Worker thread failed"):
        lexical.update([chunk(2, "beta")], NONE, Reached(2, 0), held=2)
    assert sorted(ids(LexicalIndex(tmp_path), "alpha beta")) == [1, 2]


def test_accents_that_an_earlier_version_indexed_as_they_came_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "compose", str)
    old = made(tmp_path, chunk(1, unicodedata.normalize("NFD", "Zürich")), chunk(2, "Zürich"), chunk(3, "Zug"))
    monkeypatch.undo()
    assert sorted(ids(old, "Zürich")) == sorted(ids(old, unicodedata.normalize("NFD", "Zürich"))) == [1, 2]
