"""The API reference, made of the service's own description of itself: ``make reference`` writes it to docs/api.md."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Shape = Mapping[str, Any]
METHODS = ("get", "post", "delete")
HEAD = """# The API

Everything is under `/v1`, in JSON and UTF-8. What goes wrong is told as `application/problem+json`
([Problem](#problem)). Offsets are half-open, in Unicode code points. This page is made by `make reference` of what
`/openapi.json` says; `/docs` on a running server lets you try it.
"""


def pages(schema: Shape) -> Iterator[str]:
    """The reference, part by part."""
    yield HEAD
    tags: dict[str, list[str]] = {}
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                (tag,) = operation["tags"]
                tags.setdefault(tag, []).append(_operation(method, path, operation))
    for tag, told in tags.items():
        yield f"## {tag.capitalize()}\n"
        yield from told
    yield "## Shapes\n"
    shapes = schema["components"]["schemas"]
    for name in sorted(shapes):
        if shapes[name].get("properties") and name not in ("HTTPValidationError", "ValidationError"):
            yield _shape(name, shapes[name])


def _operation(method: str, path: str, operation: Shape) -> str:
    told = [f"### {method.upper()} {path}\n", _text(operation.get("description", "")) + "\n"]
    if parameters := operation.get("parameters"):
        rows = [
            (
                f"`{one['name']}`{'' if one['in'] == 'query' else ' in the path'}",
                _type(one["schema"]),
                _limits(one["schema"]),
            )
            for one in parameters
        ]
        told.append(_table(("Parameter", "Type", "Limits"), rows))
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        told.append(f"Takes {_type(content['schema'])} as `{kind}`.\n")
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            kinds = [
                f"{_type(content['schema'])} as `{kind}`" if kind == "application/json" else f"`{kind}`"
                for kind, content in answer.get("content", {}).items()
            ]
            told.append(f"Answers {status}{' with ' + ' or '.join(kinds) if kinds else ', and nothing more'}.\n")
    return "\n".join(told)


def _shape(name: str, shape: Shape) -> str:
    required = shape.get("required", ())
    rows = [
        (f"`{field}`{'' if field in required else ' ?'}", _type(one), _limits(one))
        for field, one in shape["properties"].items()
    ]
    return f"### {name}\n\n{_text(shape.get('description', ''))}\n\n{_table(('Field', 'Type', 'Limits'), rows)}"


def _type(schema: Shape) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[several]))
    if "const" in schema or "enum" in schema:
        return " or ".join(f"`{one}`" for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kinds = schema.get("type", "anything")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _limits(schema: Shape) -> str:
    """Bounds and default, those of the one kind that is not null where several are possible."""
    several = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    inner = several[0] if len(several) == 1 else schema
    names = {
        "minimum": "at least {}",
        "maximum": "at most {}",
        "minLength": "{} characters or more",
        "maxLength": "up to {} characters",
        "minItems": "{} or more",
        "maxItems": "up to {}",
    }
    told = [words.format(f"{inner[name]:,}") for name, words in names.items() if name in inner]
    if schema.get("default") not in (None, []):
        told.append(f"default `{schema['default']}`")
    return ", ".join(told)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(one.replace('|', chr(92) + '|') for one in line)} |\n" for line in lines)


def _text(docstring: str) -> str:
    return " ".join(docstring.replace("``", "`").split())


def main() -> None:
    """Write the page."""
    from qa.server.app import describe

    Path(sys.argv[1]).write_text("\n".join(pages(describe())), "utf-8")


if __name__ == "__main__":
    main()
