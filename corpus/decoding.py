"""Bytes to text: compressed streams opened, the encoding recognised, what is no text refused."""

import codecs
import contextlib
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from corpus.errors import FormatError

MAX_FILE = 64 * 2**20
"""Largest file that is read as one article, in bytes after decompression."""

COMPRESSIONS = frozenset({".gz", ".xz", ".zst"})
"""File name endings that ``open_bytes`` unpacks."""

# UTF-32 before UTF-16: the little-endian mark of one begins with that of the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = "cp1252"
_LEGACY = (
    *(_WESTERN, "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949"),
)
_NO_TEXT = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Encodings that Python knows for other things than texts; some take quadratic time."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_NOT_UTF8 = re.compile("[\udc80-\udcff]+")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
# Most of Europe's letters, quotation marks and emoji begin with these in UTF-8; as letters of Windows' they are rare.
_LEFT_OVER = frozenset({0xC2, 0xC3, 0xC4, 0xC5, 0xE2, 0xF0})
_GUESS_FROM = 64 * 1024
"""How many bytes the encoding is guessed from: guessing is quadratic in places, and more decides nothing."""


class _Decompressed(Protocol):
    """What gzip, lzma and the class below have in common."""

    def read1(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class _Zstandard:
    """The bytes of all frames of a .zst file. The package's own reader takes a truncated file for a whole one."""

    # A frame can expand each 4 bytes to 128 KiB, so small bites keep a hostile file's output within 32 MiB a step.
    _BITE = 1024

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._inside = False
        self._input = b""
        self._output = memoryview(b"")

    def read1(self, size: int = -1, /) -> bytes:
        while not self._output:
            bite = self._input or self._file.read(self._BITE)
            self._input = b""
            if not bite:
                if self._inside:
                    raise EOFError("the last frame is incomplete")
                return b""
            self._inside = True
            self._output = memoryview(self._frame.decompress(bite))
            if self._frame.eof:
                self._input = self._frame.unused_data
                self._frame = zstandard.ZstdDecompressor().decompressobj()
                self._inside = False
        size = len(self._output) if size < 0 else size
        piece, self._output = self._output[:size], self._output[size:]
        return bytes(piece)

    def close(self) -> None:
        self._file.close()


class _Stream(io.RawIOBase):
    """A decompressor as a raw stream whose failures are FormatErrors.

    Each read takes one step of the decompressor, so all that was whole before the fault has been handed out.
    """

    def __init__(self, inner: _Decompressed, kind: str) -> None:
        super().__init__()
        self._inner = inner
        self._kind = kind

    def readable(self) -> bool:
        return True

    # The type checker's stubs for RawIOBase leave the buffer's type open.
    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read1(len(buffer))
        except EOFError:
            raise FormatError(f"the {self._kind} data ends too early: the file is truncated") from None
        except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
            raise FormatError(f"the {self._kind} data is corrupt ({error})") from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def open_bytes(path: Path, compression: str | None = None) -> io.BufferedReader:
    """Open a file for streaming, unpacked where its name ends in one of COMPRESSIONS, or as ``compression`` says.

    Raises OSError where it can't be opened; reading from the result raises FormatError where the compressed data
    is truncated or corrupt, after everything before the fault was read.
    """
    inner: _Decompressed
    suffix = (path.suffix if compression is None else compression).lower()
    match suffix:
        case ".gz":
            inner = gzip.open(path, "rb")  # noqa: SIM115 - closed with the stream
        case ".xz":
            inner = lzma.open(path, "rb")  # noqa: SIM115 - closed with the stream
        case ".zst":
            inner = _Zstandard(path)
        case _:
            return path.open("rb")
    return io.BufferedReader(_Stream(inner, suffix[1:]))


def read_bytes(path: Path, limit: int = MAX_FILE) -> bytes:
    """Read the whole file, unpacked. Raises FormatError above ``limit`` bytes, having read no more than that."""
    with open_bytes(path) as stream:
        data = read_at_most(stream, limit)
    if data is None:
        raise FormatError(f"the file has more than {limit // 2**20} MB, the most one article's file may have")
    return data


def read_at_most(stream: BinaryIO, limit: int) -> bytes | None:
    """Read what is left in the stream; None where that is more than ``limit`` bytes."""
    data = stream.read(limit + 1)
    return None if len(data) > limit else data


def mark(head: bytes) -> tuple[str, int] | None:
    """Give the encoding a byte order mark at the start of ``head`` names, with the mark's length, or None."""
    return next(((encoding, len(bom)) for bom, encoding in _MARKS if head.startswith(bom)), None)


@contextlib.contextmanager
def open_text(path: Path) -> Iterator[tuple[io.TextIOWrapper, str, list[str]]]:
    """Open a text too long to be held, with its encoding and warnings about what had to be assumed.

    Line endings stay as they are. Bytes that are not in the encoding become U+DC80 to U+DCFF, so that what holds them
    can be told; in UTF-16 and UTF-32 they raise UnicodeDecodeError where they are read. Raises OSError where the file
    can't be opened, FormatError for binary data, and what ``open_bytes`` raises.
    """
    encoding, length, warnings = _recognised(path)
    with open_bytes(path) as stream:
        stream.read(length)
        errors = "strict" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        with io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="") as text:
            yield text, encoding, warnings


