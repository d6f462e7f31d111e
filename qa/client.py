"""A Python client for the HTTP API; it returns the service's own response models.

    with Citewire("http://127.0.0.1:8080") as citewire:
        reply = citewire.ask("How many H200 chips were approved?")

It loads no models or indexes. Use one client per thread.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from os import PathLike
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import ValidationError

from corpus.verification import Verdict
from index.types import Undated
from qa.errors import QaError
from qa.schemas.answers import (
    AskResponse,
    BatchResponse,
    CitationOut,
    ExplainedResponse,
    HitOut,
    Response,
    SearchResponse,
)
from qa.schemas.articles import (
    ArchiveResponse,
    ArticleResponse,
    ArticlesResponse,
    ArticleSummary,
    OutcomeOut,
    OutcomesResponse,
)
from qa.schemas.articles import VerifyResponse as Verified
from qa.schemas.jobs import JobOut, JobResponse

AT_ONCE = 100
"""Questions or articles in one request; more are sent in several."""
LOOK = 0.5
"""Seconds between two looks at a job."""
_BUSY = (429, 503)
_BLOCK = 1 << 20  # bytes of a file that are sent at once
_CITED = ("article_id", "start", "end", "quote", "article_sha256")

R = TypeVar("R", bound=Response)
T = TypeVar("T")
Day = date | str
"""A day, or one such as ``2026-01-28``."""


class ClientError(QaError):
    """What went wrong: ``status`` is the HTTP status, None if there was no response; the rest is the server's words."""

    def __init__(self, status: int | None, title: str, detail: str) -> None:
        super().__init__(f"{title}: {detail}" if status is None else f"{status} {title}: {detail}")
        self.status = status
        self.title = title
        self.detail = detail


class Hits(list[HitOut]):
    """Passages, best first. ``passing``: how many articles pass the filters, None without any; ``undated_left_out``:
    how many were left out only because they have no date.
    """

    def __init__(self, found: SearchResponse) -> None:
        super().__init__(found.hits)
        self.passing = found.passing
        self.undated_left_out = found.undated_left_out


