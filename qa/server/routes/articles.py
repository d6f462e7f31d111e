"""Routes for articles: add, list, show and delete them, and verify citations."""

import logging
import re
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.background import BackgroundTask
from starlette.convertors import Convertor, register_url_convertor

from corpus.verification import verify
from qa.engine import Engine
from qa.errors import QaError
from qa.ingestion.pipeline import ingest
from qa.schemas import articles as shapes
from qa.schemas import requests
from qa.server import problems
from qa.server.routes.article_parsing import id_in, parse_articles
from qa.server.routes.dependencies import TheEngine
from qa.server.routes.jobs import no_job
from qa.server.routes.negotiation import as_json

_log = logging.getLogger(__name__)


class _ArticleId(Convertor[str]):
    """Everything that is left of a path: ids hold slashes and line breaks."""

    regex = r"(?s:.+)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("article_id", _ArticleId())


router = APIRouter(responses=problems.RESPONSES)


@router.post("/v1/articles", response_model=shapes.OutcomesResponse, tags=["articles"])
def put_articles(engine: TheEngine, request: requests.ArticlesRequest) -> Response:
    """Add articles; answers once they are durable and searchable, with one outcome per article, in order."""
    outcomes = [
        shapes.OutcomeOut.of(outcome, given=id_in(value))
        for outcome, value in zip(ingest(engine, parse_articles(request.articles)), request.articles, strict=True)
    ]
    return as_json(shapes.OutcomesResponse(outcomes=outcomes), background=BackgroundTask(_compact, engine))


@router.get("/v1/articles", response_model=shapes.ArticlesResponse, tags=["articles"])
def list_articles(engine: TheEngine, query: Annotated[requests.ArticlesQuery, Query()]) -> Response:
    """List the articles ordered by id, without their text; ``cursor`` continues where a page ended. With ``job``, list
    those that came with this job.
    """
    after = "" if query.cursor is None else _from_cursor(query.cursor)
    with engine.archive.store.read() as view:
        job = None if query.job is None else view.jobs.get(query.job)
        if query.job is not None and job is None:
            return no_job()
        page = view.page(after=after, limit=query.limit + 1, run=None if job is None else job.run)
    shown = page[: query.limit]
    return as_json(
        shapes.ArticlesResponse(
            articles=[shapes.ArticleSummary.of(article, chunks) for article, chunks in shown],
            next_cursor=_cursor(shown[-1][0].id) if len(page) > len(shown) else None,
        )
    )


@router.get("/v1/articles/{article_id:article_id}", response_model=shapes.ArticleResponse, tags=["articles"])
def show_article(engine: TheEngine, article_id: str, query: Annotated[requests.ArticleQuery, Query()]) -> Response:
    """Give a full article; its id is percent-encoded. With ``sha256``, give the version whose text has this sha256."""
    with engine.archive.store.read() as view:
        article, versions = view.article(article_id), view.versions(article_id)
        if article is None:
            return _no_article()
        shown = None
        if query.sha256 is not None and query.sha256 != article.sha256:
            text = view.version(article_id, query.sha256)
            if text is None:
                return problems.problem(404, "this article never had a text with this sha256")
            shown = next(one for one in versions if one.sha256 == query.sha256), text
        return as_json(
            shapes.ArticleResponse.of(article, view.chunks(article_id), view.copies(article_id), versions, shown)
        )


@router.delete("/v1/articles/{article_id:article_id}", status_code=204, response_class=Response, tags=["articles"])
def delete_article(engine: TheEngine, article_id: str, query: Annotated[requests.DeleteQuery, Query()]) -> Response:
    """Delete an article with all its earlier texts; it is no longer found when this returns. With ``erase``, also
    remove every trace of it from the archive's files, which takes as long as rebuilding the indexes.
    """
    if query.erase:
        with engine.archive.store.read() as view:
            known = view.digest(article_id) is not None or view.withdrawn(article_id)
        if not known:
            return _no_article()
        # Done also where it is not there any more: an erasure that was cut short is finished so.
        engine.archive.erase(article_id)
        return Response(status_code=204)
    if not engine.archive.delete(article_id):
        return _no_article()
    return Response(status_code=204, background=BackgroundTask(_compact, engine))


@router.post("/v1/verify", response_model=shapes.VerifyResponse, tags=["articles"])
def verify_citations(engine: TheEngine, request: requests.VerifyRequest) -> Response:
    """Check citations against the current articles: one verdict per citation, in order."""
    with engine.archive.store.read() as view:
        verdicts = [verify(view, one.reference()) for one in request.citations]
    return as_json(shapes.VerifyResponse(results=[shapes.VerdictOut(verdict=verdict) for verdict in verdicts]))


def _compact(engine: Engine) -> None:
    try:
        engine.archive.compact()
    except Exception:
        # Nothing is lost by it: what is derived stays as it was, and the next writer tries again.
        _log.exception("the indexes could not be compacted")


def _no_article() -> Response:
    return problems.problem(404, "no article has this id; it may have been deleted")


def _cursor(article_id: str) -> str:
    return f"after:{article_id.encode().hex()}"


def _from_cursor(cursor: str) -> str:
    if not re.fullmatch(requests.CURSOR, cursor):
        raise QaError("this cursor does not come from this service; leave it out to start from the beginning")
    # Bytes that are no id's stand somewhere in the order of ids as well.
    return bytes.fromhex(cursor.removeprefix("after:")).decode(errors="replace")