def decode(data: bytes) -> tuple[str, list[str]]:
    """Decode ``data`` into text, with warnings about what had to be assumed. A byte order mark is taken off.

    Raises FormatError for binary data, and for broken UTF-8 or UTF-16, naming the byte position.
    """
    if (marked := mark(data)) is not None:
        encoding, length = marked
        return _strictly(data, encoding, length), []
    if b"\0" in data:
        return _strictly(data, _without_mark(data), 0), []
    _refuse_binary(data)
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            raise _broken(error, "utf-8", 0) from None
    encoding = _guess(data)
    return _strictly(data, encoding, 0), [f"the file is not UTF-8; it was read as {encoding}"]


def decode_stated(data: bytes, stated: Iterable[str], *, lenient: bool = False) -> tuple[str, list[str]]:
    """Decode a text of which somebody says in which encodings it is: by its mark, else as UTF-8 where it is that, as
    hardly anything else can be, else as the first of these that fits, and else as ``decode`` does.

    ``lenient``: in UTF-8, bytes that are not are read as what they are in Windows' encoding, or else replaced, with a
    warning; it is not taken for another encoding where most of it is UTF-8. Raises FormatError as ``decode`` does.
    """
    if mark(data) is None and b"\0" not in data:
        _refuse_binary(data)
        named = list(stated)
        if lenient and (mended := _mended(data, named)) is not None:
            return mended
        for encoding in ("utf-8", *named):
            for one in _codecs(encoding):
                with contextlib.suppress(UnicodeError, LookupError):
                    return data.decode(one), []
    return decode(data)


def _mended(data: bytes, stated: Iterable[str]) -> tuple[str, list[str]] | None:
    """Read a text that is UTF-8 but for some bytes, with a warning; None where it all is, or where hardly any is."""
    try:
        data.decode()
        return None
    except UnicodeDecodeError as error:
        first = error.start
    text = data.decode(errors="surrogateescape")
    wrong = len(_NOT_UTF8.findall(text))
    right = len(_BEYOND_ASCII.findall(text))
    otherwise = any(one != "utf-8" for name in stated for one in _codecs(name))
    few = 10 * (right + wrong) < len(text)
    if right < 4 * wrong if otherwise else (10 if few else 3) * right < wrong:
        return None
    bytes_wrong = sum(map(len, _NOT_UTF8.findall(text)))
    said = "1 byte is" if bytes_wrong == 1 else f"{bytes_wrong:,} bytes are"
    return _NOT_UTF8.sub(_as_windows, text), [
        f"{said} not valid UTF-8, the first at byte {first:,}; read as {_WESTERN}, or as \ufffd where that can't be"
    ]


def _as_windows(match: re.Match[str]) -> str:
    """Read bytes that are no UTF-8 as Windows' letters and quotation marks; what is left of a character is none."""
    found = match[0].encode(errors="surrogateescape")
    if found[0] in _LEFT_OVER and all(byte < 0xC0 for byte in found[1:]):
        return "\ufffd"
    return found.decode(_WESTERN, "replace")


