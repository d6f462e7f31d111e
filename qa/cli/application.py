"""The command line: a thin shell over the library.

What a command needs is imported when it runs: ``citewire --help`` must not wait for a model's libraries.
"""

import errno
import sqlite3
import sys
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from corpus.errors import CorpusError
from index.errors import SearchError
from qa.cli.archive import backup, check, restore, status
from qa.cli.articles import articles_app
from qa.cli.ask import ask, search
from qa.cli.evaluate import evaluate, feedback
from qa.cli.ingest import ingest
from qa.cli.options import fail, printable
from qa.cli.serve import mcp, serve
from qa.cli.verify import gate, verify
from qa.cli.watch import watch
from qa.errors import QaError


class _Group(TyperGroup):
    """Commands whose known errors end in one line instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (CorpusError, SearchError, QaError) as error:
            fail(str(error))
        except sqlite3.Error as error:
            fail(f"the archive can't be read or written: {error}; `citewire check` says what is wrong")
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # who was reading has read enough: typer ends quietly
            where = "" if error.filename is None else f"{printable(Path(error.filename))}: "
            fail(f"{where}{error.strerror or error}")


app = typer.Typer(
    name="citewire",
    help="Answer questions from an archive of news articles, with citations that anyone can check.",
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(_version())
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


def version() -> None:
    """Print the version."""
    typer.echo(_version())


app.add_typer(articles_app, name="articles")
for command in (
    *(ingest, ask, search, serve, evaluate, version),
    *(watch, check, backup, restore, verify, gate, feedback, status, mcp),
):
    app.command()(command)


def _version() -> str:
    try:
        return installed_version("citewire")
    except PackageNotFoundError:
        return "unknown: citewire is not installed as a package"


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character shows a question mark, not a traceback.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
