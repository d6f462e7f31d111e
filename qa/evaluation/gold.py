"""What was said of answers -> gold questions, as ``qa.evaluation.evaluate`` takes them."""

import json
import re
from collections.abc import Iterable, Iterator

from corpus.storage.feedback import Feedback
from qa.evaluation.evaluate import Gold


def gold(said: Iterable[Feedback]) -> list[Gold]:
    """A gold question for each that somebody told the right answer of, or that there is none; the last word counts.
    What has no word in it can be found nowhere, and is left out.
    """
    found: dict[str, Gold] = {}
    for one in said:
        if one.answers is not None and all(re.search(r"\w", answer) for answer in one.answers):
            found[one.question] = Gold(one.question, one.answers, one.article_ids if one.answers else ())
    return [*found.values()]


def gold_lines(said: Iterable[Feedback]) -> Iterator[str]:
    """The same as the lines of a gold file."""
    for one in gold(said):
        fields = {"question": one.question, "answers": one.answers, "article_ids": one.article_ids}
        yield json.dumps(fields, ensure_ascii=False) + "\n"
