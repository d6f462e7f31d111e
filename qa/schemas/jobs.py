"""Responses about jobs."""

from corpus.storage.jobs import State
from qa.schemas.answers import Response


class JobOut(Response):
    """The state of a job. ``records`` is a rough count made before it began; ``done`` of them have an outcome.
    ``problem`` says why it failed.
    """

    id: str
    name: str
    state: State
    created: str
    finished: str | None
    records: int | None
    done: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    problem: str | None


class RejectionOut(Response):
    """A record that was rejected: its number among the job's records, from 1, its place in the file, and the reason."""

    number: int
    where: str
    reason: str


class JobResponse(Response):
    """A job with its rejected records; if there are more, ask for the next ones with ``?after=`` ``next_after``.
    ``undated`` counts its articles without a date, which date filters leave out.
    """

    job: JobOut
    undated: int
    rejections: list[RejectionOut]
    next_after: int | None


class JobsResponse(Response):
    """The latest jobs, newest first."""

    jobs: list[JobOut]
