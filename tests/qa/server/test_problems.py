import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.errors import StoreError
from index.archive import Archive
from index.errors import ModelError
from qa.engine import Engine
from qa.reader.sentences import SentenceReader
from qa.schemas.validation import describe_errors
from qa.server.admission import MAX_ASKED, MAX_BODY
from qa.server.app import create_app
from tests.fakes import BagEmbedder

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One empty archive for all: nothing here writes to it."""
    embedder = BagEmbedder()
    directory, settings = tmp_path_factory.mktemp("archive"), {"model": embedder.name}
    with Archive.open(directory, settings=settings, dimensions=embedder.dimensions, create=True) as archive:
        yield TestClient(create_app(Engine(archive, embedder, SentenceReader(embedder))), raise_server_exceptions=False)


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    return body


def test_an_unknown_address_is_404(client: TestClient) -> None:
    for path in ("/nothing", "/v1/ask/", "/v1/articles/", "/v1"):
        body = problem(client.get(path), 404)
        assert body["title"] == "Not Found"
        assert "errors" not in body


def test_a_wrong_method_is_405_and_says_which_are_right(client: TestClient) -> None:
    answer = client.put("/v1/search", json={})
    assert problem(answer, 405)["detail"].startswith("PUT is not allowed here")
    assert answer.headers["allow"] == "POST"
    assert client.options("/v1/articles").headers["allow"] == "GET, POST"
    assert client.options("/v1/articles/x").headers["allow"] == "DELETE, GET"
    assert client.put("/docs").headers["allow"] == "GET"


@pytest.mark.parametrize("body", ["", "{", '{"question": }', '{"question": "x"} y', "\x00", "'x'"])
def test_broken_json_is_400(client: TestClient, body: str) -> None:
    answer = client.post("/v1/ask", content=body, headers=JSON)
    problem(answer, 400 if body else 422)


def test_the_place_in_broken_json_is_told(client: TestClient) -> None:
    body = problem(client.post("/v1/ask", content='{"question": }', headers=JSON), 400)
    assert body["detail"] == "the body is not valid JSON: Expecting value at character 13"


@pytest.mark.parametrize(
    "nested", ["[" * 100_000, '{"a":' * 100_000, '{"question": ' + "[" * 50_000 + "]" * 50_000 + "}"]
)
def test_deep_nesting_is_refused(client: TestClient, nested: str) -> None:
    answer = client.post("/v1/ask", content=nested, headers=JSON)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 1_000


def test_bytes_that_are_no_utf8_are_400(client: TestClient) -> None:
    problem(client.post("/v1/ask", content=b'{"question": "\xff\xfe"}', headers=JSON), 400)


def test_another_content_type_is_415(client: TestClient) -> None:
    answer = client.post("/v1/ask", content='{"question": "x"}', headers={"content-type": "text/plain"})
    assert problem(answer, 415)["detail"] == "send the body as JSON, with the header Content-Type: application/json"


def test_no_body_at_all_is_422(client: TestClient) -> None:
    assert problem(client.post("/v1/ask"), 422)["detail"] == "the request has no body; send one as JSON"


def test_a_long_input_is_not_said_back(client: TestClient) -> None:
    for body in ({"question": ["x" * 1_000_000]}, {"question": "x", "y" * 1_000_000: 1}, ["x" * 1_000_000]):
        answer = client.post("/v1/ask", json=body)
        problem(answer, 422)
        assert len(answer.content) < 1_000


def test_many_errors_are_cut_and_counted(client: TestClient) -> None:
    body = problem(client.post("/v1/ask", json={"question": "x", **{f"f{n}": n for n in range(50)}}), 422)
    assert len(body["errors"]) == 20
    assert body["detail"].endswith("; and 47 more")


def test_what_has_a_million_things_wrong_is_not_looked_at_one_by_one(client: TestClient) -> None:
    for body in (
        {"question": "x", **dict.fromkeys(map(str, range(200_000)))},
        {"question": "x", "filters": {"article_ids": [1] * 500_000}},
        {"question": "x", "filters": dict.fromkeys(map(str, range(200_000)))},
    ):
        said = problem(client.post("/v1/ask", json=body), 422)
        assert len(said["errors"]) == 1


def test_a_body_over_the_limit_is_413(client: TestClient) -> None:
    answer = client.post("/v1/articles", content=b" " * (MAX_BODY + 1), headers=JSON)
    assert "33,554,432 bytes" in problem(answer, 413)["detail"]
    answer = client.post("/v1/ask", content=b" " * (MAX_ASKED + 1), headers=JSON)
    assert "4,194,304 bytes" in problem(answer, 413)["detail"]
    announced = client.post("/v1/articles", content=b"{}", headers={**JSON, "content-length": str(MAX_BODY + 1)})
    problem(announced, 413)
    fits = json.dumps({"question": "chips?"}).ljust(MAX_ASKED)
    assert client.post("/v1/ask", content=fits, headers=JSON).status_code == 200


def test_a_body_without_length_is_counted(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(33):
            yield b" " * 2**20

    problem(client.post("/v1/ask", content=chunks(), headers=JSON), 413)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StoreError("/secret/archive.sqlite3 can't be written"), 503),
        (ModelError("/secret/model is gone"), 503),
        (sqlite3.OperationalError("disk I/O error in /secret"), 503),
        (RuntimeError("/secret"), 500),
        (KeyError("/secret"), 500),
    ],
)
def test_inner_errors_say_nothing_of_the_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("qa.answering.cache.ask", fail)
    answer = client.post("/v1/ask", json={"question": f"{type(error).__name__}?"})
    assert "server's log" in problem(answer, status)["detail"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_an_explanation_in_one_line_names_places_and_counts_the_rest() -> None:
    errors: list[dict[str, Any]] = [
        {"type": "missing", "loc": ("title",), "msg": "Field required"},
        {"type": "int_type", "loc": ("a/b", 0), "msg": "Input should be a valid integer"},
        {"type": "model_type", "loc": (), "msg": "Input should be ..."},
        {"type": "missing", "loc": ("text",), "msg": "Field required"},
    ]
    expected = "/title is missing; /a~1b/0 input should be a valid integer; must be a JSON object; and 1 more"
    assert describe_errors(errors) == expected
