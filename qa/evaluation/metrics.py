"""Metrics of answers, compared as texts."""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil


def holds_any(text: str, answers: Iterable[str]) -> bool:
    """Whether one of the answers stands in ``text`` on word borders."""
    return any(holds(text, answer) for answer in answers)


def holds(text: str, answer: str) -> bool:
    """Whether ``answer`` stands in ``text`` on word borders, whatever the case, the spacing and the apostrophes.

    A number's separators belong to it: "400,000" does not stand in "1,400,000", nor "2" in "2.5".
    """
    wanted = _plain(answer)
    if not wanted:
        return False
    before = r"(?<!\w)" if re.match(r"\w", wanted) else ""
    behind = r"(?!\w)" if re.search(r"\w$", wanted) else ""
    if wanted[0].isdigit():
        before += r"(?<![0-9][.,])"
    if wanted[-1].isdigit():
        behind += r"(?![.,][0-9])"
    return re.search(before + re.escape(wanted) + behind, _plain(text)) is not None


def exact_match(answer: str, gold: Sequence[str]) -> float:
    """1.0 when the answer is one of the gold answers, normalised; else 0.0.

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016.
    """
    return float(bool(answer) and normalise(answer) in map(normalise, gold))


def f1(answer: str, gold: Sequence[str]) -> float:
    """Harmonic mean of precision and recall over normalised tokens, the best over the gold answers (ibid.)."""
    if not answer:
        return 0.0
    return max((_f1(normalise(answer).split(), normalise(one).split()) for one in gold), default=0.0)


def _f1(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)  # "A" is an article to the rule, and an answer all the same
    common = (Counter(answer) & Counter(gold)).total()
    return 2 * common / (len(answer) + len(gold)) if common else 0.0


def normalise(text: str) -> str:
    """Lower case, without punctuation, the articles a, an, the, and extra space: as SQuAD compares answers."""
    bare = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def mean(values: Iterable[float]) -> float | None:
    """Arithmetic mean, None of nothing."""
    found = [float(value) for value in values]
    return sum(found) / len(found) if found else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Nearest-rank percentile: the least value that ``percent`` of the values don't exceed; None of nothing."""
    return sorted(values)[max(1, ceil(len(values) * percent / 100)) - 1] if values else None


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").casefold().split())