def _codecs(name: str) -> tuple[str, ...]:
    """Give what to read an encoding of this name as; nothing where it is none that texts are in."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ()
    if found.name in _NO_TEXT:
        return ()
    # As browsers do: who says Latin-1 has Windows' quotation marks.
    return (_WESTERN, found.name) if found.name in ("iso8859-1", "ascii") else (found.name,)


def _recognised(path: Path) -> tuple[str, int, list[str]]:
    """Recognise a file's encoding as ``decode`` does, without holding it: with the length of its mark, and warnings.

    It is read once for this: a file may be plain ASCII for its first thousand lines.
    """
    half = _GUESS_FROM // 2
    with open_bytes(path) as stream:
        data = stream.read(half)
        if (marked := mark(data)) is not None:
            return *marked, []
        if b"\0" in data:
            return _without_mark(data), 0, []
        _refuse_binary(data)
        decoder = codecs.getincrementaldecoder("utf-8")()
        before = b""
        # Compressed data that is corrupt says so when it is read in earnest, behind what is whole.
        with contextlib.suppress(FormatError):
            while data:
                try:
                    decoder.decode(data)
                except UnicodeDecodeError as error:
                    fault = len(before) + error.start
                    around = (before + data + stream.read(half))[max(0, fault - half) : fault + half]
                    return _of_lines(around)
                before, data = data, stream.read(half)
    # A last character that is cut off is one record's fault.
    return "utf-8", 0, []


def _of_lines(around: bytes) -> tuple[str, int, list[str]]:
    """Recognise the encoding by what stands around a place that is not UTF-8."""
    # Whole lines: half of a character is in no encoding.
    _, _, behind = around.partition(b"\n")
    lines = behind[: behind.rfind(b"\n") + 1]
    sample = lines if any(byte > 127 for byte in lines) else around
    if _mostly_utf8(sample):
        return "utf-8", 0, []
    encoding = _guess(sample)
    return encoding, 0, [f"the file is not UTF-8; it was read as {encoding}"]


def _refuse_binary(data: bytes) -> None:
    if len(data.translate(None, _CONTROLS)) < 0.7 * len(data):
        raise FormatError("the file is binary: most of its bytes are control characters")


def _strictly(data: bytes, encoding: str, skip: int) -> str:
    try:
        return data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _broken(error, encoding, skip) from None


def _broken(error: UnicodeDecodeError, encoding: str, skip: int) -> FormatError:
    return FormatError(f"the file is not valid {encoding.upper()} at byte {error.start + skip} ({error.reason})")


def _without_mark(data: bytes) -> str:
    """Tell which UTF-16 lacks its mark, by Latin text's high bytes being NUL: every second byte, no other."""
    evens, odds = data[0::2], data[1::2]
    for encoding, high, low in (("utf-16-le", odds, evens), ("utf-16-be", evens, odds)):
        if len(data) % 2 == 0 and high.count(0) > 0.7 * len(high) and not low.count(0):
            try:
                # Not finally: the data may be a file's beginning.
                text = codecs.getincrementaldecoder(encoding)().decode(data)
            except UnicodeDecodeError:
                continue
            if not re.search(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]", text):
                return encoding
    raise FormatError("the file is binary: it holds NUL bytes")


def _mostly_utf8(data: bytes) -> bool:
    """Tell whether half of the multi-byte sequences are well-formed UTF-8: a legacy encoding hardly has any."""
    text = data.decode(errors="replace")
    wrong = text.count("\ufffd") - data.count("\ufffd".encode())
    return len(re.findall(r"[^\x00-\x7f]", text)) - wrong >= wrong


def _guess(data: bytes) -> str:
    """Guess the legacy encoding of ``data``. Raises FormatError where it makes sense in none.

    Among the encodings news was really kept in only: left free, the statistics take French for a Macintosh's Polish.
    """
    from charset_normalizer import from_bytes

    match = from_bytes(data[:_GUESS_FROM], cp_isolation=list(_LEGACY)).best()
    guessed = match.encoding if match is not None else _WESTERN
    texts = {}
    for encoding in (_WESTERN, guessed):
        with contextlib.suppress(UnicodeDecodeError):
            texts[encoding] = data.decode(encoding)
    if _WESTERN in texts and texts.get(guessed, texts[_WESTERN]) == texts[_WESTERN]:
        # Most of Europe's letters stand in several encodings at one place: then the commonest is named.
        return _WESTERN
    if guessed in texts:
        return guessed
    raise FormatError("the file is neither UTF-8 nor in an encoding that could be recognised; save it as UTF-8")
