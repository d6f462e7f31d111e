"""The archive over HTTP: every route of the contract, each a few lines over ``qa.ask`` and ``qa.ingest``."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.background import BackgroundTask
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from qa import gate_routes, holdings, job_routes, problems, responses, schemas
from qa.admitting import READING, UPLOADING, WRITING, Admitted, Lanes
from qa.ask import checked
from qa.ask import search as find
from qa.checking import Readiness
from qa.errors import QaError, QuestionError
from qa.exporting import DESCRIBED, answered
from qa.feedback import gold_lines
from qa.guarding import Guard, Guarded
from qa.ingest import ingest
from qa.jobs import Jobs
from qa.logs import Logged
from qa.metrics import Counted, Metrics
from qa.opening import Desk
from qa.receiving import id_in, received
from qa.remembering import Remembered
from qa.responses import as_json
from qa.verifying import verify

GOLD = "application/jsonl"
"""Lines of JSON."""
WEB = Path(__file__).parent / "web"
"""The files of the page."""

_log = logging.getLogger(__name__)


class _ArticleId(Convertor[str]):
    """Everything that is left of a path: ids hold slashes and line breaks."""

    regex = r"(?s:.+)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("article_id", _ArticleId())


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _replies(request: Request) -> Remembered:
    replies: Remembered = request.app.state.replies
    return replies


TheDesk = Annotated[Desk, Depends(_desk)]
TheReplies = Annotated[Remembered, Depends(_replies)]
router = APIRouter(responses=problems.RESPONSES)


@router.post(
    "/v1/ask",
    response_model=responses.ExplainedResponse | responses.AskResponse,
    responses=DESCRIBED,
    tags=["questions"],
)
def ask(replies: TheReplies, request: schemas.AskRequest, http: Request) -> Response:
    """Answer a question from the archive, with citations; without an answer there, say so."""
    reply = responses.ask_response(replies.ask(request.asked()), explain=request.explain)
    return answered(reply, http.headers.get("accept", ""))


@router.get(
    "/v1/ask",
    response_model=responses.ExplainedResponse | responses.AskResponse,
    responses=DESCRIBED,
    tags=["questions"],
)
def ask_simply(replies: TheReplies, query: Annotated[schemas.AskQuery, Query()], http: Request) -> Response:
    """Answer a question that stands in the query string."""
    reply = responses.ask_response(replies.ask(query.asked()), explain=query.explain)
    return answered(reply, http.headers.get("accept", ""))


@router.post("/v1/ask/batch", response_model=responses.BatchResponse, tags=["questions"])
def ask_many(replies: TheReplies, request: schemas.BatchRequest) -> Response:
    """Answer up to a hundred questions, one after the other: one reply a question, in order."""
    asked = [one.asked() for one in request.questions]
    for number, one in enumerate(asked):
        try:
            checked(one.text)
        except QuestionError as error:
            # Before any is asked: none of them is answered in vain.
            raise QuestionError(f"/questions/{number}: {error}") from None
    return as_json(
        responses.BatchResponse(
            replies=[
                responses.ask_response(replies.ask(one), explain=given.explain)
                for one, given in zip(asked, request.questions, strict=True)
            ]
        )
    )


@router.post("/v1/feedback", status_code=204, response_class=Response, tags=["questions"])
def keep_feedback(desk: TheDesk, request: schemas.FeedbackRequest) -> Response:
    """Keep what somebody says of an answer: that it is right, or wrong and what would have been right."""
    with desk.archive.store.write() as writing:
        writing.said.add(request.said())
    return Response(status_code=204)


@router.get(
    "/v1/feedback",
    response_class=Response,
    responses={200: {"content": {GOLD: {"schema": {"type": "string"}}}}},
    tags=["questions"],
)
def show_feedback(desk: TheDesk) -> Response:
    """Give what was said of answers as gold questions, a line of JSON each, as `citewire evaluate` takes them."""
    with desk.archive.store.read() as view:
        return Response("".join(gold_lines(view.said)), media_type=GOLD)


@router.post("/v1/search", response_model=responses.SearchResponse, tags=["questions"])
def search(desk: TheDesk, request: schemas.SearchRequest) -> Response:
    """Find the chunks that fit a query best, without reading them for an answer."""
    found = find(desk, request.query, k=request.k, where=request.where(), rerank=request.rerank)
    return as_json(responses.SearchResponse(hits=[responses.HitOut.of(one) for one in found]))


@router.post("/v1/articles", response_model=holdings.OutcomesResponse, tags=["articles"])
def put_articles(desk: TheDesk, request: schemas.ArticlesRequest) -> Response:
    """Put articles in; answers once they are durable and searchable, one outcome an article, in order."""
    outcomes = [
        holdings.OutcomeOut.of(outcome, given=id_in(value))
        for outcome, value in zip(ingest(desk, received(request.articles)), request.articles, strict=True)
    ]
    return as_json(holdings.OutcomesResponse(outcomes=outcomes), background=BackgroundTask(_compact, desk))


@router.get("/v1/articles", response_model=holdings.ArticlesResponse, tags=["articles"])
def list_articles(desk: TheDesk, query: Annotated[schemas.ArticlesQuery, Query()]) -> Response:
    """List the articles in order of id, without their text; ``cursor`` goes on where a page ended."""
    after = "" if query.cursor is None else _from_cursor(query.cursor)
    with desk.archive.store.read() as view:
        page = view.page(after=after, limit=query.limit + 1)
    shown = page[: query.limit]
    return as_json(
        holdings.ArticlesResponse(
            articles=[holdings.ArticleSummary.of(article, chunks) for article, chunks in shown],
            next_cursor=_cursor(shown[-1][0].id) if len(page) > len(shown) else None,
        )
    )


@router.get("/v1/articles/{article_id:article_id}", response_model=holdings.ArticleResponse, tags=["articles"])
def show_article(desk: TheDesk, article_id: str, query: Annotated[schemas.ArticleQuery, Query()]) -> Response:
    """Give an article whole; its id is percent-encoded. With ``sha256``, as it stood when that was its text's."""
    with desk.archive.store.read() as view:
        article, versions = view.article(article_id), view.versions(article_id)
        if article is None:
            return _no_article()
        shown = None
        if query.sha256 is not None and query.sha256 != article.sha256:
            text = view.version(article_id, query.sha256)
            if text is None:
                return problems.problem(404, "this article never had a text of this sha256")
            shown = next(one for one in versions if one.sha256 == query.sha256), text
        return as_json(
            holdings.ArticleResponse.of(article, view.chunks(article_id), view.copies(article_id), versions, shown)
        )