class Citewire:
    """A client for the server at ``address``, with ``key`` if it needs one.

    A request, including retries while the server is busy, takes at most ``timeout`` seconds. Every method raises
    ClientError.
    """

    def __init__(self, address: str = "http://127.0.0.1:8080", key: str | None = None, timeout: float = 60) -> None:
        try:
            where = urlsplit(address)
            self._host, self._port, self._below = where.hostname or "", where.port, where.path.rstrip("/")
        except ValueError:
            where = urlsplit("")
        if where.scheme not in ("http", "https") or not where.hostname:
            raise ClientError(None, "Not an address", f"{address!r} is not one such as http://127.0.0.1:8080")
        self._kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._timeout = timeout
        self._connection: HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        sources: Sequence[str] | None = None,
        published_from: Day | None = None,
        published_to: Day | None = None,
        article_ids: Sequence[str] | None = None,
        undated: Undated | None = None,
        as_of: Day | None = None,
        min_confidence: float | None = None,
        explain: bool = False,
        prose: bool = False,
    ) -> AskResponse:
        """Answer a question; with ``explain`` the reply is an ExplainedResponse. With ``prose`` the server's language
        model writes about the answers, which takes up to ``CITEWIRE_WRITER_SECONDS`` more.
        """
        where = _filters(sources, published_from, published_to, article_ids, undated)
        body = {"k": k, "filters": where, "as_of": _day(as_of), "min_confidence": min_confidence, "explain": explain}
        if prose:
            body["prose"] = True  # left out where it is not wanted: servers of earlier versions know no such field
        shape = ExplainedResponse if explain else AskResponse
        return self._posted(shape, "/v1/ask", {"question": question, **body})

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        k: int = 5,
        sources: Sequence[str] | None = None,
        published_from: Day | None = None,
        published_to: Day | None = None,
        article_ids: Sequence[str] | None = None,
        undated: Undated | None = None,
        as_of: Day | None = None,
        min_confidence: float | None = None,
    ) -> list[AskResponse]:
        """Answer questions, one reply each, in order; ``timeout`` applies to each hundred of them."""
        where = _filters(sources, published_from, published_to, article_ids, undated)
        beside = {"k": k, "filters": where, "as_of": _day(as_of), "min_confidence": min_confidence}
        replies: list[AskResponse] = []
        for some in _in_parts([*questions]):
            asked = [{"question": one, **beside} for one in some]
            replies += self._posted(BatchResponse, "/v1/ask/batch", {"questions": asked}).replies
        return replies

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        sources: Sequence[str] | None = None,
        published_from: Day | None = None,
        published_to: Day | None = None,
        article_ids: Sequence[str] | None = None,
        undated: Undated | None = None,
        rerank: bool = False,
    ) -> Hits:
        """Find the passages that match a query best."""
        where = _filters(sources, published_from, published_to, article_ids, undated)
        body = {"query": query, "k": k, "filters": where, "rerank": rerank}
        return Hits(self._posted(SearchResponse, "/v1/search", body))

    def put(self, articles: Iterable[Mapping[str, Any]]) -> list[OutcomeOut]:
        """Add articles, with the fields of ``POST /v1/articles``: one outcome each, in order."""
        outcomes: list[OutcomeOut] = []
        for some in _in_parts([dict(one) for one in articles]):
            outcomes += self._posted(OutcomesResponse, "/v1/articles", {"articles": some}).outcomes
        return outcomes

    def article(self, article_id: str, *, sha256: str | None = None) -> ArticleResponse:
        """Give a full article; with ``sha256`` the version whose text has this sha256."""
        query = "" if sha256 is None else f"?{urlencode({'sha256': sha256})}"
        return self._asked(ArticleResponse, "GET", f"/v1/articles/{quote(article_id, safe='')}{query}")

    def articles(self) -> Iterator[ArticleSummary]:
        """List every article ordered by id, without its text."""
        query = {"limit": "500"}
        while True:
            page = self._asked(ArticlesResponse, "GET", f"/v1/articles?{urlencode(query)}")
            yield from page.articles
            if page.next_cursor is None:
                return
            query["cursor"] = page.next_cursor

    def delete(self, article_id: str, *, erase: bool = False) -> None:
        """Delete an article; with ``erase`` leave no trace of it in the archive's files."""
        query = "?erase=true" if erase else ""
        self._done("DELETE", f"/v1/articles/{quote(article_id, safe='')}{query}", anew=True)

    def verify(self, citations: Iterable[CitationOut | Mapping[str, Any]]) -> list[Verdict]:
        """Check citations against the current articles: one verdict each, in order."""
        wanted = [one.model_dump() if isinstance(one, CitationOut) else one for one in citations]
        verdicts: list[Verdict] = []
        for some in _in_parts([{name: one[name] for name in _CITED} for one in wanted]):
            found = self._posted(Verified, "/v1/verify", {"citations": some})
            verdicts += [one.verdict for one in found.results]
        return verdicts

    def archive(self) -> ArchiveResponse:
        """Show what the archive holds."""
        return self._asked(ArchiveResponse, "GET", "/v1/archive")

    def upload(
        self,
        file: str | PathLike[str],
        *,
        source: str | None = None,
        published: Day | None = None,
        title: str | None = None,
        language: str | None = None,
    ) -> JobOut:
        """Upload a file, of any readable format or several packed as zip or tar, to be ingested in the background. The
        fields are for articles whose file doesn't say them; ``title`` for the one article that has none.
        """
        path, border = Path(file), uuid.uuid4().hex
        name = path.name.replace("\\", "\\\\").replace('"', '\\"')
        given = {"source": source, "published": _day(published), "title": title, "language": language}
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in given.items()
            if value is not None
        ]
        parts.append(f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
        head, tail = "".join(parts).encode(errors="replace"), f"\r\n--{border}--\r\n".encode()

        def body() -> Iterator[bytes]:
            yield head
            with path.open("rb") as opened:
                while block := opened.read(_BLOCK):
                    yield block
            yield tail

        try:
            length = len(head) + path.stat().st_size + len(tail)
        except OSError as error:
            raise ClientError(None, "No file", f"{path}: {error.strerror}") from error
        headers = {"Content-Type": f"multipart/form-data; boundary={border}", "Content-Length": str(length)}
        return self._shaped(JobOut, self._done("POST", "/v1/jobs", body, headers, anew=True))

    def wait(self, job: JobOut | str, *, timeout: float | None = None) -> JobResponse:
        """Wait until a job is over, for at most ``timeout`` seconds if given."""
        name = job if isinstance(job, str) else job.id
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            found = self._asked(JobResponse, "GET", f"/v1/jobs/{quote(name, safe='')}")
            if found.job.state not in ("queued", "running"):
                return found
            if until is not None and time.monotonic() + LOOK > until:
                raise ClientError(None, "Not over", f"job {name} is {found.job.state} after {timeout:g} seconds")
            time.sleep(LOOK)

    def _posted(self, shape: type[R], path: str, body: Mapping[str, Any]) -> R:
        sent = json.dumps(body).encode()
        return self._shaped(shape, self._done("POST", path, lambda: sent, {"Content-Type": "application/json"}))

    def _asked(self, shape: type[R], method: str, path: str) -> R:
        return self._shaped(shape, self._done(method, path))

    def _shaped(self, shape: type[R], body: bytes) -> R:
        try:
            return shape.model_validate_json(body)
        except ValidationError as error:
            raise ClientError(None, "Not understood", "the server seems to be another version") from error

    def _done(
        self,
        method: str,
        path: str,
        body: Callable[[], Any] = lambda: None,
        headers: Mapping[str, str] | None = None,
        *,
        anew: bool = False,
    ) -> bytes:
        """What is answered, asked again as long as the server says when and there is time. ``anew``: by a connection of
        its own, because what was lost on its way must not be sent twice.
        """
        until = time.monotonic() + self._timeout
        if anew:
            self.close()
        while True:
            answer = self._answer(method, path, body, {**self._headers, **(headers or {})}, until)
            said = answer.read()
            if answer.will_close:
                self.close()
            if answer.status < 300:
                return said
            after = answer.headers.get("Retry-After", "")
            if answer.status in _BUSY and after.isdecimal() and time.monotonic() + int(after) < until:
                time.sleep(int(after))
                continue
            raise _problem(answer, said)

    def _answer(
        self, method: str, path: str, body: Callable[[], Any], headers: Mapping[str, str], until: float
    ) -> HTTPResponse:
        while True:
            kept = self._connection is not None
            connection = self._connection or self._kind(self._host, self._port)
            self._connection = connection
            try:
                left = max(0.1, until - time.monotonic())
                connection.timeout = left
                if connection.sock is not None:
                    connection.sock.settimeout(left)
                connection.request(method, self._below + path, body(), dict(headers))
                return connection.getresponse()
            except TimeoutError as error:
                self.close()
                raise ClientError(None, "No answer", f"none within {self._timeout:g} seconds") from error
            except (OSError, HTTPException) as error:
                self.close()
                # A connection that was kept may have ended meanwhile: the server lets idle ones go.
                if not kept:
                    raise ClientError(None, "No answer", str(error) or type(error).__name__) from error


def _problem(answer: HTTPResponse, said: bytes) -> ClientError:
    try:
        told = json.loads(said)
        return ClientError(answer.status, str(told["title"]), str(told["detail"]))
    except (ValueError, TypeError, KeyError):
        return ClientError(answer.status, answer.reason, "this is not a Citewire server")


def _filters(
    sources: Sequence[str] | None,
    first: Day | None,
    last: Day | None,
    article_ids: Sequence[str] | None,
    undated: Undated | None,
) -> dict[str, Any]:
    given = {
        "sources": None if sources is None else [*sources],
        "published_from": _day(first),
        "published_to": _day(last),
        "article_ids": None if article_ids is None else [*article_ids],
        "undated": undated,
    }
    return {name: value for name, value in given.items() if value is not None}


def _day(day: Day | None) -> str | None:
    return day.isoformat() if isinstance(day, date) else day


def _in_parts(whole: list[T]) -> Iterator[list[T]]:
    return (whole[at : at + AT_ONCE] for at in range(0, len(whole), AT_ONCE))
