from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from qa.engine import Engine
from qa.server.app import create_app

TEXT = "Beijing approved more than 400,000 chips on Wednesday. The buyers were not named."


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine), raise_server_exceptions=False) as client:
        client.post("/v1/articles", json={"articles": [{"id": "a", "title": "Chips", "text": TEXT}]})
        yield client


def measured(client: TestClient) -> dict[str, float]:
    """Every sample by its name with its labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_methods_that_nobody_knows_are_counted_as_one(client: TestClient) -> None:
    for number in range(5):
        client.request(f"INVENTED{number}", "/v1/ask")
    found = measured(client)
    assert sum(value for name, value in found.items() if name.startswith("citewire_requests_total other ")) == 5
    assert not [name for name in found if "INVENTED" in name]


def test_requests_are_counted_by_route_and_status(client: TestClient) -> None:
    client.get("/v1/articles/a")
    client.get("/v1/articles/nobody")
    client.get("/no/such/place")
    client.get("/nor/this")
    client.post("/v1/ask", json={})
    found = measured(client)
    assert found["citewire_requests_total POST /v1/articles 200"] == 1
    assert found["citewire_requests_total GET /v1/articles/{article_id:article_id} 200"] == 1
    assert found["citewire_requests_total GET /v1/articles/{article_id:article_id} 404"] == 1
    assert found["citewire_requests_total GET other 404"] == 2
    assert found["citewire_requests_total POST /v1/ask 422"] == 1
    assert found["citewire_request_seconds_count other"] == 2


def test_answers_are_counted_with_their_stages_and_their_reasons(client: TestClient) -> None:
    question = {"question": "How many chips did Beijing approve?", "min_confidence": 0}
    for _ in range(2):
        assert client.post("/v1/ask", json=question).json()["status"] == "answered"
    client.post("/v1/ask", json={**question, "min_confidence": 1})
    client.post("/v1/ask", json={"question": " "})
    found = measured(client)
    assert found["citewire_answers_total  answered"] == 2
    assert found["citewire_answers_total low_confidence not_found"] == 1
    assert found["citewire_remembered_total"] == 1
    assert found["citewire_stage_seconds_count read"] == 2
    assert 0 < found["citewire_stage_seconds_sum read"] <= found["citewire_stage_seconds_sum total"]


def test_the_archive_is_told_as_it_stands(client: TestClient, engine: Engine) -> None:
    assert measured(client)["citewire_articles"] == 1
    engine.archive.delete("a")
    found = measured(client)
    assert [found[f"citewire_{name}"] for name in ("articles", "chunks", "index_recall")] == [0, 0, 1]
    assert found["citewire_generation"] == 2


def test_no_question_is_told(client: TestClient) -> None:
    client.get("/v1/ask", params={"q": "Who is the secret source?"})
    assert "secret" not in client.get("/metrics").text
