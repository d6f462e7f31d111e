"""Detects the language of a text; gives none unless the classifier is sure."""

import re
import threading
import unicodedata
from functools import cache
from typing import Protocol, cast

SAMPLE = 1_000
"""Characters looked at. A news text's first paragraph decides; more costs time and changes nothing."""
SURE = 0.6
"""Minimum normalised probability of a language. Whole sentences reach 0.8 to 1.0."""
MIN_WEIGHT = 16
"""Fewest letters to judge by; a letter of a script without an alphabet counts as WORDLIKE of them."""
WORDLIKE = 4

_CODES = frozenset(
    letters[0] + second
    for letters in (
        "aabefkmnrsvyz baegimnors caehorsuvy daevz eelnostu fafijory gadlnuv haeiortuyz iadegikostu jav "
        "kagijklmnorsuvwy labginotuv mghiklnrsty nabdeglnorvy ocjmrs pailst qu rmnouw sacdeghiklmnoqrstuvw "
        "taeghiklnorstwy ugkrz veio wao xh yio zahu"
    ).split()
    for second in letters[1:]
)
"""The codes of ISO 639-1, by their first letters."""

_loading = threading.Lock()


class _Classifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def detect(text: str) -> str | None:
    """Give the ISO 639-1 code of the text's language (639-3 where it has none), or None where that is uncertain."""
    sample = text[:SAMPLE]
    weight = sum(WORDLIKE if unicodedata.category(c) == "Lo" and c >= "\u2e80" else 1 for c in sample if c.isalpha())
    if weight < MIN_WEIGHT:
        return None
    code, probability = _classifier().classify(sample)
    # "zxx" is the classifier's class for letters that are no language.
    return code if probability >= SURE and code != "zxx" else None


def language_code(tag: str) -> str | None:
    """Give the ISO 639-1 code of a language tag, "en" of "en-GB"; None for what is none."""
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8})*", tag.strip())
    return match[1].lower() if match and match[1].lower() in _CODES else None


def _classifier() -> _Classifier:
    with _loading:
        return _load()


@cache
def _load() -> _Classifier:
    # Imported when first used: with its model it takes most of a second. An instance of our own, because
    # the package's shared one has settings that anybody can change.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return cast("_Classifier", LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
