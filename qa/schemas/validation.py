"""Messages for pydantic's errors."""

from collections.abc import Mapping, Sequence
from typing import Any

MAX_ERRORS = 20
_MAX_PART = 100  # characters of a field's name that are said back


def describe_errors(errors: Sequence[Mapping[str, Any]]) -> str:
    """Describe pydantic's errors about one value in one line."""
    said = [f"{pointer('body', one['loc'])} {message_of(one)}".strip() for one in errors[:MAX_ERRORS]]
    return join_messages(said, len(errors))


def join_messages(said: Sequence[str], total: int) -> str:
    """Join the first messages in one line, with the number of further ones out of ``total``."""
    shown = said[:3]
    return "; ".join(shown) + (f"; and {total - len(shown)} more" if total > len(shown) else "")


def pointer(place: object, parts: Sequence[object]) -> str:
    """Write the place of an error as a JSON Pointer into the body, or as ``?name``."""
    rest = [_printable(str(part)[:_MAX_PART]) for part in parts]
    if place == "query":
        return "?" + "/".join(rest)
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in rest)
    return "".join(f"/{part}" for part in escaped)


def message_of(error: Mapping[str, Any]) -> str:
    """Say what is wrong in words that can follow the name of the field."""
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a field of this request"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "must be a JSON object"
    message = _printable(str(error["msg"]))[:300]
    return f"{message[:1].lower()}{message[1:]}"


def _printable(text: str) -> str:
    """Replace lone surrogates, which JSON can carry in and UTF-8 can't carry out."""
    return text.encode(errors="replace").decode()
