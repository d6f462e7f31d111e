"""Reads citations and other things from JSON files."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from qa.errors import CitationsError
from qa.schemas.requests import CitationIn

Shape = TypeVar("Shape", bound=BaseModel)


def read_citations(path: Path) -> list[CitationIn]:
    """Read the citations in a file: ``{"citations": [...]}``, a whole reply to a question, or the bare array.

    Other fields of a citation are ignored. Raises CitationsError saying what is wrong, and with which citation.
    """
    found = read_json(path)
    if isinstance(found, dict) and isinstance(found.get("answers"), list):
        found = [one for answer in found["answers"] if isinstance(answer, dict) for one in answer.get("citations", [])]
    elif isinstance(found, dict):
        found = found.get("citations")
    if not isinstance(found, list):
        raise CitationsError(f'{path} has no citations: it must be {{"citations": [...]}} or a reply of `ask --json`')
    citations: list[CitationIn] = []
    for number, one in enumerate(found, 1):
        citations.append(validate(CitationIn, citation_fields(one), path, f"citation {number}"))
    return citations


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises CitationsError if it isn't one."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CitationsError(f"{path} can't be read as JSON: {error}") from error


def citation_fields(citation: object) -> object:
    """The fields of a citation that can be checked; anything but an object is returned as it is."""
    if not isinstance(citation, dict):
        return citation
    return {name: citation[name] for name in CitationIn.model_fields if name in citation}


def validate(shape: type[Shape], fields: object, path: Path, what: str) -> Shape:
    """Validate one thing from a file. Raises CitationsError saying what is wrong, and with which."""
    try:
        return shape.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"])) or f"the {what.split()[0]}"
        raise CitationsError(f"{path}, {what}: {where}: {first['msg']}") from None
