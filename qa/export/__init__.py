"""Replies in standard export formats, by name."""

from collections.abc import Callable
from typing import Any, Literal

from qa.export.csl_json import sources
from qa.export.web_annotations import annotations
from qa.schemas.answers import AskResponse

Form = Literal["annotations", "csl"]
FORMS: dict[Form, Callable[[AskResponse], Any]] = {"annotations": annotations, "csl": sources}
