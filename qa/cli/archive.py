"""The commands that maintain an archive; none of them needs a model."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import ArchiveDir, AsJson, console, print_json, printable, settings_of

if TYPE_CHECKING:
    from index.backup import Backup


def check(
    archive: ArchiveDir = None,
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild the indexes from the articles.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the archive for damage. Exit code 1: it is damaged."""
    from index.integrity import check as examine
    from qa.engine import open_archive

    with open_archive(settings_of(archive)) as opened:
        checked = examine(opened, repair=repair)
    repaired = repair and checked.left != checked.found
    if as_json:
        print_json({"whole": not checked.left, "problems": checked.left, "found": checked.found, "repaired": repaired})
    else:
        for line in checked.found:
            typer.echo(line)
        typer.echo("the archive is damaged" if checked.left else "repaired" if repaired else "the archive is intact")
    if checked.left:
        raise typer.Exit(1)


def backup(
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORY", help="The backup.", show_default=False)],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy the archive into a new directory and check the copy; safe while the archive is in use."""
    from index.backup import back_up
    from qa.engine import open_archive

    with open_archive(settings_of(archive)) as opened:
        made = back_up(opened.store, directory)
    _print_backup(made, f"in {printable(directory)}, checked", as_json=as_json)


def restore(
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORY", help="The backup.", show_default=False)],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a new archive from a backup: check it and rebuild its indexes."""
    from index.backup import restore as bring_back
    from qa.engine import open_archive

    settings = settings_of(archive)
    made = bring_back(directory, settings.archive)
    with open_archive(settings) as opened:
        opened.compact(force=True)
    _print_backup(made, f"in {printable(settings.archive)}, checked and indexed", as_json=as_json)


def _print_backup(made: "Backup", where: str, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(made))
    else:
        typer.echo(f"{made.articles:,} articles (generation {made.generation:,}) {where}")


def status(archive: ArchiveDir = None, as_json: AsJson = False) -> None:
    """Show what the archive holds, and the model and index that search it."""
    from qa.cli.terminal import print_overview
    from qa.engine import open_archive
    from qa.schemas.articles import ArchiveResponse

    settings = settings_of(archive)
    with open_archive(settings) as opened, opened.read() as snapshot:
        overview, indexes = snapshot.view.overview(), snapshot.indexes
        model = opened.store.settings()["model"]
    if as_json:
        # This loads torch, so only --json shows it.
        from index.embedding import precision_on

        precision = precision_on(settings.device)
        print_json(
            ArchiveResponse.of(
                overview,
                model=model,
                precision=precision,
                index=indexes.kind,
                recall=indexes.recall,
                writer=settings.writer_url is not None,
                may_write=True,
            )
        )
    else:
        kind = indexes.kind if indexes.recall is None else f"{indexes.kind}, recall@10 {indexes.recall:.3f}"
        print_overview(console(), overview, {"model": model, "index": kind})
