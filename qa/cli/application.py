"""The command line: a thin shell over the library.

What a command needs is imported when it runs: ``citewire --help`` must not wait for a model's libraries.
"""

import errno
import sqlite3
import sys
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from corpus.errors import CorpusError
from index.errors import SearchError
from qa.cli.archive import articles_app, backup, check, feedback, restore, status, verify
from qa.cli.ingest import ingest
from qa.cli.options import (
    DAY,
    ArchiveDir,
    AsJson,
    MinConfidence,
    PublishedFrom,
    PublishedTo,
    ReaderName,
    Sources,
    console,
    fail,
    print_json,
    printable,
    settings_of,
    valid,
    valid_or_none,
    where_of,
)
from qa.cli.serve import mcp
from qa.cli.verify import gate
from qa.cli.watch import watch
from qa.errors import QaError

NOT_FOUND = 3
"""Exit code of ``ask`` when the archive doesn't say."""


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


app.command()(ingest)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(callback=valid_or_none, show_default=False)] = None,
    archive: ArchiveDir = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", exists=True, dir_okay=False, help="Ask each line of a text file.", show_default=False),
    ] = None,
    table: Annotated[
        Literal["csv", "jsonl", "markdown"],
        typer.Option("--format", help="With --file: csv, jsonl or markdown, a row a question."),
    ] = "csv",
    published_from: PublishedFrom = None,
    published_to: PublishedTo = None,
    source: Sources = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=DAY, help="Answer from what was published by this day.", show_default=False),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Most citations of an answer.")] = 5,
    min_confidence: MinConfidence = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show what was read.")] = False,
    prose: Annotated[
        bool, typer.Option("--prose", help="Let the model of CITEWIRE_WRITER_URL write about it, checked by the gate.")
    ] = False,
    export: Annotated[
        Literal["annotations", "csl"] | None,
        typer.Option(
            "--export", help="Print citations as Web Annotations, or their articles as CSL-JSON.", show_default=False
        ),
    ] = None,
    reader: ReaderName = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with citations; or those of a file. Exit code 3: the archive does not say."""
    from qa.answering.pipeline import ask as answer
    from qa.answering.types import Question
    from qa.cli.terminal import print_reply, progress
    from qa.engine import open_desk
    from qa.errors import NoWriter
    from qa.schemas.answers import ask_response

    if (question is None) == (file is None):
        raise typer.BadParameter("give one question, or --file with many")
    if export and (as_json or explain or file is not None):
        raise typer.BadParameter("--export goes with one question alone")
    if prose and (export or file is not None):
        raise typer.BadParameter("--prose goes with one question, and not with --export")
    where = where_of(source, published_from, published_to)
    asked = Question(question or "", k, where, None if as_of is None else as_of.date(), min_confidence)
    if file is not None:
        from qa.cli.batch import asked as rows
        from qa.cli.batch import lines, questions

        texts = questions(file)
        with open_desk(settings_of(archive, reader=reader)) as desk:
            for line in lines(rows(desk, progress(console(stderr=True), texts), asked), table, explain=explain):
                typer.echo(line.encode(), nl=False)
        return
    with open_desk(settings_of(archive, reader=reader)) as desk:
        if prose and desk.writer is None:
            raise NoWriter
        reply = answer(desk, asked)
        said = ask_response(reply, explain=explain)
        if prose and desk.writer is not None:
            import asyncio

            from qa.prose import prose as write

            said = said.model_copy(update={"prose": asyncio.run(write(desk.writer, desk.archive, said))})
    if export:
        from qa.export import FORMS

        print_json(FORMS[export](said))
    elif as_json:
        print_json(said)
    else:
        print_reply(console(), reply, explain=explain, prose=said.prose)
    if reply.status == "not_found":
        raise typer.Exit(NOT_FOUND)


@app.command()
def search(
    query: Annotated[str, typer.Argument(callback=valid, show_default=False)],
    archive: ArchiveDir = None,
    published_from: PublishedFrom = None,
    published_to: PublishedTo = None,
    source: Sources = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Hits.")] = 10,
    rerank: Annotated[bool, typer.Option("--rerank", help="Let the reader order the hits.")] = False,
    reader: ReaderName = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that fit a query best."""
    from qa.answering.pipeline import search as find
    from qa.cli.terminal import print_hits
    from qa.engine import open_desk
    from qa.schemas.answers import HitOut, SearchResponse

    with open_desk(settings_of(archive, reader=reader)) as desk:
        found = find(desk, query, k=k, where=where_of(source, published_from, published_to), rerank=rerank)
    if as_json:
        print_json(SearchResponse(hits=[HitOut.of(one) for one in found]))
    else:
        print_hits(console(), found)


@app.command()
def serve(
    archive: ArchiveDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen at.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, show_default="8080")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that serve.", show_default="1")] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Serve strangers without keys: something else keeps them out.")
    ] = False,
    reader: ReaderName = None,
) -> None:
    """Serve the archive over HTTP; an empty one is made when there is none."""
    from qa.server.process import serve as run

    run(settings_of(archive, host=host, port=port, workers=workers, insecure=insecure or None, reader=reader))


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", exists=True, dir_okay=False, show_default=False)],
    archive: ArchiveDir = None,
    min_confidence: MinConfidence = None,
    reader: ReaderName = None,
    as_json: AsJson = False,
) -> None:
    """Ask gold questions and measure the answers."""
    from qa.cli.terminal import print_measures, progress
    from qa.engine import open_desk
    from qa.evaluation.evaluate import evaluate as measure
    from qa.evaluation.evaluate import read_gold

    questions = read_gold(gold)
    with open_desk(settings_of(archive, reader=reader)) as desk:
        report = measure(desk, progress(console(stderr=True), questions), min_confidence=min_confidence)
    if as_json:
        print_json(asdict(report))
    else:
        print_measures(console(), asdict(report))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(_version())


app.add_typer(articles_app, name="articles")
for command in (watch, check, backup, restore, verify, gate, feedback, status, mcp):
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
