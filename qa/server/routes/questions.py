"""Routes for questions: one or many at once, searches, and feedback on answers."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from qa.answering.cache import ReplyCache
from qa.answering.filtering import check_filter
from qa.answering.pipeline import find
from qa.answering.question import check_question
from qa.answering.types import Question
from qa.engine import Engine
from qa.errors import FilterError, NoWriter, QuestionError
from qa.evaluation.gold import gold_lines
from qa.schemas import answers, requests
from qa.server import problems
from qa.server.routes.dependencies import TheEngine, TheReplies
from qa.server.routes.negotiation import DESCRIBED, as_json, negotiate
from qa.server.routes.prose import write_prose_for

GOLD = "application/jsonl"
"""Lines of JSON."""

router = APIRouter(responses=problems.RESPONSES)


@router.post(
    "/v1/ask", response_model=answers.ExplainedResponse | answers.AskResponse, responses=DESCRIBED, tags=["questions"]
)
async def ask(replies: TheReplies, request: requests.AskRequest, http: Request) -> Response:
    """Answer a question from the archive, with citations, or say that there is no answer. With `prose`, the server's
    language model writes a few sentences from the cited quotes; 409 if the server has none.
    """
    return await _answer(replies, request.asked(), http, explain=request.explain, prose=request.prose)


@router.get(
    "/v1/ask", response_model=answers.ExplainedResponse | answers.AskResponse, responses=DESCRIBED, tags=["questions"]
)
async def ask_simply(replies: TheReplies, query: Annotated[requests.AskQuery, Query()], http: Request) -> Response:
    """Answer a question given in the query string."""
    return await _answer(replies, query.asked(), http, explain=query.explain, prose=query.prose)


async def _answer(replies: ReplyCache, asked: Question, http: Request, *, explain: bool, prose: bool) -> Response:
    engine: Engine = http.app.state.engine
    if prose and engine.writer is None:
        raise NoWriter
    said = await to_thread.run_sync(lambda: answers.ask_response(replies.ask(asked), explain=explain))
    if prose and engine.writer is not None:
        said = said.model_copy(
            update={
                "prose": await write_prose_for(engine.writer, engine.archive, said, http, http.app.state.lanes.prose)
            }
        )
    return await to_thread.run_sync(negotiate, said, http.headers.get("accept", ""))


@router.post("/v1/ask/batch", response_model=answers.BatchResponse, tags=["questions"])
def ask_many(engine: TheEngine, replies: TheReplies, request: requests.BatchRequest) -> Response:
    """Answer up to a hundred questions, one after the other: one reply per question, in order."""
    asked = [one.asked() for one in request.questions]
    with engine.archive.read() as snapshot:
        for number, one in enumerate(asked):
            try:
                check_question(one.text)
                check_filter(snapshot, one.where, one.as_of)
            except (QuestionError, FilterError) as error:
                # Before any is asked: none of them is answered in vain.
                raise type(error)(f"/questions/{number}: {error}") from None
    return as_json(
        answers.BatchResponse(
            replies=[
                answers.ask_response(replies.ask(one), explain=given.explain)
                for one, given in zip(asked, request.questions, strict=True)
            ]
        )
    )


@router.post("/v1/feedback", status_code=204, response_class=Response, tags=["questions"])
def keep_feedback(engine: TheEngine, request: requests.FeedbackRequest) -> Response:
    """Store feedback on an answer: that it is right, or wrong and what the correct answer is."""
    with engine.archive.store.write() as writing:
        writing.feedback.add(request.said())
    return Response(status_code=204)


@router.get(
    "/v1/feedback",
    response_class=Response,
    responses={200: {"content": {GOLD: {"schema": {"type": "string"}}}}},
    tags=["questions"],
)
def show_feedback(engine: TheEngine) -> Response:
    """Export feedback as gold questions for `citewire evaluate`, one line of JSON each."""
    with engine.archive.store.read() as view:
        return Response("".join(gold_lines(view.feedback)), media_type=GOLD)


@router.post("/v1/search", response_model=answers.SearchResponse, tags=["questions"])
def search(engine: TheEngine, request: requests.SearchRequest) -> Response:
    """Find the chunks that match a query best, without looking for an answer in them."""
    found = find(engine, request.query, k=request.k, where=request.where(), rerank=request.rerank)
    return as_json(answers.SearchResponse.of(found))
