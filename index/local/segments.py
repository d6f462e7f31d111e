"""The files of a full-text index, as tantivy leaves them: which ones a commit names, and whether they are whole.

tantivy ends each file with a footer that has a CRC-32 of what stands before it, and does not look at it when it opens
an index (https://github.com/quickwit-oss/tantivy, ``directory/footer.rs``). Here it is looked at, once a file: files
are never changed after they are written. What names them, ``meta.json``, has no footer: the marker document of
``index.local.lexical`` says how many chunks there must be.
"""

import json
import zlib
from functools import lru_cache
from pathlib import Path

from index.errors import DerivedError
from index.files import AsItStands

_END = 8
"""Bytes of the footer's length and of tantivy's mark, at the very end of a file."""
_MARK = 1337
_BLOCK = 2**20  # bytes


def verify(directory: Path) -> None:
    """Raise DerivedError where a file that the last commit names is not what was written."""
    segments = _segments(directory)
    for path in directory.iterdir():
        segment = path.name.partition(".")[0]
        if segment in segments and (path.suffix != ".del" or path.name == segments[segment]):
            try:
                whole = _whole(AsItStands.of(path))
            except FileNotFoundError:
                continue  # merged away by another process just now; where it is missed, tantivy says so
            except OSError as error:
                raise DerivedError(f"{path} can't be read: {error}") from error
            if not whole:
                raise DerivedError(f"{path} is not what was written (its checksum differs)")


def remove_orphans(directory: Path) -> None:
    """Remove lists of deletions that no commit names: the next writer counts on from the last commit, comes to the same
    file names as one that died, and stops at a file that exists. Raises DerivedError.
    """
    named = {*_segments(directory).values()}
    try:
        for path in directory.glob("*.del"):
            if path.name not in named:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise DerivedError(f"the full-text index in {directory} can't be read: {error}") from error


def _segments(directory: Path) -> dict[str, str]:
    """What the names of each segment's files begin with, and the name of its list of deletions, empty without one."""
    try:
        meta = json.loads((directory / "meta.json").read_text("utf-8"))
        found = {one["segment_id"].replace("-", ""): one["deletes"] for one in meta["segments"]}
        return {name: f"{name}.{deletes['opstamp']}.del" if deletes else "" for name, deletes in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DerivedError(f"the full-text index in {directory} can't be read: {error}") from error


@lru_cache(maxsize=65_536)
def _whole(found: AsItStands) -> bool:
    size = found.size
    with found.path.open("rb") as file:
        file.seek(max(0, size - _END))
        end = file.read(_END)
        length, mark = int.from_bytes(end[:4], "little"), int.from_bytes(end[4:], "little")
        body = size - _END - length
        if mark != _MARK or body < 0:
            return False
        file.seek(body)
        try:
            wanted = json.loads(file.read(length))["crc"]
        except (ValueError, KeyError, TypeError):
            return False
        file.seek(0)
        crc = 0
        while body and (block := file.read(min(body, _BLOCK))):
            crc = zlib.crc32(block, crc)
            body -= len(block)
    return bool(crc == wanted)
