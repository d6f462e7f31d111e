"""Routes for the archive, the server's state and the page."""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import FileResponse

from qa.schemas import articles as shapes
from qa.server import problems
from qa.server.access_control import ACCESS
from qa.server.metrics import Metrics
from qa.server.readiness import Readiness
from qa.server.routes.dependencies import TheEngine
from qa.server.routes.negotiation import as_json

WEB = Path(__file__).parents[2] / "web"
"""The files of the page."""

router = APIRouter(responses=problems.RESPONSES)


@router.get("/v1/archive", response_model=shapes.ArchiveResponse, tags=["archive"])
def show_archive(engine: TheEngine, request: Request) -> Response:
    """Show what the archive holds, and the outlets that a filter can name."""
    with engine.archive.read() as snapshot:
        overview = snapshot.view.overview()
        indexes = snapshot.indexes
    return as_json(
        shapes.ArchiveResponse.of(
            overview,
            model=engine.embedder.name,
            precision=engine.embedder.precision,
            index=indexes.kind,
            recall=indexes.recall,
            writer=engine.writer is not None,
            may_write=request.scope[ACCESS] == "write",
        )
    )


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", response_model=shapes.Health, tags=["server"])
async def healthz() -> Response:
    """Check that the server runs."""
    return as_json(shapes.Health(status="ok"))


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", response_model=shapes.Health, tags=["server"])
def readyz(request: Request) -> Response:
    """Check whether questions can be answered: 503 until the archive is checked and the models are loaded."""
    readiness: Readiness = request.app.state.readiness
    wrong = readiness.problem()
    return as_json(shapes.Health(status="ready")) if wrong is None else problems.problem(503, wrong)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}},
    tags=["server"],
)
def metrics(request: Request) -> Response:
    """The server's metrics, in Prometheus's text format."""
    measured: Metrics = request.app.state.metrics
    return Response(measured.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/", include_in_schema=False)
async def page() -> Response:
    """The page, which uses the API like any other client."""
    return FileResponse(WEB / "index.html", headers={"Cache-Control": "no-cache"})
