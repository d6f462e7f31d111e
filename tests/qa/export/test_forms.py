import hashlib
import json
import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from corpus.formats import Read
from corpus.types import Article
from qa.answering.pipeline import ask
from qa.answering.types import Question
from qa.cli import app
from qa.engine import Engine
from qa.export.csl_json import sources
from qa.export.web_annotations import annotations
from qa.ingestion.pipeline import ingest
from qa.schemas.answers import AskResponse, ask_response
from qa.server.app import create_app
from qa.server.routes.negotiation import negotiate

TEXT = "🦓 Forty zebras crossed the river at dawn. Nobody was hurt.\n\nThe bridge had been closed."
ASKED = "How many zebras crossed the river?"
LD, CSL = "application/ld+json", "application/vnd.citationstyles.csl+json"


@pytest.fixture
def reply(engine: Engine) -> AskResponse:
    authors = ("Doe, Jane", "Associated Press", "Doe, Jane, Jr.", "Li Wei")
    articles = (
        Article("z 1", "Zebras", TEXT, "Herald", "https://herald.example/z", "2026-02-03T01:30:00+08:00", authors),
        Article("y", "Zebras again", "Forty zebras crossed the river, a farmer said."),
    )
    assert [one.outcome for one in ingest(engine, [Read(one, one.id, ()) for one in articles])] == [
        "added",
        "added",
    ]
    return ask_response(ask(engine, Question(ASKED, min_confidence=0)))


