"""The route for the gate: sentences with citations, each passed or stopped with reasons."""

from fastapi import APIRouter, Response

from qa.schemas.gate import GateRequest, GateResponse, check_sentences
from qa.server import problems
from qa.server.routes.dependencies import TheEngine
from qa.server.routes.negotiation import as_json

router = APIRouter(responses=problems.RESPONSES, tags=["articles"])


@router.post("/v1/gate", response_model=GateResponse)
def gate(engine: TheEngine, request: GateRequest) -> Response:
    """Check sentences against the quotes they cite, without a model: each passes, or is stopped with the reasons."""
    with engine.archive.store.read() as view:
        return as_json(check_sentences(view, request.sentences))
