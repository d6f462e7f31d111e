from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from qa.reader.inputs import MAX_QUESTION, MAX_TITLE, STRIDE, WINDOW, packaged_tokenizer, rows, windows
from qa.reader.types import Passage


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return packaged_tokenizer()


@given(length=st.integers(0, 2_000), size=st.integers(STRIDE + 1, 400))
def test_windows_cover_a_text_and_share_a_stride(length: int, size: int) -> None:
    found = [*windows(length, size)]
    assert {piece for start, end in found for piece in range(start, end)} == set(range(length))
    assert all(0 < end - start <= size for start, end in found)
    assert all(later == (earlier_end - STRIDE) for (_, earlier_end), (later, _) in pairwise(found))


def test_a_row_holds_question_title_and_text_between_marks(tokenizer: Tokenizer) -> None:
    (row,) = rows(tokenizer, "Who sank?", [Passage("Harbour news", "The ferry sank.")])
    tokens = [tokenizer.id_to_token(one) for one in row.ids]
    assert tokens == "[CLS] who sank ? [SEP] harbour news [SEP] the ferry sank . [SEP]".split()
    assert tokens[row.question - 1] == "[SEP]"
    assert tokens[row.start : -1] == ["the", "ferry", "sank", "."]
    assert [("The ferry sank."[a:b]) for a, b in row.offsets] == ["The", "ferry", "sank", "."]


def test_a_row_says_where_words_go_on(tokenizer: Tokenizer) -> None:
    (row,) = rows(tokenizer, "Who?", [Passage("", "The thunderously ferried oxen: 1,300.")])
    tokens = [str(tokenizer.id_to_token(one)) for one in row.ids[row.start : -1]]
    assert any(row.inside)
    assert row.inside == [*(token.startswith("##") for token in tokens), False]
    found = rows(tokenizer, "Who?", [Passage("", "thunderously " * 300)])
    assert len(found) > 1
    for row in found:
        tokens = [str(tokenizer.id_to_token(one)) for one in row.ids[row.start : -1]]
        assert row.inside[:-1] == [token.startswith("##") for token in tokens]
        assert len(row.inside) == len(tokens) + 1


def test_long_texts_are_read_whole_and_long_questions_and_titles_in_part(tokenizer: Tokenizer) -> None:
    text = " ".join(f"word{number}" for number in range(900))
    found = rows(tokenizer, "why " * 500, [Passage("title " * 500, text), Passage("", ""), Passage("", "Short.")])
    assert max(len(row.ids) for row in found) == WINDOW
    assert all(row.start == 1 + MAX_QUESTION + 1 + MAX_TITLE + 1 for row in found if row.passage == 0)
    assert {row.passage for row in found} == {0, 2}
    covered = {place for row in found if row.passage == 0 for a, b in row.offsets for place in range(a, b)}
    assert covered == {place for place, character in enumerate(text) if character != " "}