def check_collection(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What sections 3 to 5 of the annotation model ask of every annotation and collection."""
    assert told["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert told["type"] == "AnnotationCollection"
    page = told["first"]
    assert page["type"] == "AnnotationPage"
    items: list[dict[str, Any]] = page["items"]
    assert told["total"] == len(items)
    names = [told["id"], page["id"], *(one["id"] for one in items)]
    assert len(set(names)) == len(names)
    assert all(urlsplit(name).scheme for name in names)
    for one in items:
        assert one["type"] == "Annotation"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one["created"])
        assert one["motivation"] == "describing"
        for body in one["body"]:
            assert set(body) == {"type", "value", "format", "purpose"}
            assert body["type"] == "TextualBody"
        target = one["target"]
        assert target["type"] == "SpecificResource"
        assert urlsplit(target["source"]).scheme
        for selector in target["selector"]:
            match selector["type"]:
                case "TextQuoteSelector":
                    assert set(selector) == {"type", "exact", "prefix", "suffix"}
                case "TextPositionSelector":
                    assert 0 <= selector["start"] < selector["end"]
                case other:
                    raise AssertionError(other)
    return items


def test_an_annotation_a_citation(reply: AskResponse) -> None:
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    told = annotations(reply, now)
    items = check_collection(json.loads(json.dumps(told)))
    cited = [(answer, one) for answer in reply.answers for one in answer.citations]
    assert len(items) == len(cited) >= 2
    for item, (answer, one) in zip(items, cited, strict=True):
        assert [body["value"] for body in item["body"]] == [ASKED, answer.text]
        assert item["created"] == "2026-03-01T12:00:00Z"
        quoted, placed = item["target"]["selector"]
        assert (quoted["exact"], quoted["prefix"], quoted["suffix"]) == (one.quote, one.prefix, one.suffix)
        assert (placed["start"], placed["end"]) == (one.start, one.end)
    by_source = {item["target"]["source"]: item["target"] for item in items}
    assert set(by_source) == {"https://herald.example/z", "urn:x-citewire:article:y"}
    target = by_source["https://herald.example/z"]
    quoted, placed = target["selector"]
    assert TEXT[placed["start"] : placed["end"]] == quoted["exact"]
    assert TEXT[placed["end"] :].startswith(quoted["suffix"])
    named, _, digest = target["state"]["id"].partition(";")
    assert named == "ni:///sha-256"
    assert urlsafe_b64decode(digest + "=") == hashlib.sha256(TEXT.encode()).digest()


def test_names_stay_and_differ(reply: AskResponse) -> None:
    first, later = (annotations(reply, datetime(year, 1, 1, tzinfo=UTC)) for year in (2026, 2027))
    assert first["id"] == later["id"]
    assert [one["id"] for one in first["first"]["items"]] == [one["id"] for one in later["first"]["items"]]
    other = annotations(reply.model_copy(update={"question": "Another?"}))
    assert not {one["id"] for one in first["first"]["items"]} & {one["id"] for one in other["first"]["items"]}


def test_an_item_an_article(reply: AskResponse) -> None:
    items = {one["id"]: one for one in sources(reply)}
    assert items["z 1"] == {
        "id": "z 1",
        "type": "article-newspaper",
        "title": "Zebras",
        "container-title": "Herald",
        "author": [
            {"family": "Doe", "given": "Jane"},
            {"literal": "Associated Press"},
            {"literal": "Doe, Jane, Jr."},
            {"literal": "Li Wei"},
        ],
        "issued": {"date-parts": [[2026, 2, 3]]},
        "URL": "https://herald.example/z",
    }
    assert items["y"] == {"id": "y", "type": "article-newspaper", "title": "Zebras again"}
    assert len(items) == 2


def test_an_article_cited_twice_is_one_item_and_a_page_is_a_webpage(reply: AskResponse) -> None:
    answer = reply.answers[0]
    one = answer.citations[0].model_copy(update={"source": None, "url": "https://a.example", "authors": []})
    twice = reply.model_copy(update={"answers": [answer.model_copy(update={"citations": [one, one]})]})
    (item,) = sources(twice)
    assert item["type"] == "webpage"
    assert "author" not in item
    assert "container-title" not in item


def test_no_answer_is_empty_in_every_form(engine: Engine) -> None:
    nothing = ask_response(ask(engine, Question(ASKED)))
    assert check_collection(annotations(nothing)) == []
    assert sources(nothing) == []


def test_over_http_the_accept_header_says_which(engine: Engine, reply: AskResponse) -> None:
    client = TestClient(create_app(engine), base_url="http://localhost")
    for accept, kind in (
        (LD, f'{LD};profile="http://www.w3.org/ns/anno.jsonld"'),
        (f'text/html, {LD};profile="http://www.w3.org/ns/anno.jsonld", application/json', LD),
        (CSL, CSL),
        ("*/*", "application/json"),
        (f"application/json, {CSL}", "application/json"),
        (f"application/json;q=0.5, {CSL};q=0.9, {LD};q=0.8", CSL),
        (f"{LD};q=0, {CSL};q=0.000", "application/json"),
        (f"*/*, {CSL};q=0.1", "application/json"),
        (f"application/json;q=0.4, {CSL};q=many", CSL),
    ):
        headers = {"Accept": accept}
        posted = client.post("/v1/ask", json={"question": ASKED, "min_confidence": 0}, headers=headers)
        simple = client.get("/v1/ask", params={"q": ASKED, "min_confidence": 0}, headers=headers)
        for response in (posted, simple):
            assert response.status_code == 200
            assert response.headers["content-type"].startswith(kind)
    assert negotiate(reply, CSL).body == json.dumps(sources(reply), ensure_ascii=False).encode()
    refused = client.post("/v1/ask", json={"question": "?"}, headers={"Accept": LD})
    assert refused.headers["content-type"] == "application/problem+json"


def test_on_the_command_line(sample_engine: Engine) -> None:
    archive = str(sample_engine.archive.directory)
    asked = ["ask", "--archive", archive, "How many H200 chips were approved?", "--export"]
    run = CliRunner().invoke(app, [*asked, "annotations"])
    assert run.exit_code == 0
    items = check_collection(json.loads(run.stdout))
    assert items[0]["body"][1]["value"] == "more than 400,000"
    run = CliRunner().invoke(app, [*asked, "csl"])
    cited = json.loads(run.stdout)
    assert {item["type"] for item in cited} == {"article-newspaper"}
    assert len(cited) == len(items)
    run = CliRunner().invoke(app, [*asked, "csl", "--json"])
    assert run.exit_code == 2
