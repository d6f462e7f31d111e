"""Filters over HTTP: what they leave out is said, and what can't be meant is a problem."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.engine import Engine
from qa.server.app import create_app

QUESTION = "How many berths has the harbour?"
NFD = unicodedata.normalize("NFD", "Zürcher Bote")


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    """A server of six articles, three without a date."""
    articles = [
        {"id": "a", "text": "The harbour has forty berths.", "source": "Zürcher Bote", "published_at": "2026-03-01"},
        {"id": "b", "text": "The harbour has fifty berths.", "source": NFD, "published_at": "2026-03-02"},
        {"id": "c", "text": "The harbour has sixty berths.", "source": NFD},
        {"id": "d", "text": "The dam holds.", "source": "People’s Post"},
        {"id": "e", "text": "The dam leaks.", "source": "People's Post", "published_at": "2026-03-03"},
        {"id": "f", "text": "The tram is back."},
    ]
    with TestClient(create_app(engine), raise_server_exceptions=False) as client:
        put = client.post("/v1/articles", json={"articles": [{"title": "", **one} for one in articles]}).json()
        assert {one["outcome"] for one in put["outcomes"]} == {"added"}
        yield client


@pytest.mark.parametrize(
    ("filters", "ids", "left_out"),
    [
        ({}, "abcdef", 0),
        ({"published_from": "2026-03-02"}, "be", 3),
        ({"published_from": "2026-03-02", "undated": "include"}, "bcdef", 0),
        ({"published_to": "2026-03-02", "sources": ["ZÜRCHER BOTE"]}, "ab", 1),
        ({"published_to": "2026-03-02", "sources": ["people's post", "Zürcher bote"], "undated": "include"}, "abcd", 0),
        ({"undated": "only"}, "cdf", 0),
        ({"undated": "only", "sources": ["PEOPLE’S POST"]}, "d", 0),
        ({"undated": "exclude"}, "abe", 3),
        ({"undated": "exclude", "article_ids": ["a", "c", "f", "x"]}, "a", 2),
        ({"published_from": "2027-01-01", "article_ids": ["c"]}, "", 1),
    ],
)
def test_a_filter_says_what_passes_and_what_it_leaves_out(
    client: TestClient, filters: dict[str, Any], ids: str, left_out: int
) -> None:
    passing = len(ids) if filters else None
    found = client.post("/v1/search", json={"query": "harbour", "k": 100, "filters": filters}).json()
    assert {hit["article_id"] for hit in found["hits"]} == {*ids}
    assert (found["passing"], found["undated_left_out"]) == (passing, left_out)
    posted = client.post("/v1/ask", json={"question": QUESTION, "filters": filters}).json()
    assert (posted["passing"], posted["undated_left_out"]) == (passing, left_out)
    got = client.get("/v1/ask", params={"q": QUESTION, **filters}).json()
    assert (got["passing"], got["undated_left_out"]) == (passing, left_out)


def test_as_of_leaves_undated_articles_out_unless_they_are_wanted(client: TestClient) -> None:
    body = {"question": QUESTION, "as_of": "2026-03-02"}
    told = client.post("/v1/ask", json=body).json()
    assert (told["passing"], told["undated_left_out"]) == (2, 3)
    told = client.post("/v1/ask", json={**body, "filters": {"undated": "include"}}).json()
    assert (told["passing"], told["undated_left_out"]) == (5, 0)
    batch = {"questions": [body, {**body, "filters": {"sources": ["zürcher bote"]}}]}
    counts = [
        (one["passing"], one["undated_left_out"]) for one in client.post("/v1/ask/batch", json=batch).json()["replies"]
    ]
    assert counts == [(2, 3), (2, 1)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"filters": {"sources": ["Züricher Bote"]}}, "no outlet Züricher Bote; did you mean Zürcher Bote?"),
        ({"filters": {"sources": ["zürcher bote", "Dayly"]}}, "no outlet Dayly; did you mean "),
        ({"filters": {"sources": ["\u0000"]}}, "no outlet \u0000; did you mean "),
        (
            {"filters": {"published_from": "2026-03-02", "published_to": "2026-03-01"}},
            "from 2026-03-02 is after to 2026-",
        ),
        (
            {"filters": {"published_from": "2026-03-02"}, "as_of": "2026-03-01"},
            "from 2026-03-02 is after as of 2026-03",
        ),
    ],
)
def test_a_filter_that_nothing_can_pass_is_a_problem(client: TestClient, asked: dict[str, Any], said: str) -> None:
    as_of = {name: asked[name] for name in asked if name == "as_of"}
    answers = [
        client.post("/v1/ask", json={"question": QUESTION, **asked}),
        client.get("/v1/ask", params={"q": QUESTION, **asked["filters"], **as_of}),
        client.post("/v1/ask/batch", json={"questions": [{"question": QUESTION}, {"question": QUESTION, **asked}]}),
    ]
    if not as_of:
        answers.append(client.post("/v1/search", json={"query": QUESTION, **asked}))
    for number, answer in enumerate(answers):
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        told = unicodedata.normalize("NFC", answer.json()["detail"])
        assert told.startswith(f"/questions/1: {said}" if number == 2 else said)


def test_what_undated_may_be_is_said(client: TestClient) -> None:
    answer = client.post("/v1/search", json={"query": "dam", "filters": {"undated": "maybe"}})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["location"] == "/filters/undated"
    assert all(value in error["message"] for value in ("include", "exclude", "only"))
    assert client.get("/v1/ask", params={"q": "dam", "undated": ""}).status_code == 422


def test_an_empty_archive_is_said_to_be_empty_whatever_the_outlet(engine: Engine) -> None:
    with TestClient(create_app(engine), raise_server_exceptions=False) as client:
        told = client.post("/v1/ask", json={"question": QUESTION, "filters": {"sources": ["CNN"]}}).json()
        assert (told["status"], told["reason"], told["passing"]) == ("not_found", "empty_archive", 0)
        assert client.post("/v1/search", json={"query": "x", "filters": {"sources": ["CNN"]}}).json()["hits"] == []
