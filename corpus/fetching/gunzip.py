"""Unpacks gzip as it arrives, up to a limit."""

import zlib

from corpus.errors import FetchError


class Unpacking:
    """Unpacks gzip as it comes, to at most ``most`` bytes in all: a small body can't become a large memory."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = most
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._begun = False

    def more(self, data: bytes) -> bytes:
        """Unpack the next bytes. Raises FetchError where they are damaged, or too many."""
        out = bytearray()
        try:
            while data:
                if self._inner.eof:  # one gzip stream may follow another
                    self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
                self._begun = True
                out += self._inner.decompress(data, self._left - len(out) + 1)
                if len(out) > self._left:
                    raise FetchError(f"it unpacks to more than {self._most / 2**20:g} MB", lasting=True)
                data = self._inner.unconsumed_tail or self._inner.unused_data
        except zlib.error as error:
            raise FetchError(f"its gzip data is corrupt ({error})") from None
        self._left -= len(out)
        return bytes(out)

    def end(self) -> None:
        """Raises FetchError where the last stream is not whole."""
        if self._begun and not self._inner.eof:
            raise FetchError("its gzip data ends too early")
