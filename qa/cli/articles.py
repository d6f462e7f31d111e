"""The commands that list, show and delete articles."""

from typing import Annotated

import typer

from qa.cli.options import (
    ArchiveDir,
    AsJson,
    check_text,
    check_texts,
    console,
    examples,
    fail,
    print_json,
    settings_of,
)

articles_app = typer.Typer(help="List, show and delete articles.", no_args_is_help=True)


@articles_app.command("list", epilog=examples("articles list", "", "--archive archive --json"))
def list_articles(archive: ArchiveDir = None, as_json: AsJson = False) -> None:
    """List the articles by id, one per line: id, date, outlet, chunks and title, separated by tabs."""
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


@articles_app.command("show", epilog=examples("articles show", "ID", "--json ID > article.json"))
def show_article(
    article_id: Annotated[str, typer.Argument(metavar="ID", callback=check_text, show_default=False)],
    archive: ArchiveDir = None,
    as_json: AsJson = False,
) -> None:
    """Show an article with its full text."""
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


@articles_app.command("delete", epilog=examples("articles delete", "ID", "--erase ID"))
def delete_articles(
    article_ids: Annotated[list[str], typer.Argument(metavar="ID...", callback=check_texts, show_default=False)],
    archive: ArchiveDir = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Leave no trace of them in any file; rebuilds the indexes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Delete articles and all their earlier texts."""
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
