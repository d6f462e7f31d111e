"""What the commands share: options, settings, printing and failing."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from corpus.fetching.addresses import is_address

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console

    from index.types import Filter
    from qa.settings import Settings


def check_text(value: str) -> str:
    """Refuse an argument that is not valid Unicode: bytes that don't exist in the terminal's encoding."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("it is not valid text in this terminal's encoding") from None
    return value


def check_optional_text(value: str | None) -> str | None:
    """Refuse an argument as ``check_text`` does, if there is one."""
    return None if value is None else check_text(value)


def check_texts(values: list[str] | None) -> list[str] | None:
    """Refuse arguments as ``check_text`` does."""
    return None if values is None else [check_text(value) for value in values]


def paths_argument(metavar: str, what: str) -> Any:
    """An argument for paths, and for addresses if the network is allowed. It is text: a path would lose one of an
    address's two slashes.
    """
    told = f"{what}; with --allow-network also addresses of feeds, sitemaps and pages."
    return typer.Argument(metavar=metavar, help=told, show_default=False)


def examples(command: str, *lines: str) -> str:
    """Write what stands below a command's help: one example for each line of arguments."""
    return "Examples:\n\n" + "\n".join(f"    $ citewire {command} {line}".rstrip() for line in lines)


DAY = ["%Y-%m-%d"]
ArchiveDir = Annotated[
    Path | None,
    typer.Option(
        "--archive", metavar="DIR", help="The archive. Default: CITEWIRE_ARCHIVE, or ./archive.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PublishedFrom = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        formats=DAY,
        metavar="YYYY-MM-DD",
        help="Only articles published on or after this day.",
        show_default=False,
    ),
]
PublishedTo = Annotated[
    datetime | None,
    typer.Option(
        "--to",
        formats=DAY,
        metavar="YYYY-MM-DD",
        help="Only articles published on or before this day.",
        show_default=False,
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="OUTLET",
        callback=check_texts,
        help="Only this outlet; `citewire status` lists them. Repeat for several outlets.",
    ),
]
Undated = Annotated[
    Literal["include", "exclude", "only"] | None,
    typer.Option(
        "--undated",
        help="Articles without a date. Default: exclude with --from, --to or --as-of, else include.",
        show_default=False,
    ),
]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        metavar="NUMBER",
        help="Minimum confidence of an answer; 0 always gives the best candidate.",
        show_default=False,
    ),
]
Device = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Device for the models: cpu, cuda or mps. Default: CITEWIRE_DEVICE.", show_default=False
    ),
]
Host = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address to listen on.", show_default="127.0.0.1")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, metavar="PORT", help="Port to listen on.", show_default="8080")
]
Insecure = Annotated[
    bool, typer.Option("--insecure", help="Accept other machines without keys, if something else controls access.")
]
ReaderName = Annotated[
    str | None,
    typer.Option(
        "--reader",
        metavar="NAME",
        help="The reader model: the shipped one, `sentences`, or the name or path of an extractive question answering "
        "model.",
        show_default=False,
    ),
]

DateOrder = Annotated[
    Literal["mdy", "dmy"] | None,
    typer.Option(help="Read 9/6/17 as month/day (mdy) or day/month (dmy).", show_default=False),
]
Priority = Annotated[Literal["low", "normal"], typer.Option(help="low: yield to other programs on this machine.")]
AllowNetwork = Annotated[
    bool, typer.Option("--allow-network", help="Fetch addresses, and the pages that feeds and sitemaps link to.")
]
LOW = 15
"""What low priority adds to the process's niceness: on a busy machine it gets a twentieth of a server's share."""


def refuse_addresses(names: Sequence[str], *, allow_network: bool) -> list[str]:
    """The addresses among names. Fails if there are any and the network may not be used."""
    addresses = [name for name in names if is_address(name)]
    if addresses and not allow_network:
        fail(f"{addresses[0]} is an address: fetching needs --allow-network")
    return addresses


def settings_of(archive: Path | None, **given: Any) -> "Settings":
    """Read the settings: the given options take precedence over the environment. Raises SettingsError."""
    from qa.settings import Settings

    return Settings.load(archive=archive, **given)


def filter_of(
    sources: Sequence[str] | None,
    first: datetime | None,
    last: datetime | None,
    undated: Literal["include", "exclude", "only"] | None,
) -> "Filter":
    """Make a filter from the options."""
    from index.types import Filter

    return Filter(
        sources=tuple(sources) if sources else None,
        published_from=first.date() if first else None,
        published_to=last.date() if last else None,
        undated=undated,
    )


def console(*, stderr: bool = False) -> "Console":
    """Make a console that prints text as it is, and wraps it only on a terminal."""
    from rich.console import Console

    found = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    found.soft_wrap = not found.is_terminal
    return found


def print_json(value: "BaseModel | dict[str, Any] | list[Any]") -> None:
    """Print JSON in UTF-8, whatever the terminal's encoding: a program reads it."""
    fields = value if isinstance(value, (dict, list)) else value.model_dump(mode="json")
    typer.echo(json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n", nl=False)


def fail(message: str, code: int = 1) -> NoReturn:
    """Print what went wrong in one line on stderr, and exit with this code."""
    from qa.cli.terminal import plain

    typer.echo(f"citewire: {' '.join(plain(message).split())}", err=True)
    raise typer.Exit(code)


def printable(path: Path) -> str:
    """Write a path so that it can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode(errors="replace")
