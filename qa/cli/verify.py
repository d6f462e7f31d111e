"""The commands that check citations and prose against the archive."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import ArchiveDir, AsJson, print_json, settings_of
from qa.errors import CitationsError

if TYPE_CHECKING:
    from qa.schemas.gate import SentenceIn


def gate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Sentences with their citations, as JSON that POST /v1/gate takes.",
            show_default=False,
        ),
    ],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Check each sentence of a text against the quotes it cites. Exit code 1: at least one is stopped."""
    from qa.engine import open_archive
    from qa.schemas.gate import check_sentences

    sentences = read_sentences(file)
    with open_archive(settings_of(archive)) as opened, opened.store.read() as view:
        judged = check_sentences(view, sentences)
    if as_json:
        print_json(judged)
    else:
        from qa.cli.terminal import columns

        for given, one in zip(sentences, judged.sentences, strict=True):
            why = "; ".join(f"{reason.reason}: {reason.words}" for reason in one.reasons)
            typer.echo(columns((one.verdict, given.text, why)))
        typer.echo(f"{judged.passed:,} passed, {judged.stopped:,} stopped")
    if judged.stopped:
        raise typer.Exit(1)


def read_sentences(path: Path) -> "list[SentenceIn]":
    """Read the sentences in a file: what ``POST /v1/gate`` takes, but any number of them.

    Other fields of a citation, which those of a reply have, are ignored. Raises CitationsError saying what is wrong,
    and with which sentence.
    """
    from qa.cli.input_files import citation_fields, read_json, validate
    from qa.schemas.gate import SentenceIn

    found = read_json(path)
    found = found.get("sentences") if isinstance(found, dict) else found
    if not isinstance(found, list):
        raise CitationsError(f'{path} has no sentences: it must be {{"sentences": [{{"text", "citations"}}]}}')
    sentences = []
    for number, one in enumerate(found, 1):
        if isinstance(one, dict) and isinstance(one.get("citations"), list):
            one = {**one, "citations": [citation_fields(each) for each in one["citations"]]}
        sentences.append(validate(SentenceIn, one, path, f"sentence {number}"))
    return sentences


def verify(
    citations: Annotated[
        Path,
        typer.Argument(
            metavar="CITATIONS.json",
            exists=True,
            dir_okay=False,
            help="Citations as JSON, or a reply of `ask --json`.",
            show_default=False,
        ),
    ],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Check that citations still match the archive. Exit code 1: at least one is not valid."""
    from corpus.verification import verify as verdict_on
    from qa.cli.input_files import read_citations
    from qa.engine import open_archive

    wanted = read_citations(citations)
    with open_archive(settings_of(archive)) as opened, opened.store.read() as view:
        verdicts = [verdict_on(view, one.reference()) for one in wanted]
    if as_json:
        print_json({"results": [{"verdict": verdict} for verdict in verdicts]})
    else:
        from qa.cli.terminal import columns

        for one, verdict in zip(wanted, verdicts, strict=True):
            typer.echo(columns((verdict, f"{one.article_id} [{one.start}:{one.end}]")))
    if any(verdict != "valid" for verdict in verdicts):
        raise typer.Exit(1)
