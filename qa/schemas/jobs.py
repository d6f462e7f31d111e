"""What is answered about jobs, ready for JSON."""

from corpus.storage.jobs import State
from qa.schemas.answers import Response


class JobOut(Response):
    """A job as it stands. ``records`` were counted before it began, roughly; ``done`` of them something became of.
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
    """A record that was rejected: its number among all, from 1, where it stood, and why."""

    number: int
    where: str
    reason: str


class JobResponse(Response):
    """A job with its rejected records, or some of them: those behind ``next_after`` come with ``?after=`` it."""

    job: JobOut
    rejections: list[RejectionOut]
    next_after: int | None


class JobsResponse(Response):
    """The last jobs, the newest first."""

    jobs: list[JobOut]
