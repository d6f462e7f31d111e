import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qa.client import AT_ONCE, Citewire, ClientError
from qa.engine import Engine
from qa.schemas.answers import ExplainedResponse
from qa.schemas.requests import MAX_ARTICLES, MAX_CITATIONS, MAX_QUESTIONS
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.settings import Settings
from tests.servers import free_port, listening

ROOT = Path(__file__).parents[2]
ZEBRAS = "Forty zebras crossed the river at dawn. Nobody was hurt."
KEY, WRITE_KEY = "read-" + "r" * 20, "write-" + "w" * 20


@pytest.fixture
def client(engine: Engine) -> Iterator[Citewire]:
    with listening(create_app(engine)) as port, Citewire(f"http://127.0.0.1:{port}/") as client:
        yield client


def zebra(**more: str | None) -> dict[str, str | None]:
    return {"id": "z/1 ü", "title": "Zebras", "text": ZEBRAS, "source": "Herald", "published_at": "2026-02-03", **more}


def test_importing_it_loads_no_model_and_no_index() -> None:
    heavy = "torch faiss tantivy sentence_transformers transformers fastapi".split()
    said = f"import sys, qa.client; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


def test_what_is_sent_at_once_is_what_the_server_takes() -> None:
    assert AT_ONCE == MAX_ARTICLES == MAX_QUESTIONS <= MAX_CITATIONS


def test_a_question_with_its_filters(client: Citewire) -> None:
    assert [one.outcome for one in client.put([zebra(), zebra()])] == ["added", "unchanged"]
    asked = "How many zebras crossed the river?"
    reply = client.ask(asked, min_confidence=0, sources=["Herald"], published_from=date(2026, 2, 3))
    assert reply.status == "answered"
    (cited,) = reply.answers[0].citations
    assert ZEBRAS[cited.start : cited.end] == cited.quote
    assert client.verify([cited, {**cited.model_dump(), "quote": "x"}]) == ["valid", "mismatch"]
    for more in ({"published_to": "2026-02-02"}, {"as_of": date(2026, 2, 2)}, {"article_ids": ["other"]}):
        assert client.ask(asked, min_confidence=0, **more).reason == "nothing_matches_filter"
    explained = client.ask(asked, explain=True)
    assert isinstance(explained, ExplainedResponse)
    assert [one.article_id for one in explained.read] == ["z/1 ü"]
    (hit,) = client.search("zebras", sources=["Herald"])
    assert (hit.text, hit.rank) == (ZEBRAS, 1)
    assert client.search("zebras", published_from="2026-02-04") == []
    with pytest.raises(ClientError, match=r"422 .*: no outlet Heralds; did you mean Herald\?"):
        client.ask(asked, sources=["Heralds"])


def test_what_a_filter_leaves_out_is_told(client: Citewire) -> None:
    client.put([zebra(), zebra(id="u", published_at=None), zebra(id="v", published_at=None, source=None)])
    reply = client.ask("How many zebras slept?", published_to="2026-02-03")
    assert (reply.passing, reply.undated_left_out) == (1, 2)
    (reply,) = client.ask_many(["How many zebras slept?"], as_of="2026-02-03", sources=["HERALD"])
    assert (reply.passing, reply.undated_left_out) == (1, 1)
    assert client.ask("How many zebras slept?", undated="only").passing == 2
    hits = client.search("zebras", published_from="2026-02-03")
    assert ([hit.article_id for hit in hits], hits.passing, hits.undated_left_out) == (["z/1 ü"], 1, 2)
    everything = client.search("zebras", published_from="2026-02-03", undated="include")
    assert (len(everything), everything.passing, everything.undated_left_out) == (3, 3, 0)
    assert client.search("zebras").passing is None


def test_more_than_a_request_takes(client: Citewire) -> None:
    articles = [zebra(id=f"z{number:03d}", text=f"Zebra {number} ran. {ZEBRAS}") for number in range(AT_ONCE + 1)]
    assert [one.id for one in client.put(articles)] == [one["id"] for one in articles]
    assert [one.id for one in client.articles()] == [one["id"] for one in articles]
    questions = [f"Which zebra ran after {number}?" for number in range(AT_ONCE + 1)]
    assert [one.question for one in client.ask_many(questions, k=1)] == questions
    (narrowed,) = client.ask_many(questions[:1], published_to="2026-02-02")
    assert narrowed.reason == "nothing_matches_filter"
    assert client.archive().articles == AT_ONCE + 1


def test_an_article_comes_and_goes(client: Citewire) -> None:
    client.put([zebra()])
    first = client.article("z/1 ü")
    assert first.text == ZEBRAS
    client.put([zebra(text="Fifty zebras crossed.")])
    assert client.article("z/1 ü").text == "Fifty zebras crossed."
    assert client.article("z/1 ü", sha256=first.sha256).text == ZEBRAS
    client.delete("z/1 ü")
    with pytest.raises(ClientError) as gone:
        client.article("z/1 ü")
    assert (gone.value.status, gone.value.title, gone.value.detail) == (
        404,
        "Not Found",
        "no article has this id; it may have been deleted",
    )
    assert str(gone.value) == "404 Not Found: no article has this id; it may have been deleted"
    client.delete("z/1 ü", erase=True)
    assert [*client.articles()] == []


