"""The command line: a thin shell over the library.

Each command imports what it needs when it runs, so that ``citewire --help`` doesn't wait for the models' libraries.
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
from qa.cli.options import examples, fail, printable
from qa.cli.serve import mcp, serve
from qa.cli.verify import gate, verify
from qa.cli.watch import watch
from qa.errors import FilterError, QaError

WRONG_USAGE = 2
"""Exit code of a command that was given what can't be meant."""


class _Group(TyperGroup):
    """Reports known errors in one line instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except FilterError as error:
            fail(str(error), WRONG_USAGE)
        except (CorpusError, SearchError, QaError) as error:
            fail(str(error))
        except sqlite3.Error as error:
            fail(f"the archive can't be read or written: {error}; `citewire check` shows what is wrong")
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # the program reading our output has stopped: typer exits quietly
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


ADD, ASK, CHECK, SERVE, MAINTAIN = "Add articles", "Ask", "Check answers", "Serve", "Maintain the archive"
QUESTION = '"How many H200 chips did China approve?"'
for panel, command, *lines in (
    (ADD, ingest, "articles.jsonl", "--allow-network https://post.example/feed.xml"),
    (ADD, watch, "/srv/exports", "/srv/exports --every 60 --date-order dmy"),
    (ASK, ask, QUESTION, '"Who signed the contract?" --source "Harbour Post"'),
    (ASK, search, '"harbour contract"', '"harbour contract" --rerank -k 20'),
    (CHECK, verify, "reply.json", "--archive archive --json citations.json"),
    (CHECK, gate, "draft.json", "--archive archive --json draft.json"),
    (CHECK, evaluate, "gold.jsonl", "gold.jsonl --min-confidence 0.5"),
    (CHECK, feedback, "", "--archive archive > gold.jsonl"),
    (SERVE, serve, "", "--archive archive --port 8000"),
    (SERVE, mcp, "", "--http --port 8081"),
    (MAINTAIN, status, "", "--archive archive --json"),
    (MAINTAIN, check, "", "--repair"),
    (MAINTAIN, backup, "backups/monday", "backups/monday --archive archive"),
    (MAINTAIN, restore, "backups/monday --archive restored", "backups/monday --archive restored --json"),
    ("Other", version, ""),
):
    app.command(rich_help_panel=panel, epilog=examples(command.__name__, *lines))(command)
app.add_typer(articles_app, name="articles", rich_help_panel=MAINTAIN)


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
