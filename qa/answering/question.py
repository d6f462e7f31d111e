"""Checks that a question can be asked."""

import re

from qa.errors import QuestionError

MAX_QUESTION = 2_000
"""Longest question, in characters."""


def check_question(text: str) -> str:
    """The question without surrounding space. Raises QuestionError when it can't be asked."""
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"the question has {len(text):,} characters; at most {MAX_QUESTION:,} can be asked")
    text = text.strip()
    if not text:
        raise QuestionError("the question is empty")
    if not re.search(r"\w", text):
        raise QuestionError("the question has no words")
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise QuestionError("the question has a character that is not valid text")
    return text
