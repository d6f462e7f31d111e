"""Jobs: what was handed over is ingested in the background, counted, and gone on with whoever stops."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from corpus.unpacking import unpack
from qa.engine import Engine, open_engine
from qa.ingestion import jobs
from qa.server.app import create_app
from qa.settings import Settings
from tests.servers import free_port

UPLOADED = int(os.environ.get("CITEWIRE_TEST_UPLOAD", "300"))
"""Articles of the upload whose server is killed."""
KILLS = 1 if UPLOADED <= 300 else 3


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine)) as client:
        yield client


def lines(count: int, start: int = 0) -> bytes:
    records = (
        {"id": f"a{n}", "title": "", "text": f"The ferry number {n} sank off Port Alder."}
        for n in range(start, start + count)
    )
    return "\n".join(map(json.dumps, records)).encode()


def packed(**content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, data in content.items():
            file.writestr(name.replace("__", "/").replace("_", "."), data)
    return stream.getvalue()


def handed_over(client: TestClient | httpx2.Client, name: str, data: bytes) -> dict[str, Any]:
    response = client.post("/v1/jobs", files={"file": (name, data)})
    assert response.status_code == 202, response.text
    job: dict[str, Any] = response.json()
    assert response.headers["location"] == f"/v1/jobs/{job['id']}"
    return job


def shown(client: TestClient | httpx2.Client, job: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/jobs/{job['id']}").json()
    return found


def until(found: Callable[[], dict[str, Any]], good: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    for _ in range(2_400):
        if good(job := found()):
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def ended(client: TestClient | httpx2.Client, job: dict[str, Any]) -> dict[str, Any]:
    over = {"done", "cancelled", "failed"}
    return until(lambda: shown(client, job)["job"], lambda one: one["state"] in over)


def dated(**days: str | None) -> bytes:
    records = (
        {"id": name, "title": name, "text": f"The {name} is late.", "published_at": day} for name, day in days.items()
    )
    return "\n".join(map(json.dumps, records)).encode()


def test_a_job_names_its_articles_and_counts_those_without_a_date(client: TestClient) -> None:
    first = ended(client, handed_over(client, "one.jsonl", dated(ferry="2026-01-28", tram=None, bus="soon", ship=None)))
    second = ended(client, handed_over(client, "two.jsonl", dated(tram="2026-01-29", boat=None)))
    nothing = ended(client, handed_over(client, "none.jsonl", b'{"title": "No text"}'))
    assert [job["undated"] for job in (first, second, nothing)] == [3, 1, 0]

    def named(job: dict[str, Any], more: str = "") -> Any:
        return client.get(f"/v1/articles?job={job['id']}{more}").json()

    # An article stands with the job that it came with last.
    assert [one["id"] for one in named(first)["articles"]] == ["bus", "ferry", "ship"]
    assert [(one["id"], one["title"]) for one in named(second)["articles"]] == [("boat", "boat"), ("tram", "tram")]
    assert named(nothing) == {"articles": [], "next_cursor": None}
    page = named(first, "&limit=2")
    assert [one["id"] for one in page["articles"]] == ["bus", "ferry"]
    rest = named(first, f"&limit=2&cursor={page['next_cursor']}")
    assert ([one["id"] for one in rest["articles"]], rest["next_cursor"]) == (["ship"], None)
    assert client.get("/v1/articles?job=nowhere").json()["detail"] == "no job has this id; it may have been removed"


def test_a_file_becomes_articles_and_a_report(client: TestClient, engine: Engine) -> None:
    job = handed_over(client, "news.jsonl", lines(300) + b'\n{"title": "No text"}\n[1]\n' + lines(1))
    assert (job["state"], job["name"], job["records"], job["done"]) == ("queued", "news.jsonl", None, 0)
    found = ended(client, job)
    assert found["state"] == "done"
    assert [found[name] for name in ("records", "done", "added", "updated", "unchanged", "rejected")] == [
        303,
        303,
        300,
        0,
        1,
        2,
    ]
    assert [(one["number"], one["where"]) for one in shown(client, job)["rejections"]] == [
        (301, "news.jsonl:301"),
        (302, "news.jsonl:302"),
    ]
    assert client.get("/v1/archive").json()["articles"] == 300
    assert client.post("/v1/search", json={"query": "ferry 7"}).json()["hits"]
    assert client.get("/v1/jobs").json() == {"jobs": [found]}
    until(lambda: {"left": [*(engine.archive.directory / "jobs").iterdir()]}, lambda one: not one["left"])


def test_what_a_job_warns_of_is_summed_up(client: TestClient, engine: Engine) -> None:
    def csv(outlet: str, days: str, told: str = "The ferry sank.") -> bytes:
        rows = (f"{n},,{told} {n}!,{outlet},{day}\n" for n, day in enumerate(days.split("/"), 1))
        return ("id,title,text,source,date\n" + "".join(rows)).encode()

    job = handed_over(client, "a.csv", csv("Quay Post", "2026-03-01/2026-03-02//soon"))
    assert job["undated"] == 0
    assert (ended(client, job)["added"], shown(client, job)["job"]["undated"]) == (4, 2)
    (warning,) = shown(client, job)["warnings"]
    assert (warning["records"], warning["where"]) == (1, "a.csv:5")
    assert "soon" in warning["warning"]
    again = handed_over(
        client,
        "b.csv",
        csv(
            "Lorn Courier",
            "2026-03-01/2026-03-02/2026-03-03/2026-03-04",
            "A tram to the old harbour runs again after eight days without one.",
        ),
    )
    assert (ended(client, again)["updated"], ended(client, again)["undated"]) == (4, 0)
    told = "replaces an article of outlet Quay Post under the same id"
    assert shown(client, again)["warnings"] == [{"warning": told, "records": 4, "where": "b.csv:2"}]
    assert [one["undated"] for one in client.get("/v1/jobs").json()["jobs"]] == [0, 2]
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204
    with engine.archive.store.read() as view:
        assert view.jobs.warnings(job["id"]) == []
        assert len(view.jobs.warnings(again["id"])) == 1


def test_undated_articles_of_one_job_are_one_warning(client: TestClient) -> None:
    page = b"<html><title>Dam</title><body><article><p>%s</p></article></body></html>"
    words = "The dam at Orrin number {} holds, said its keeper, who has looked after it for forty years and more."
    files = {f"p{n}_html": page % words.format(n).encode() for n in range(3)}
    job = handed_over(client, "pages.zip", packed(**files, more_jsonl=lines(36)))
    found = ended(client, job)
    assert (found["added"], found["undated"], shown(client, job)["warnings"]) == (39, 39, [])


def test_too_many_different_warnings_are_counted_together(client: TestClient) -> None:
    records = [{"id": f"a{n}", "text": f"Ferry {n} sank.", "published_at": f"someday {n}"} for n in range(130)]
    job = handed_over(client, "a.jsonl", "\n".join(map(json.dumps, records)).encode())
    assert ended(client, job)["undated"] == 130
    first, *rest = shown(client, job)["warnings"]
    assert (first["warning"], first["records"], len(rest)) == ("further warnings", 30, 100)


def test_a_report_comes_in_pages(client: TestClient) -> None:
    job = handed_over(client, "bad.jsonl", b"[]\n" * 25)
    ended(client, job)
    numbers: list[int] = []
    after: int | None = 0
    while after is not None:
        page = client.get(f"/v1/jobs/{job['id']}?after={after}&limit=10").json()
        numbers += [one["number"] for one in page["rejections"]]
        after = page["next_after"]
    assert numbers == [*range(1, 26)]


def test_packed_files_are_read_and_what_is_left_out_is_told(client: TestClient) -> None:
    data = packed(a_txt=b"The ferry Ada sank.", deep__b_jsonl=lines(3), c_exe=b"?", d_zip=b"?")
    found = ended(client, job := handed_over(client, "many.zip", data))
    assert (found["state"], found["added"], found["rejected"], found["records"]) == ("done", 4, 2, 6)
    assert {one["where"] for one in shown(client, job)["rejections"]} == {"c.exe", "d.zip"}
    assert client.get("/v1/articles/a.txt").json()["text"] == "The ferry Ada sank."


def test_a_damaged_file_fails_with_the_reason(client: TestClient) -> None:
    found = ended(client, handed_over(client, "x.zip", b"PK\x03\x04 and no more"))
    assert found["state"] == "failed"
    assert "damaged" in found["problem"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.exe", "not a readable kind of file"),
        ("", "not a readable kind of file"),
        ("../../etc/passwd", "not a readable kind of file"),
        ("a\x00.pdfx", "not a readable kind of file"),
    ],
)
def test_what_can_not_be_read_is_refused_at_once(client: TestClient, engine: Engine, name: str, said: str) -> None:
    response = client.post("/v1/jobs", files={"file": (name or "?", b"x")})
    assert response.status_code == 415
    assert said in response.json()["detail"]
    assert client.get("/v1/jobs").json() == {"jobs": []}
    assert not [*(engine.archive.directory / "jobs").iterdir()]


@pytest.mark.parametrize(
    "name", ["../../up.jsonl", "/etc/up.jsonl", "..\\up.jsonl", ".up.jsonl", "u\u202ep.jsonl", "up.jsonl"]
)
def test_a_name_is_only_a_name(client: TestClient, name: str) -> None:
    assert handed_over(client, name, lines(1))["name"] == "up.jsonl"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"content": b"x", "headers": {"content-type": "text/plain"}}, "multipart"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, "multipart"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=b"}}, "form"),
        ({"content": b"--b\r\n\r\nx\r\n--b--", "headers": {"content-type": "multipart/form-data; boundary=b"}}, "form"),
        ({"files": {"other": ("a.txt", b"x")}}, "a field named 'file'"),
        ({"data": {"file": "x"}, "files": {"a": ("a.txt", b"x"), "b": ("b.txt", b"x")}}, "several"),
        ({"files": {"file": ("a.txt", b"")}}, "empty"),
    ],
)
def test_what_is_no_upload_is_refused(client: TestClient, engine: Engine, how: dict[str, Any], said: str) -> None:
    response = client.post("/v1/jobs", **how)
    assert response.status_code == 422, response.text
    assert said in response.json()["detail"]
    assert not [*(engine.archive.directory / "jobs").iterdir()]


class Held:
    """An embedder's work, held up until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
        self.let_go = threading.Event()
        embed = engine.embedder.embed
        kind = type(engine.embedder)

        def held(_: object, *arguments: Any, **named: Any) -> Any:
            assert self.let_go.wait(20)
            return embed(*arguments, **named)

        monkeypatch.setattr(kind, "embed", held)


