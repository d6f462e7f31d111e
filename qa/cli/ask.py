"""The commands that answer questions and search."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from qa.cli.options import (
    DAY,
    ArchiveDir,
    AsJson,
    MinConfidence,
    PublishedFrom,
    PublishedTo,
    ReaderName,
    Sources,
    Undated,
    check_optional_text,
    check_text,
    console,
    filter_of,
    print_json,
    settings_of,
)

NOT_FOUND = 3
"""Exit code of ``ask`` when the archive doesn't hold an answer."""


def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", callback=check_optional_text, show_default=False)
    ] = None,
    archive: ArchiveDir = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Ask the questions in a text file, one per line.",
            show_default=False,
        ),
    ] = None,
    table: Annotated[
        Literal["csv", "jsonl", "markdown"],
        typer.Option("--format", help="Output format with --file, one row per question."),
    ] = "csv",
    published_from: PublishedFrom = None,
    published_to: PublishedTo = None,
    source: Sources = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY,
            metavar="YYYY-MM-DD",
            help="Answer from what had been published by this day.",
            show_default=False,
        ),
    ] = None,
    undated: Undated = None,
    k: Annotated[
        int, typer.Option("-k", metavar="NUMBER", min=1, max=100, help="Maximum number of citations per answer.")
    ] = 5,
    min_confidence: MinConfidence = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also show the passages read, with their scores.")] = False,
    prose: Annotated[
        bool, typer.Option("--prose", help="Have the model at CITEWIRE_WRITER_URL write it up; sentences are checked.")
    ] = False,
    export: Annotated[
        Literal["annotations", "csl"] | None,
        typer.Option(
            "--export",
            help="Print the citations as Web Annotations, or the cited articles as CSL-JSON.",
            show_default=False,
        ),
    ] = None,
    reader: ReaderName = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, or each question in a file, with citations. Exit code 3: no answer found."""
    from qa.answering.filtering import check_days, narrow_filter
    from qa.answering.pipeline import ask as answer
    from qa.answering.types import Question
    from qa.cli.terminal import print_left_out, print_reply, progress
    from qa.engine import open_engine
    from qa.errors import NoWriter
    from qa.schemas.answers import ask_response

    if (question is None) == (file is None):
        raise typer.BadParameter("give either one question or --file")
    if export and (as_json or explain or file is not None):
        raise typer.BadParameter("--export takes one question, and not --file, --json or --explain")
    if prose and (export or file is not None):
        raise typer.BadParameter("--prose takes one question, and not --file or --export")
    where = filter_of(source, published_from, published_to, undated)
    asked = Question(question or "", k, where, None if as_of is None else as_of.date(), min_confidence)
    check_days(where, asked.as_of)  # before the models load
    if file is not None:
        from qa.cli.batch import ask_each as rows
        from qa.cli.batch import read_questions, write_table

        texts = read_questions(file)
        with open_engine(settings_of(archive, reader=reader)) as engine:
            with engine.archive.read() as snapshot:  # what is wrong with the filter is said before the table begins
                left_out = narrow_filter(snapshot, where, asked.as_of).undated_left_out
            for line in write_table(rows(engine, progress(console(stderr=True), texts), asked), table, explain=explain):
                typer.echo(line.encode(), nl=False)
        print_left_out(console(stderr=True), left_out)
        return
    with open_engine(settings_of(archive, reader=reader)) as engine:
        if prose and engine.writer is None:
            raise NoWriter
        reply = answer(engine, asked)
        said = ask_response(reply, explain=explain)
        if prose and engine.writer is not None:
            import asyncio

            from qa.prose import write_prose as write

            said = said.model_copy(update={"prose": asyncio.run(write(engine.writer, engine.archive, said))})
    if export:
        from qa.export import FORMS

        print_json(FORMS[export](said))
        print_left_out(console(stderr=True), reply.undated_left_out)
    elif as_json:
        print_json(said)
    else:
        print_reply(console(), reply, explain=explain, prose=said.prose)
    if reply.status == "not_found":
        raise typer.Exit(NOT_FOUND)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", callback=check_text, show_default=False)],
    archive: ArchiveDir = None,
    published_from: PublishedFrom = None,
    published_to: PublishedTo = None,
    source: Sources = None,
    undated: Undated = None,
    k: Annotated[int, typer.Option("-k", metavar="NUMBER", min=1, max=100, help="Maximum number of hits.")] = 10,
    rerank: Annotated[bool, typer.Option("--rerank", help="Rerank the hits with the reader.")] = False,
    reader: ReaderName = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that match a query best."""
    from qa.answering.filtering import check_days
    from qa.answering.pipeline import find
    from qa.cli.terminal import print_hits
    from qa.engine import open_engine
    from qa.schemas.answers import SearchResponse

    where = filter_of(source, published_from, published_to, undated)
    check_days(where)
    with open_engine(settings_of(archive, reader=reader)) as engine:
        found = find(engine, query, k=k, where=where, rerank=rerank)
    if as_json:
        print_json(SearchResponse.of(found))
    else:
        print_hits(console(), found)
