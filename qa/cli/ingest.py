"""The command that adds articles to an archive."""

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import (
    LOW,
    AllowNetwork,
    ArchiveDir,
    AsJson,
    DateOrder,
    Device,
    Priority,
    console,
    fail,
    paths_argument,
    print_json,
    printable,
    refuse_addresses,
    settings_of,
)

if TYPE_CHECKING:
    from corpus.completing import GivenFields
    from qa.ingestion.outcomes import Outcome

INTERRUPTED = 130


def ingest(
    names: Annotated[list[str], paths_argument("PATH", "Files and directories")],
    archive: ArchiveDir = None,
    date_order: DateOrder = None,
    source: Annotated[
        str | None, typer.Option(metavar="OUTLET", help="Outlet of articles that name none.", show_default=False)
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Day of articles without one: YYYY-MM-DD, or a time with its zone.",
            show_default=False,
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Title of the one article that has none; an error if several have none.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", help="Language of articles that state none, such as en or pt-BR.", show_default=False
        ),
    ] = None,
    allow_network: AllowNetwork = False,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Embed on this Ray cluster (`auto`, `local` or host:port).", show_default=False
        ),
    ] = None,
    device: Device = None,
    priority: Priority = "low",
    verbose: Annotated[bool, typer.Option("--verbose", help="Print every warning.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add articles to the archive, creating it if needed. Stopping it loses nothing.

    What a file says goes before --source, --published, --title and --language.
    """
    from corpus.completing import complete
    from corpus.errors import FormatError
    from corpus.reading import PassedOver
    from qa.cli.terminal import print_outcomes
    from qa.engine import on_cluster, open_engine
    from qa.ingestion.pipeline import BATCH_CHUNKS
    from qa.ingestion.pipeline import ingest as put
    from qa.ingestion.sources import records
    from qa.ingestion.visit_log import VisitLog

    given = _given(source, published, title, language)
    addresses = refuse_addresses(names, allow_network=allow_network)
    if not addresses and not any(Path(name).exists() for name in names):
        fail("; ".join(f"{printable(Path(name))}: no such file or directory" for name in names))
    if priority == "low":
        os.nice(LOW)
    counts: Counter[str] = Counter()
    passed_over = PassedOver()
    rejected: list[Outcome] = []
    interrupted = False
    settings, at_once = settings_of(archive, device=device), BATCH_CHUNKS
    with open_engine(settings, create=True) as engine:
        if ray is not None:
            engine, at_once = on_cluster(engine, ray, settings.device)
        memory = VisitLog(engine)
        network = settings if allow_network else None
        with records(names, memory, network, order=date_order, passed_over=passed_over) as read:
            outcomes = put(engine, complete(memory.through(read), given), at_once=at_once, keep=memory.keep)
            try:
                for outcome in print_outcomes(console(stderr=True), outcomes, verbose=verbose):
                    counts[outcome.outcome] += 1
                    counts["warnings"] += len(outcome.warnings)
                    counts["undated"] += outcome.undated
                    if outcome.outcome == "rejected":
                        rejected.append(outcome)
            except KeyboardInterrupt:
                interrupted = True
            except FormatError as error:  # one title for several articles
                raise typer.BadParameter(str(error), param_hint="--title") from None
            else:
                memory.finish()
                engine.archive.compact()
    kinds = ("added", "updated", "unchanged")
    if as_json:
        rejections = [{"where": one.where, "id": one.id, "reason": one.reason} for one in rejected]
        summary = {kind: counts[kind] for kind in (*kinds, "rejected", "warnings", "undated")}
        passed = dict(sorted(passed_over.kinds.items()))
        print_json({**summary, "passed_over": passed, "interrupted": interrupted, "rejections": rejections})
    else:
        said = ", ".join(f"{counts[kind]:,} {kind}" for kind in (*kinds, "rejected"))
        hint = "" if verbose or not counts["warnings"] else " (--verbose shows them)"
        typer.echo(f"{said}; {counts['warnings']:,} warnings{hint}")
        if undated := counts["undated"]:
            typer.echo(
                f"{undated:,} without a date: --from, --to and --as-of leave {'them' if undated > 1 else 'it'} out"
            )
        if passed_over.files:
            typer.echo(str(passed_over))
    if interrupted:
        typer.echo("stopped: the articles counted here are in the archive; run it again for the rest", err=True)
        raise typer.Exit(INTERRUPTED)
    # An unchanged feed gives nothing, and that is fine.
    if not any(counts[kind] for kind in kinds) and (rejected or not addresses):
        fail("no article could be read")


def _given(source: str | None, published: str | None, title: str | None, language: str | None) -> "GivenFields":
    """Check what was given of articles whose files don't say it. Fails naming the option that is wrong."""
    from corpus.completing import GivenFields
    from corpus.errors import FormatError

    try:
        return GivenFields.check(source=source, published_at=published, title=title, language=language)
    except FormatError as error:
        raise typer.BadParameter(str(error), param_hint=f"--{str(error).split()[0]}") from None