def test_a_job_can_be_cancelled_and_then_forgotten(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch, engine)
    job, next_one = handed_over(client, "a.jsonl", lines(5)), handed_over(client, "b.jsonl", lines(2, 100))
    until(lambda: shown(client, job)["job"], lambda one: one["state"] == "running")
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204
    held.let_go.set()
    assert ended(client, next_one)["added"] == 2
    assert ended(client, job)["state"] == "cancelled"
    assert client.get("/v1/archive").json()["articles"] == 2
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204
    assert client.get(f"/v1/jobs/{job['id']}").status_code == 404
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 404


def test_events_tell_how_far_a_job_has_come(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.server.routes.jobs.LOOK", 0.01)
    job = handed_over(client, "a.jsonl", lines(900))
    with client.stream("GET", f"/v1/jobs/{job['id']}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        told = [json.loads(line.removeprefix("data: ")) for line in response.iter_lines() if line.startswith("data: ")]
    assert told[-1] == ended(client, job)
    done = [one["done"] for one in told]
    assert done == sorted(done)
    assert client.get("/v1/jobs/none/events").status_code == 404


def test_what_went_wrong_on_the_way_is_tried_again(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from corpus.errors import StoreError

    monkeypatch.setattr(jobs, "AFTER_FAILURE", 0.05)
    put, left = engine.archive.put, [1, 2]

    def full(*arguments: Any, **named: Any) -> Any:
        if left:
            left.pop()
            raise StoreError("the disk is full")
        return put(*arguments, **named)

    monkeypatch.setattr(engine.archive, "put", full)
    found = ended(client, handed_over(client, "a.jsonl", lines(300)))
    assert (found["state"], found["added"], found["done"]) == ("done", 300, 300)


def test_a_disk_without_room_to_unpack_on_loses_no_upload(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AFTER_FAILURE", 0.05)
    left = [1, 2]

    def full(*arguments: Any) -> Any:
        if left:
            left.pop()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return unpack(*arguments)

    monkeypatch.setattr("qa.ingestion.jobs.unpack", full)
    found = ended(client, handed_over(client, "many.zip", packed(a_txt=b"The ferry Ada sank.")))
    assert (found["state"], found["added"], left) == ("done", 1, [])


SERVE = [sys.executable, "-m", "qa.cli", "serve"]


def serving(archive: Path, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([*SERVE, "--archive", str(archive), "--port", str(port)], stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200:
                return process
        except httpx2.TransportError:
            assert process.poll() is None
            time.sleep(0.1)
    raise AssertionError("the server does not come")


def test_a_job_goes_on_after_the_server_was_killed_and_counts_each_record_once(tmp_path: Path) -> None:
    port, count, seen = free_port(), UPLOADED, [0]

    def reached(part: int) -> Callable[[dict[str, Any]], bool]:
        def looked(one: dict[str, Any]) -> bool:
            seen.append(one["done"])
            return bool(one["done"] >= part * count // (KILLS + 1))

        return looked

    process = serving(tmp_path / "archive", port)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            job = handed_over(client, "news.jsonl", lines(count) + b"\n[]")
            for killed in range(KILLS):
                until(lambda: shown(client, job)["job"], reached(killed + 1))
                process.send_signal(signal.SIGKILL)
                process.wait()
                process = serving(tmp_path / "archive", port)
            found = ended(client, job)
            seen.append(found["done"])
            assert seen == sorted(seen)
            assert len({*seen}) > 2 + KILLS  # it moved between
            assert found["state"] == "done"
            assert [found[name] for name in ("added", "updated", "unchanged", "rejected")] == [count, 0, 0, 1]
            assert client.get("/v1/archive").json()["articles"] == count
    finally:
        process.terminate()
        assert process.wait(20) in (0, -signal.SIGTERM)
    with open_engine(Settings(archive=tmp_path / "archive"), load=False) as engine:
        assert engine.archive.problems() == []


STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."


def test_what_a_file_lacks_is_given_beside_it(client: TestClient) -> None:
    fields = {"source": "Quill Post", "published": "2026-01-28", "title": "Bridge", "language": "de-AT"}
    response = client.post("/v1/jobs", files={"file": ("bridge.txt", STORY.encode())}, data=fields)
    assert ended(client, response.json())["added"] == 1
    shown = client.get("/v1/articles/bridge.txt").json()
    assert [shown[name] for name in ("source", "published_at", "title", "language")] == [
        *("Quill Post", "2026-01-28", "Bridge", "de")
    ]
    empty = client.post("/v1/jobs", files={"file": ("b.txt", STORY.encode())}, data={"source": "", "title": " "})
    assert ended(client, empty.json())["added"] == 1
    assert client.get("/v1/articles/b.txt").json()["source"] is None


def test_one_title_for_several_articles_fails_and_nothing_is_stored(client: TestClient) -> None:
    files = {"file": ("two.zip", packed(a_txt=STORY.encode(), b_txt=STORY.encode()))}
    found = ended(client, client.post("/v1/jobs", files=files, data={"title": "Bridge"}).json())
    assert (found["state"], found["done"]) == ("failed", 0)
    assert "several have none (a.txt and b.txt): nothing was added" in found["problem"]
    assert client.get("/v1/archive").json()["articles"] == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"published": "28/01/2026"}, "published '28/01/2026' is not a date"),
        ({"published": "2026-01-28T10:00"}, "with its zone"),
        ({"language": "german"}, "language 'german' is not an ISO 639-1 code"),
        ({"source": "x" * 1_001}, "source has 1,001 characters"),
        ({"langauge": "de"}, "'langauge' is none of file, source, published, title, language"),
        ({"source": ["A", "B"]}, "'source' comes twice"),
    ],
)
def test_what_can_not_be_given_is_refused(client: TestClient, fields: dict[str, Any], said: str) -> None:
    response = client.post("/v1/jobs", files={"file": ("bridge.txt", STORY.encode())}, data=fields)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert said in response.json()["detail"]
    assert client.get("/v1/jobs").json() == {"jobs": []}


def test_where_an_archive_lies_dates_no_upload(client: TestClient) -> None:
    ended(client, handed_over(client, "one.zip", packed(**{"2019__08__26__a_txt": STORY.encode()})))
    assert client.get("/v1/articles/2019%2F08%2F26%2Fa.txt").json()["published_at"] == "2019-08-26"
    ended(client, handed_over(client, "b.txt", STORY.encode()))
    assert client.get("/v1/articles/b.txt").json()["published_at"] is None
