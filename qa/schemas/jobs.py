"""Responses about jobs."""

from pydantic import Field

from corpus.storage.jobs import State
from qa.schemas.answers import Response


class JobOut(Response):
    """The state of a job. ``records`` is a rough count made before it began; ``done`` of them have an outcome.
    ``problem`` says why it failed. ``undated``: how many of its articles have no date, so that date filters leave them
    out.
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
    undated: int = 0
    problem: str | None


class RejectionOut(Response):
    """A record that was rejected: its number among the job's records, from 1, its place in the file, and the reason."""

    number: int
    where: str
    reason: str


class WarningOut(Response):
    """A warning about records that were not rejected: how many, and the place of the first of them."""

    warning: str
    records: int
    where: str


class JobResponse(Response):
    """A job with its rejected records; if there are more, ask for the next ones with ``?after=`` ``next_after``.
    ``warnings`` are summed up: each once, at most some hundred.
    """

    job: JobOut
    rejections: list[RejectionOut]
    next_after: int | None
    warnings: list[WarningOut] = Field(default_factory=list)


class JobsResponse(Response):
    """The latest jobs, newest first."""

    jobs: list[JobOut]
