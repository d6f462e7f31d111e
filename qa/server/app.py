"""The archive over HTTP: questions, the archive and the server itself, each route a few lines over
``qa.answering.pipeline``.
"""

import logging
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
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from qa.answering.cache import Remembered
from qa.answering.pipeline import search as find
from qa.answering.question import check_question
from qa.answering.types import Question
from qa.engine import Desk
from qa.errors import NoWriter, QuestionError
from qa.evaluation.gold import gold_lines
from qa.ingestion.jobs import Jobs
from qa.schemas import answers as responses
from qa.schemas import articles as holdings
from qa.schemas import requests as schemas
from qa.schemas.answers import as_json
from qa.server import problems
from qa.server.access_control import Guard, Guarded
from qa.server.admission import PROSE, READING, UPLOADING, WRITING, Admitted, Lanes
from qa.server.logs import Logged
from qa.server.metrics import Counted, Metrics
from qa.server.readiness import Readiness
from qa.server.routes import articles as article_routes
from qa.server.routes import gate as gate_routes
from qa.server.routes import jobs as job_routes
from qa.server.routes.dependencies import TheDesk
from qa.server.routes.negotiation import DESCRIBED, answered
from qa.server.routes.prose import composed

GOLD = "application/jsonl"
"""Lines of JSON."""
WEB = Path(__file__).parents[1] / "web"
"""The files of the page."""

_log = logging.getLogger(__name__)


async def _replies(request: Request) -> Remembered:
    replies: Remembered = request.app.state.replies
    return replies


TheReplies = Annotated[Remembered, Depends(_replies)]
router = APIRouter(responses=problems.RESPONSES)


@router.post(
    "/v1/ask",
    response_model=responses.ExplainedResponse | responses.AskResponse,
    responses=DESCRIBED,
    tags=["questions"],
)
async def ask(replies: TheReplies, request: schemas.AskRequest, http: Request) -> Response:
    """Answer a question from the archive, with citations; without an answer there, say so. With `prose` a few sentences
    are written from the cited quotes by the model that the server is set up with, and 409 says that there is none.
    """
    return await _answered(replies, request.asked(), http, explain=request.explain, prose=request.prose)


@router.get(
    "/v1/ask",
    response_model=responses.ExplainedResponse | responses.AskResponse,
    responses=DESCRIBED,
    tags=["questions"],
)
async def ask_simply(replies: TheReplies, query: Annotated[schemas.AskQuery, Query()], http: Request) -> Response:
    """Answer a question that stands in the query string."""
    return await _answered(replies, query.asked(), http, explain=query.explain, prose=query.prose)


async def _answered(replies: Remembered, asked: Question, http: Request, *, explain: bool, prose: bool) -> Response:
    desk: Desk = http.app.state.desk
    if prose and desk.writer is None:
        raise NoWriter
    said = await to_thread.run_sync(lambda: responses.ask_response(replies.ask(asked), explain=explain))
    if prose and desk.writer is not None:
        said = said.model_copy(
            update={"prose": await composed(desk.writer, desk.archive, said, http, http.app.state.lanes.prose)}
        )
    return await to_thread.run_sync(answered, said, http.headers.get("accept", ""))


@router.post("/v1/ask/batch", response_model=responses.BatchResponse, tags=["questions"])
def ask_many(replies: TheReplies, request: schemas.BatchRequest) -> Response:
    """Answer up to a hundred questions, one after the other: one reply a question, in order."""
    asked = [one.asked() for one in request.questions]
    for number, one in enumerate(asked):
        try:
            check_question(one.text)
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
            writer=desk.writer is not None,
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


ROUTERS = (router, article_routes.router, job_routes.router, gate_routes.router)
"""Every route of the contract."""


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
    app.state.lanes = lanes = Lanes()
    app.state.metrics = metrics = Metrics(desk, vars(lanes))
    app.state.replies = Remembered(desk, metrics.count_reply)
    app.state.readiness = Readiness(desk)
    app.state.jobs = Jobs(desk)
    app.state.watchers = 0
    problems.install(app, [route for one in ROUTERS for route in one.routes])
    # The last that is added is the first that a request comes to.
    app.add_middleware(Admitted, lanes=lanes)
    app.add_middleware(Guarded, guard=guard or Guard())
    app.add_middleware(Counted, metrics=metrics)
    app.add_middleware(Logged)
    for one in ROUTERS:
        app.include_router(one)
    app.mount("/web", StaticFiles(directory=WEB))
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # the documented way
    return app


@asynccontextmanager
async def _at_work(app: FastAPI) -> AsyncIterator[None]:
    """Do jobs while the app is served."""
    # Threads for those at work and some to look at the server by: each more keeps memory of its own.
    to_thread.current_default_thread_limiter().total_tokens = READING + WRITING + UPLOADING + PROSE + 6
    app.state.jobs.start()
    try:
        yield
    finally:
        await to_thread.run_sync(app.state.jobs.stop)


def describe() -> dict[str, object]:
    """The service's description of itself (OpenAPI), for which no archive is needed."""
    app = FastAPI(title="Citewire")
    for one in ROUTERS:
        app.include_router(one)
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
