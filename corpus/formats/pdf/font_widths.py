"""About how wide the letters of a PDF's font are: by its own word, or as in Helvetica or Times.

pypdf knows it too, but tells only where words begin; where they end tells columns from words of one line.
"""

from typing import Any

# From the space to the tilde, in thousandths of the letters' size (Adobe's metrics of the standard fonts).
_HELVETICA = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556),
    *(556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667),
    *(556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556),
    *(556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722),
    *(500, 500, 500, 334, 260, 334, 584),
)
_TIMES = (
    *(250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500),
    *(500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722),
    *(611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444),
    *(500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722),
    *(500, 500, 444, 480, 200, 480, 541),
)
_LETTER = 0.55  # of the size: a letter of another alphabet
_IDEOGRAM = 1.0
_BOLD = 1.06
_USUAL_MEAN = 0.53  # of the letters that a text has, in Helvetica, each counted once


class Widths:
    """The widths of a font, in parts of the letters' size."""

    def __init__(self, font: Any) -> None:
        """Read a font's dictionary; what is damaged is as wide as Helvetica."""
        self._codes: dict[int, float] = {}
        self._known: tuple[int, ...] = _HELVETICA
        self._scale = 1.0
        try:
            self._read(font)
        except Exception:
            self._codes = {}

    def _read(self, font: Any) -> None:
        if font is None:
            return
        name = str(font.get("/BaseFont", ""))
        if "Times" in name or "Roman" in name:
            self._known = _TIMES
        if "Courier" in name:
            self._known = (600,) * len(_HELVETICA)
        elif "Bold" in name:
            self._scale = _BOLD
        if "/Widths" in font:
            first = int(font["/FirstChar"])
            widths = [float(one) / 1000 for one in font["/Widths"].get_object()]
            self._codes = {first + place: width for place, width in enumerate(widths) if 0 < width < 3}
        elif "/DescendantFonts" in font:
            # Its letters are named by numbers of its own: then only how wide they are together is known.
            inner = font["/DescendantFonts"].get_object()[0].get_object()
            listed = [one.get_object() for one in inner.get("/W", ())]
            widths = [float(one) / 1000 for group in listed if isinstance(group, list) for one in group]
            used = [width for width in widths if 0 < width < 0.95]
            if len(used) > 10:
                self._scale = min(max(sum(used) / len(used) / _USUAL_MEAN, 0.7), 1.3)

    def of(self, text: str) -> float:
        """How wide a text is, in parts of its size."""
        return sum(map(self._of_letter, text))

    def _of_letter(self, letter: str) -> float:
        if self._codes and (code := letter.encode("cp1252", "ignore")) and code[0] in self._codes:
            return self._codes[code[0]]
        place = ord(letter) - 32
        if 0 <= place < len(self._known):
            return self._known[place] / 1000 * self._scale
        return _IDEOGRAM if letter >= "\u2e80" else _LETTER * self._scale
