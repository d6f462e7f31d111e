"""Commands that look after an archive; none of them needs a model."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import ArchiveDir, AsJson, console, fail, print_json, printable, settings_of, valid, valid_all

if TYPE_CHECKING:
    from index.backup import Backup

articles_app = typer.Typer(help="List, show and delete articles.", no_args_is_help=True)


@articles_app.command("list")
def list_articles(archive: ArchiveDir = None, as_json: AsJson = False) -> None:
    """List the articles in order of id: id, date, source, chunks and title, set apart by tabs."""
    from qa.cli.terminal import columns
    from qa.engine import open_archive
    from qa.schemas.articles import ArticleSummary

    summaries, after = [], ""
    with open_archive(settings_of(archive)) as opened, opened.store.read() as view:
        while page := view.page(after=after):
            after = page[-1][0].id
            for article, chunks in page:
                if as_json:
                    summaries.append(ArticleSummary.of(article, chunks).model_dump())
                else:
                    about = (article.id, article.published_at or "", article.source or "", str(chunks), article.title)
                    typer.echo(columns(about))
    if as_json:
        print_json({"articles": summaries})


@articles_app.command("show")
def show_article(
    article_id: Annotated[str, typer.Argument(metavar="ID", callback=valid, show_default=False)],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Show an article whole."""
    from qa.cli.terminal import print_article
    from qa.engine import open_archive
    from qa.schemas.articles import ArticleResponse

    with open_archive(settings_of(archive)) as opened, opened.store.read() as view:
        article = view.article(article_id)
        if article is None:
            fail(f"there is no article {article_id!r} in {opened.directory}")
        if as_json:
            print_json(
                ArticleResponse.of(article, view.chunks(article_id), view.copies(article_id), view.versions(article_id))
            )
        else:
            print_article(console(), article)


@articles_app.command("delete")
def delete_articles(
    article_ids: Annotated[list[str], typer.Argument(metavar="ID...", callback=valid_all, show_default=False)],
    archive: ArchiveDir = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Leave nothing of them in any file; writes the indexes anew.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Delete articles with all their earlier texts."""
    from qa.engine import open_archive

    with open_archive(settings_of(archive)) as opened:
        deleted = opened.erase(*article_ids) if erase else opened.delete(*article_ids)
        there = {*deleted}
        opened.compact()
    if as_json:
        print_json({"deleted": deleted})
    else:
        typer.echo(f"{len(deleted):,} deleted")
    if missing := [*dict.fromkeys(article_id for article_id in article_ids if article_id not in there)]:
        fail(f"no such article: {', '.join(map(repr, missing))}")


def check(
    archive: ArchiveDir = None,
    repair: Annotated[bool, typer.Option("--repair", help="Make the indexes anew from the store.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check that the archive is whole. Exit code 1: it is not."""
    from index.checking import check as examine
    from qa.engine import open_archive

    with open_archive(settings_of(archive)) as opened:
        checked = examine(opened, repair=repair)
    repaired = repair and checked.left != checked.found
    if as_json:
        print_json({"whole": not checked.left, "problems": checked.left, "found": checked.found, "repaired": repaired})
    else:
        for line in checked.found:
            typer.echo(line)
        typer.echo("the archive is not whole" if checked.left else "repaired" if repaired else "the archive is whole")
    if checked.left:
        raise typer.Exit(1)


def backup(
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORY", show_default=False)],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy an archive as it stands, also while it is written to, into a new directory, and check the copy."""
    from index.backup import back_up
    from qa.engine import open_archive

    with open_archive(settings_of(archive)) as opened:
        made = back_up(opened.store, directory)
    _print_backup(made, f"in {printable(directory)}, checked", as_json=as_json)


def restore(
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORY", show_default=False)],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a new archive of a backup, checking it, and its indexes anew."""
    from index.backup import restore as bring_back
    from qa.engine import open_archive

    settings = settings_of(archive)
    made = bring_back(directory, settings.archive)
    with open_archive(settings) as opened:
        opened.compact(force=True)
    _print_backup(made, f"in {printable(settings.archive)}, checked and indexed", as_json=as_json)


def feedback(archive: ArchiveDir = None) -> None:
    """Print what was said of answers as gold questions, a line each: `citewire evaluate` takes them."""
    from qa.engine import open_archive
    from qa.evaluation.gold import gold_lines

    with open_archive(settings_of(archive)) as opened, opened.store.read() as view:
        for line in gold_lines(view.said):
            typer.echo(line.encode(), nl=False)


def _print_backup(made: "Backup", where: str, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(made))
    else:
        typer.echo(f"{made.articles:,} articles (generation {made.generation:,}) {where}")


def verify(
    citations: Annotated[
        Path, typer.Argument(metavar="CITATIONS.json", exists=True, dir_okay=False, show_default=False)
    ],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Check citations, or those of a reply of `ask --json`. Exit code 1: one of them is not valid."""
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


def status(archive: ArchiveDir = None, as_json: AsJson = False) -> None:
    """Say what the archive holds and what it is searched with."""
    from qa.cli.terminal import print_overview
    from qa.engine import open_archive
    from qa.schemas.articles import ArchiveResponse

    settings = settings_of(archive)
    with open_archive(settings) as opened, opened.read() as snapshot:
        overview, indexes = snapshot.view.overview(), snapshot.indexes
        model = opened.store.settings()["model"]
    if as_json:
        # Asking for it loads torch: only for those who read everything.
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
            )
        )
    else:
        kind = indexes.kind if indexes.recall is None else f"{indexes.kind}, recall@10 {indexes.recall:.3f}"
        print_overview(console(), overview, {"model": model, "index": kind})
