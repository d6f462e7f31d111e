import gzip
import lzma
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from corpus.decoding import decode, decode_stated, open_bytes, read_bytes
from corpus.errors import FormatError

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
# Doesn't compress, so that cutting the file cuts the data.
NOISE = b"".join(f"{i * 2654435761 % 2**32:08x}\n".encode() for i in range(40_000))


@given(st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()) == (text, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_names_the_encoding_and_goes(encoding: str) -> None:
    assert decode("Zürich 東京 😀".encode(encoding)) == ("Zürich 東京 😀", [])


def test_big_endian_marks() -> None:
    assert decode(b"\xfe\xff" + "né".encode("utf-16-be")) == ("né", [])
    assert decode(b"\0\0\xfe\xff" + "né".encode("utf-32-be")) == ("né", [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert decode("Ferries wait; the café opens.".encode(encoding)) == ("Ferries wait; the café opens.", [])


@pytest.mark.parametrize("data", [b"GIF89a\0\0\1\0", b"plain text with one \0 in it", bytes(range(256)), b"\1\2\3\4ab"])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match="binary"):
        decode(data)


def test_broken_utf8_names_the_byte() -> None:
    data = "Łódź, Kraków: €5".encode()
    with pytest.raises(FormatError, match=f"not valid UTF-8 at byte {len(data)}"):
        decode(data + b"\xe2\x82")


def test_broken_utf16_names_the_byte() -> None:
    with pytest.raises(FormatError, match="UTF-16-LE at byte 4"):
        decode(b"\xff\xfea\0b")


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("caf\xe9", "cp1252", "cp1252"),
        ("The mayor said: “We’re not going.” It’s over — he’s gone.", "cp1252", "cp1252"),
        ("Le café était fermé à Genève, dit le maire. ", "cp1252", "cp1252"),
        ("Город принял новое решение о мосте, сообщил мэр во вторник. ", "cp1251", "cp1251"),
        # Statistics need a paragraph where most letters are plain ones.
        (
            "Burmistrz powiedział w piątek, że rząd nie podejmie żadnej decyzji przed końcem roku. Dzień później "
            "minister zaprzeczył, że most będzie zamknięty, a mieszkańcy wyszli na ulicę ze świecami.",
            "cp1250",
            "cp1250",
        ),
    ],
)
def test_legacy_encodings_are_read_with_a_warning(text: str, encoding: str, named: str) -> None:
    assert decode(text.encode(encoding)) == (text, [f"the file is not UTF-8; it was read as {named}"])


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_files_are_unpacked(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix.upper()}"
    path.write_bytes(PACKERS[suffix](NOISE))
    with open_bytes(path) as stream:
        assert stream.read() == NOISE


@pytest.mark.parametrize("suffix", PACKERS)
def test_files_packed_in_parts_are_read_whole(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(PACKERS[suffix](b"one\n") + PACKERS[suffix](b"two\n"))
    assert read_bytes(path) == b"one\ntwo\n"


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_truncated_file_gives_what_came_before(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    packed = PACKERS[suffix](NOISE)
    path.write_bytes(packed[: len(packed) * 3 // 4])
    got = []
    with open_bytes(path) as stream, pytest.raises(FormatError, match=r"truncated"):  # noqa: PT012
        for line in stream:
            got.append(line)  # noqa: PERF402 - extend would lose what came before the error
    assert got == NOISE.splitlines(keepends=True)[: len(got)]
    assert len(got) > 15_000


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_corrupt_file_is_said_to_be_so(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"this was never compressed")
    with pytest.raises(FormatError, match="corrupt"):
        read_bytes(path)


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_bomb_is_stopped_at_the_limit(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(PACKERS[suffix](bytes(60 * 2**20)))
    tracemalloc.start()
    with pytest.raises(FormatError, match="more than 2 MB"):
        read_bytes(path, 2 * 2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 45 * 2**20


@pytest.mark.parametrize(
    "stated", ["undefined", "punycode", "idna", "unicode_escape", "rot13", "none such", "a\0b", ""]
)
def test_an_encoding_that_is_none_of_texts_is_not_believed(stated: str) -> None:
    text = "The café at the station, “closed for good”, has opened again: £3 a cup."
    data = text.encode("cp1252")
    assert decode_stated(data, [stated]) == decode(data)
    assert decode(data)[1] == ["the file is not UTF-8; it was read as cp1252"]


def test_the_first_encoding_that_fits_is_believed_and_utf_8_before_all() -> None:
    text = "Съвет „Мост“"
    assert decode_stated(text.encode("cp1251"), ["utf-8", "cp1251", "koi8-r"]) == (text, [])
    assert decode_stated(text.encode(), ["cp1251"]) == (text, [])
    assert decode_stated("“é”".encode("cp1252"), ["iso-8859-1"]) == ("“é”", [])
    assert decode_stated(b"a\x81b\xe9", ["iso-8859-1"]) == ("a\x81bé", [])  # no Windows has 0x81
    with pytest.raises(FormatError, match="binary"):
        decode_stated(b"a\0b", ["iso-8859-1"])
