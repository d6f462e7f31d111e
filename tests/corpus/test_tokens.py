import hashlib
import time
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers.pre_tokenizers import ByteLevel

from corpus import tokens
from corpus.errors import TokenizerError
from corpus.train_encoding import LONGEST, VOCABULARY, byte_of_character, lines, ranks, train

INVENTED = [
    "The harbour office in Tallport counted 1,204 boats on Monday, 37 more than a year ago.",
    "“We've waited,” Ms. Orrin said — and then: “It's done!”",
    "Rates rose to 3.75%...\n\nThe mayor wasn't there.\r\nTabs\tand   spaces   ",
    "Größe, façade, naïve, Łódź, Αθήνα, Москва, 東京都, القاهرة, दिल्ली, 👩‍👩‍👧 🇰🇪",
]


def test_has_the_single_bytes_first_and_16384_tokens() -> None:
    encoding = tokens.encoding()

    assert encoding.n_vocab == VOCABULARY == 16_384
    assert [encoding.decode_single_token_bytes(rank) for rank in range(256)] == [bytes([byte]) for byte in range(256)]


def test_counts_common_words_as_one_token_and_unknown_ones_as_several() -> None:
    assert tokens.count("The president said the government would not comment.") == 9
    assert tokens.count("") == 0
    assert tokens.count("zxqvkj") == 6
    assert tokens.count("東京") == 6
    assert tokens.counts(["The president", "zxqvkj"]) == [2, 6]


def test_a_token_is_part_of_one_word() -> None:
    learned = [tokens.encoding().decode_single_token_bytes(rank) for rank in range(256, VOCABULARY)]

    assert max(len(token) for token in learned) <= LONGEST
    assert [token for token in learned if b" " in token.lstrip() and token.strip()] == []


@given(st.text())
def test_encoding_and_decoding_gives_the_text_back(text: str) -> None:
    encoding = tokens.encoding()

    assert encoding.decode(encoding.encode_ordinary(text)) == text


@pytest.mark.parametrize("unit", ["a", "😀", "中", ".", "1", " ", "\n", " \n", "\u0301", "a\u0301"])
def test_a_megabyte_without_a_word_border_takes_no_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    begun = time.process_time()

    assert tokens.count(text) >= 1_000_000 // len(unit) // 32

    assert time.process_time() - begun < 2.0


def test_tiktoken_and_the_trainer_cut_alike() -> None:
    trained = train(INVENTED * 3, vocabulary=400)
    as_bytes = byte_of_character()
    learned = ranks(trained)
    ours = tiktoken.Encoding(
        name="trial",
        pat_str=tokens.PATTERN,
        mergeable_ranks={token: rank for rank, token in enumerate(learned)},
        special_tokens={},
    )

    assert len(learned) == 400
    for text in [*INVENTED, " ".join(reversed(INVENTED)), "a" * 500, "unseen words, unseen signs ¶¶"]:
        theirs = [bytes(as_bytes[character] for character in token) for token in trained.encode(text).tokens]
        assert [ours.decode_single_token_bytes(token) for token in ours.encode_ordinary(text)] == theirs


def test_training_is_deterministic_and_writes_what_is_read() -> None:
    first, second = ("".join(lines(ranks(train(INVENTED, vocabulary=300)))) for _ in range(2))

    assert first == second
    parsed = tokens.parse(first.encode())
    assert len(parsed) == 300
    assert parsed[b"\x00"] == 0
    assert parsed[b"\xff"] == 255


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "news.tiktoken"
    changed.write_bytes(b"IQ== 0\n")

    with pytest.raises(TokenizerError, match=r"was changed: its SHA-256 is \w{64}, not \w{64}: install citewire again"):
        tokens.load(changed)
    with pytest.raises(TokenizerError, match=r"can't be read"):
        tokens.load(tmp_path / "missing.tiktoken")


def test_a_file_of_another_form_is_refused_with_its_line(tmp_path: Path) -> None:
    content = b"IQ== 0\nnot base64! 1\n"
    other = tmp_path / "news.tiktoken"
    other.write_bytes(content)

    with pytest.raises(TokenizerError, match="line 2 of the encoding"):
        tokens.load(other, sha256=hashlib.sha256(content).hexdigest())


@settings(max_examples=30)
@given(st.binary(min_size=1, max_size=8))
def test_the_printable_stand_ins_are_those_of_byte_level_bpe(data: bytes) -> None:
    stand_in = {byte: character for character, byte in byte_of_character().items()}

    assert len(stand_in) == 256
    assert set(stand_in.values()) == set(ByteLevel.alphabet())
    assert bytes(byte_of_character()[stand_in[byte]] for byte in data) == data
