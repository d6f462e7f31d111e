"""The HTTP service: its routes, its middleware and its OpenAPI description."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from anyio import to_thread
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi_offline import FastAPIOffline
from starlette.staticfiles import StaticFiles

from qa.answering.cache import ReplyCache
from qa.engine import Engine
from qa.ingestion.jobs import JobRunner
from qa.schemas.requests import ArticleIn
from qa.server import problems
from qa.server.access_control import AccessControl, Guard
from qa.server.admission import PROSE, READING, UPLOADING, WRITING, AdmissionControl, Lanes
from qa.server.logs import RequestLog
from qa.server.metrics import Metrics, RequestMetrics
from qa.server.readiness import Readiness
from qa.server.routes import articles, gate, jobs, questions, status

ROUTERS = (questions.router, status.router, articles.router, jobs.router, gate.router)
"""Every route of the contract."""


def create_app(engine: Engine, guard: Guard | None = None) -> FastAPI:
    """Make the service over an opened engine, which must stay open as long as the app is served.

    Without a guard, everything is allowed.
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
        lifespan=_lifespan,
        swagger_ui_parameters={"validatorUrl": None},
    )
    app.state.engine = engine
    app.state.lanes = lanes = Lanes()
    app.state.metrics = metrics = Metrics(engine, vars(lanes))
    app.state.replies = ReplyCache(engine, metrics.count_reply)
    app.state.readiness = Readiness(engine)
    app.state.jobs = JobRunner(engine)
    app.state.watchers = 0
    problems.install(app, [route for one in ROUTERS for route in one.routes])
    # The last that is added is the first that a request comes to.
    app.add_middleware(AdmissionControl, lanes=lanes)
    app.add_middleware(AccessControl, guard=guard or Guard())
    app.add_middleware(RequestMetrics, metrics=metrics)
    app.add_middleware(RequestLog)
    for one in ROUTERS:
        app.include_router(one)
    app.mount("/web", StaticFiles(directory=status.WEB))
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # the documented way
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
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
        for model in (ArticleIn, problems.Problem):
            shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
            shapes.update(shape.pop("$defs", {}))
            shapes[model.__name__] = shape
        app.openapi_schema = schema
    return app.openapi_schema