@router.delete("/v1/articles/{article_id:article_id}", status_code=204, response_class=Response, tags=["articles"])
def delete_article(desk: TheDesk, article_id: str, query: Annotated[schemas.DeleteQuery, Query()]) -> Response:
    """Delete an article with all its earlier texts; it is found no more when this returns. With ``erase``, nothing of
    it is left in any file of the archive either, which takes as long as writing the indexes anew.
    """
    if query.erase:
        with desk.archive.store.read() as view:
            known = view.digest(article_id) is not None or view.withdrawn(article_id)
        if not known:
            return _no_article()
        # Done also where it is not there any more: an erasure that was cut short is finished so.
        desk.archive.erase(article_id)
        return Response(status_code=204)
    if not desk.archive.delete(article_id):
        return _no_article()
    return Response(status_code=204, background=BackgroundTask(_compact, desk))


@router.post("/v1/verify", response_model=holdings.VerifyResponse, tags=["articles"])
def verify_citations(desk: TheDesk, request: schemas.VerifyRequest) -> Response:
    """Check citations against the articles as they stand: one verdict a citation, in order."""
    with desk.archive.store.read() as view:
        verdicts = [
            verify(view, one.article_id, one.start, one.end, one.quote, one.article_sha256) for one in request.citations
        ]
    return as_json(holdings.VerifyResponse(results=[holdings.VerdictOut(verdict=verdict) for verdict in verdicts]))


