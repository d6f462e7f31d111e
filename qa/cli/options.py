"""What the commands of the command line share: their options, their settings, how they print and how they fail."""

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
    """Refuse an argument that is not valid Unicode: bytes that the terminal's encoding does not have."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("it is not valid text in this terminal's encoding") from None
    return value


def check_optional_text(value: str | None) -> str | None:
    """Refuse an argument as ``check_text`` does, where there is one."""
    return None if value is None else check_text(value)


def check_texts(values: list[str] | None) -> list[str] | None:
    """Refuse arguments as ``check_text`` does."""
    return None if values is None else [check_text(value) for value in values]


def paths_argument(metavar: str, what: str) -> Any:
    """An argument of paths, and of addresses where the network is allowed. It holds text: a path would lose one of an
    address's two slashes.
    """
    told = f"{what}; with --allow-network also addresses of feeds, sitemaps and pages."
    return typer.Argument(metavar=metavar, help=told, show_default=False)


DAY = ["%Y-%m-%d"]
ArchiveDir = Annotated[
    Path | None,
    typer.Option(
        "--archive", metavar="DIR", help="The archive; else CITEWIRE_ARCHIVE, else ./archive.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PublishedFrom = Annotated[
    datetime | None, typer.Option("--from", formats=DAY, help="Published on this day or later.", show_default=False)
]
PublishedTo = Annotated[
    datetime | None, typer.Option("--to", formats=DAY, help="Published on this day or earlier.", show_default=False)
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", callback=check_texts, help="Only this outlet; may come several times.")
]
MinConfidence = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Least confidence of an answer; 0 gives the best there is.", show_default=False),
]
Device = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Where models run: cpu, cuda, mps; else CITEWIRE_DEVICE.", show_default=False),
]
ReaderName = Annotated[
    str | None,
    typer.Option(
        "--reader",
        metavar="NAME",
        help="What reads: the shipped reader, `sentences`, or any extractive question answering model by name or path.",
        show_default=False,
    ),
]

DateOrder = Annotated[
    Literal["mdy", "dmy"] | None, typer.Option(help="How the articles write dates like 9/6/17.", show_default=False)
]
Priority = Annotated[Literal["low", "normal"], typer.Option(help="Low: whatever else runs on this machine goes first.")]
AllowNetwork = Annotated[
    bool, typer.Option("--allow-network", help="Fetch addresses, and the pages that feeds and sitemaps name.")
]
LOW = 15
"""What a low priority adds to the process's niceness: on a busy machine it gets a twentieth of what a server does."""


def refuse_addresses(names: Sequence[str], *, allow_network: bool) -> list[str]:
    """Give the addresses among names. Fails where there are any and the network may not be used."""
    addresses = [name for name in names if is_address(name)]
    if addresses and not allow_network:
        fail(f"{addresses[0]} is an address: nothing is fetched without --allow-network")
    return addresses


def settings_of(archive: Path | None, **given: Any) -> "Settings":
    """Read the settings: options that were given, then the environment. Raises SettingsError."""
    from qa.settings import Settings

    return Settings.load(archive=archive, **given)


def filter_of(sources: Sequence[str] | None, first: datetime | None, last: datetime | None) -> "Filter":
    """Make the filter that the options name."""
    from index.types import Filter

    return Filter(
        sources=tuple(sources) if sources else None,
        published_from=first.date() if first else None,
        published_to=last.date() if last else None,
    )


def console(*, stderr: bool = False) -> "Console":
    """Make a console that prints text as it is, and wraps it only where somebody is looking."""
    from rich.console import Console

    found = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    found.soft_wrap = not found.is_terminal
    return found


def print_json(value: "BaseModel | dict[str, Any] | list[Any]") -> None:
    """Print JSON in UTF-8, whatever the terminal's encoding: a program reads it."""
    fields = value if isinstance(value, (dict, list)) else value.model_dump(mode="json")
    typer.echo(json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n", nl=False)


def fail(message: str) -> NoReturn:
    """Say in one line on stderr what went wrong, and end with exit code 1."""
    from qa.cli.terminal import plain

    typer.echo(f"citewire: {' '.join(plain(message).split())}", err=True)
    raise typer.Exit(1)


def printable(path: Path) -> str:
    """Write a path so that it can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode(errors="replace")