def test_a_file_is_a_job(client: Citewire, tmp_path: Path) -> None:
    file = tmp_path / 'a "quoted" name.jsonl'
    file.write_text('{"title": "One", "text": "A ferry sank on Monday."}\n{"title": "Two"}\n')
    job = client.upload(file)
    assert job.name == file.name
    done = client.wait(job, timeout=30)
    assert (done.job.state, done.job.added, done.job.rejected) == ("done", 1, 1)
    assert [one.number for one in done.rejections] == [2]
    with pytest.raises(ClientError, match="No file"):
        client.upload(tmp_path / "none")


def test_what_an_uploaded_file_lacks(client: Citewire, tmp_path: Path) -> None:
    file = tmp_path / "zebras.txt"
    file.write_text(ZEBRAS)
    job = client.upload(file, source="Hérald", published=date(2026, 2, 3), title="Zebras", language="en-GB")
    assert client.wait(job, timeout=30).job.added == 1
    found = client.article("zebras.txt")
    assert (found.source, found.published_at, found.title, found.language) == ("Hérald", "2026-02-03", "Zebras", "en")
    with pytest.raises(ClientError, match=r"422 .*: published 'soon' is not a date"):
        client.upload(file, published="soon")


def test_keys(engine: Engine) -> None:
    with listening(create_app(engine, Guard.of(Settings(read_key=KEY, write_key=WRITE_KEY)))) as port:
        address = f"http://127.0.0.1:{port}"
        with Citewire(address) as stranger, pytest.raises(ClientError, match="a key is needed") as refused:
            stranger.archive()
        assert refused.value.status == 401
        with Citewire(address, key=KEY) as reading:
            assert reading.archive().articles == 0
            with pytest.raises(ClientError, match="403 Forbidden: this is a read key"):
                reading.put([zebra()])
        with Citewire(address, key=WRITE_KEY) as writing:
            assert [one.outcome for one in writing.put([zebra()])] == ["added"]


def test_mistakes_are_the_servers_words(client: Citewire) -> None:
    with pytest.raises(ClientError, match=r"422 .*: the question has no words"):
        client.ask("?")
    with pytest.raises(ClientError, match=r"422 .*/k "):
        client.ask("Who?", k=0)
    for address in ("127.0.0.1:8080", "http://", "http://[::1", "http://localhost:many"):
        with pytest.raises(ClientError, match="Not an address"):
            Citewire(address)


def test_nobody_answers() -> None:
    with Citewire(f"http://127.0.0.1:{free_port()}") as client, pytest.raises(ClientError, match="No answer") as error:
        client.archive()
    assert error.value.status is None


def test_a_server_that_was_started_anew_is_asked_again(engine: Engine) -> None:
    with listening(create_app(engine)) as port:
        client = Citewire(f"http://127.0.0.1:{port}")
        assert client.archive().articles == 0
        assert client._connection is not None
        kept = client._connection.sock
        assert client.archive().articles == 0
        assert client._connection.sock is kept
        kept.shutdown(2)
        assert client.archive().articles == 0
        client.close()


class _Busy(BaseHTTPRequestHandler):
    """What no service does on demand: busy twice, and then for an hour."""

    answers: list[tuple[int, str, bytes]]

    def do_GET(self) -> None:
        status, after, body = self.answers.pop(0)
        self.send_response(status)
        if after:
            self.send_header("Retry-After", after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_a_busy_server_is_asked_again_when_it_says(engine: Engine) -> None:
    with listening(create_app(engine)) as port, Citewire(f"http://127.0.0.1:{port}") as client:
        fine = client.archive().model_dump_json().encode()
    problem = b'{"title": "Service Unavailable", "status": 503, "detail": "busy"}'
    _Busy.answers = [(503, "1", problem), (429, "0", problem), (200, "", fine)]
    with ThreadingHTTPServer(("127.0.0.1", 0), _Busy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            client = Citewire(f"http://127.0.0.1:{server.server_port}", timeout=20)
            start = time.monotonic()
            assert client.archive().articles == 0
            assert time.monotonic() - start >= 1
            for status, after, body, detail in (
                (503, "3600", problem, "busy"),  # longer than there is time
                (503, "", problem, "busy"),  # it does not say when
                (502, "", b"<html>", "this is not a Citewire server"),
            ):
                _Busy.answers = [(status, after, body)]
                with pytest.raises(ClientError) as error:
                    client.archive()
                assert (error.value.status, error.value.detail) == (status, detail)
            _Busy.answers = [(200, "", b"{}")]
            with pytest.raises(ClientError, match="Not understood"):
                client.archive()
        finally:
            server.shutdown()
            thread.join()