@router.get("/v1/archive", response_model=holdings.ArchiveResponse, tags=["archive"])
def show_archive(desk: TheDesk) -> Response:
    """Say what the archive holds, and what a filter can name."""
    with desk.archive.read() as snapshot:
        overview = snapshot.view.overview()
        indexes = snapshot.indexes
    return as_json(
        holdings.ArchiveResponse.of(
            overview,
            model=desk.embedder.name,
            precision=desk.embedder.precision,
            index=indexes.kind,
            recall=indexes.recall,
        )
    )


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", response_model=holdings.Health, tags=["server"])
async def healthz() -> Response:
    """Say that the server runs."""
    return as_json(holdings.Health(status="ok"))


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", response_model=holdings.Health, tags=["server"])
def readyz(request: Request) -> Response:
    """Say whether questions can be answered: 503 until the archive was found whole and its model is loaded."""
    readiness: Readiness = request.app.state.readiness
    wrong = readiness.problem()
    return as_json(holdings.Health(status="ready")) if wrong is None else problems.problem(503, wrong)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}},
    tags=["server"],
)
def metrics(request: Request) -> Response:
    """Give what the server measures of itself, in Prometheus's text format."""
    measured: Metrics = request.app.state.metrics
    return Response(measured.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/", include_in_schema=False)
async def page() -> Response:
    """Give the page; everything it shows it asks for like any other client."""
    return FileResponse(WEB / "index.html", headers={"Cache-Control": "no-cache"})


def create_app(desk: Desk, guard: Guard | None = None) -> FastAPI:
    """Make the service over an opened desk, which must stay open as long as the app is served. Without a guard it lets
    everybody in.
    """
    try:
        release = version("citewire")
    except PackageNotFoundError:
        release = "0"
    # The page of documentation comes with the package: nothing on it is asked of another server.
    app: FastAPI = FastAPIOffline(
        "/docs",
        None,
        title="Citewire",
        summary="Question answering over an archive of news articles, with citations that anyone can check",
        version=release,
        redirect_slashes=False,
        lifespan=_at_work,
        swagger_ui_parameters={"validatorUrl": None},
    )
    app.state.desk = desk
    lanes = Lanes()
    app.state.metrics = metrics = Metrics(desk, vars(lanes))
    app.state.replies = Remembered(desk, metrics)
    app.state.readiness = Readiness(desk)
    app.state.jobs = Jobs(desk)
    app.state.watchers = 0
    problems.install(app, [*router.routes, *job_routes.router.routes, *gate_routes.router.routes])
    # The last that is added is the first that a request comes to.
    app.add_middleware(Admitted, lanes=lanes)
    app.add_middleware(Guarded, guard=guard or Guard())
    app.add_middleware(Counted, metrics=metrics)
    app.add_middleware(Logged)
    app.include_router(router)
    app.include_router(job_routes.router)
    app.include_router(gate_routes.router)
    app.mount("/web", StaticFiles(directory=WEB))
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # the documented way
    return app


@asynccontextmanager
async def _at_work(app: FastAPI) -> AsyncIterator[None]:
    """Do jobs while the app is served."""
    # Threads for those at work and some to look at the server by: each more keeps memory of its own.
    to_thread.current_default_thread_limiter().total_tokens = READING + WRITING + UPLOADING + 6
    app.state.jobs.start()
    try:
        yield
    finally:
        await to_thread.run_sync(app.state.jobs.stop)


def describe() -> dict[str, object]:
    """The service's description of itself (OpenAPI), for which no archive is needed."""
    app = FastAPI(title="Citewire")
    app.include_router(router)
    app.include_router(job_routes.router)
    app.include_router(gate_routes.router)
    return _openapi(app)


def _openapi(app: FastAPI) -> dict[str, object]:
    """Make the schema, with the shapes that no signature mentions: an article of a request, a problem."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        shapes = schema.setdefault("components", {}).setdefault("schemas", {})
        for model in (schemas.ArticleIn, problems.Problem):
            shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
            shapes.update(shape.pop("$defs", {}))
            shapes[model.__name__] = shape
        app.openapi_schema = schema
    return app.openapi_schema


def _compact(desk: Desk) -> None:
    try:
        desk.archive.compact()
    except Exception:
        # Nothing is lost by it: what is derived stays as it was, and the next writer tries again.
        _log.exception("the indexes could not be compacted")


def _no_article() -> Response:
    return problems.problem(404, "there is no article of this id")


def _cursor(article_id: str) -> str:
    return f"after:{article_id.encode().hex()}"


def _from_cursor(cursor: str) -> str:
    if not re.fullmatch(schemas.CURSOR, cursor):
        raise QaError("the cursor is none that this service gave; leave it out to start from the front")
    # Bytes that are no id's stand somewhere in the order of ids as well.
    return bytes.fromhex(cursor.removeprefix("after:")).decode(errors="replace")
