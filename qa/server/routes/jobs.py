"""Routes for jobs: upload a file, follow its progress, list its rejected records."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from corpus.errors import StoreError
from corpus.storage.jobs import Job
from qa.ingestion.jobs import JobRunner
from qa.schemas import requests
from qa.schemas.jobs import JobOut, JobResponse, JobsResponse, RejectionOut, WarningOut
from qa.server import problems
from qa.server.routes.multipart import FIELD, receive_file
from qa.server.routes.negotiation import as_json

LISTED = 100
"""Maximum number of jobs listed, the newest."""
LOOK = 0.4
"""Seconds between two looks at a job that is watched."""
STILL = 15.0
"""Seconds after which a watcher gets a sign of life: proxies close connections that stay silent."""
WATCHERS = 50
"""Maximum number of watchers at once."""

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {"type": "string", "format": "binary"},
                        "source": {"type": "string", "description": "Outlet of articles that name none."},
                        "published": {
                            "type": "string",
                            "description": "Day of articles without one: YYYY-MM-DD, or a date-time with its zone.",
                        },
                        "title": {
                            "type": "string",
                            "description": "Title of the one article that has none; if several have none, the job "
                            "fails and adds nothing.",
                        },
                        "language": {
                            "type": "string",
                            "description": "Language of articles that state none: an ISO 639-1 code.",
                        },
                    },
                }
            }
        },
    }
}


_EVENT = {
    "type": "object",
    "description": "One event: the `job` of /v1/jobs/{job_id}, as JSON.",
    "required": ["event", "data"],
    "properties": {"event": {"const": "job"}, "data": {"type": "string", "contentMediaType": "application/json"}},
}


async def _jobs(request: Request) -> JobRunner:
    jobs: JobRunner = request.app.state.jobs
    return jobs


TheJobs = Annotated[JobRunner, Depends(_jobs)]
JobId = Annotated[str, Path(max_length=100)]
router = APIRouter(responses=problems.RESPONSES, tags=["jobs"])


@router.post("/v1/jobs", status_code=202, response_model=JobOut, openapi_extra=_FORM)
async def start_job(jobs: TheJobs, request: Request) -> Response:
    """Upload a file of any readable format, or several packed as zip or tar, to be ingested in the background. Answers
    once the file is stored; the job's address shows its progress. What the file says goes before the other fields.
    """
    upload = await to_thread.run_sync(jobs.place)
    job: Job | None = None
    try:
        received = await receive_file(request, upload.directory)
        job = await to_thread.run_sync(jobs.queue, upload, *received)
    except OSError as error:
        raise StoreError(f"the upload can't be written: {error.strerror or error}") from error
    finally:
        if job is None:
            await to_thread.run_sync(jobs.discard, upload)
    return as_json(JobOut.take(job), status=202, headers={"Location": f"/v1/jobs/{job.id}"})


@router.get("/v1/jobs", response_model=JobsResponse)
def list_jobs(jobs: TheJobs) -> Response:
    """List the latest jobs."""
    return as_json(JobsResponse(jobs=[JobOut.take(job) for job in jobs.newest(LISTED)]))


@router.get("/v1/jobs/{job_id}", response_model=JobResponse)
def show_job(jobs: TheJobs, job_id: JobId, query: Annotated[requests.JobQuery, Query()]) -> Response:
    """Show a job's progress, its rejected records, and its warnings summed up."""
    job, rejected, warnings = jobs.report(job_id, after=query.after, limit=query.limit + 1)
    if job is None:
        return no_job()
    shown = rejected[: query.limit]
    more = shown[-1].number if len(rejected) > len(shown) else None
    return as_json(
        JobResponse(
            job=JobOut.take(job),
            rejections=[RejectionOut.take(one) for one in shown],
            next_after=more,
            warnings=[WarningOut.take(one) for one in warnings],
        )
    )


@router.get(
    "/v1/jobs/{job_id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": _EVENT}}}},
)
async def watch_job(jobs: TheJobs, request: Request, job_id: JobId) -> Response:
    """Follow a job: server-sent events named ``job`` whenever it makes progress, until it is over."""
    if await to_thread.run_sync(jobs.get, job_id) is None:
        return no_job()
    if request.app.state.watchers >= WATCHERS:
        return problems.problem(503, "too many clients are watching jobs: ask for the job from time to time instead")
    return StreamingResponse(_told(request, jobs, job_id), media_type="text/event-stream", headers=_UNHELD)


_UNHELD = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Makes proxies pass on each event at once."""


async def _told(request: Request, jobs: JobRunner, job_id: str) -> AsyncIterator[str]:
    told: Job | None = None
    still = 0.0
    request.app.state.watchers += 1
    try:
        while (job := await to_thread.run_sync(jobs.get, job_id)) is not None:
            if job != told:
                yield f"event: job\ndata: {JobOut.take(job).model_dump_json()}\n\n"
                told, still = job, 0.0
            elif still > STILL:
                yield ": nothing new\n\n"
                still = 0.0
            if job.over:
                return
            await asyncio.sleep(LOOK)
            still += LOOK
    finally:
        request.app.state.watchers -= 1


@router.delete("/v1/jobs/{job_id}", status_code=204, response_class=Response)
def cancel_job(jobs: TheJobs, job_id: JobId) -> Response:
    """Cancel a job; what it has done is kept. A job that is over is removed, with its report."""
    return Response(status_code=204) if jobs.cancel(job_id) else no_job()


def no_job() -> Response:
    """The response where no job has the id that was asked for."""
    return problems.problem(404, "no job has this id; it may have been removed")
