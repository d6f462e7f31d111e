import json
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient

from index.archive import Archive
from qa.engine import Engine
from qa.reader.sentences import SentenceReader
from qa.server import readiness
from qa.server.admission import MAX_BODY
from qa.server.app import create_app
from qa.server.process import _bind
from tests.fakes import BagEmbedder

TEXT = "Beijing approved more than 400,000 chips on Wednesday. The buyers were not named. Prices rose in Shenzhen."


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine for what changes nothing in it, and for what no other test looks at."""
    embedder = BagEmbedder()
    directory, settings = tmp_path_factory.mktemp("served"), {"model": embedder.name}
    with Archive.open(directory, settings=settings, dimensions=embedder.dimensions, create=True) as archive:
        yield Engine(archive, embedder, SentenceReader(embedder))


@pytest.fixture(scope="module")
def empty(served: Engine) -> TestClient:
    return TestClient(create_app(served), raise_server_exceptions=False)


def article(article_id: str = "a", **fields: Any) -> dict[str, Any]:
    return {"id": article_id, "title": "Chips approved", "text": TEXT, "source": "Ledger", **fields}


def put(client: TestClient, *articles: Any) -> list[dict[str, Any]]:
    answer = client.post("/v1/articles", json={"articles": list(articles)})
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["outcomes"]
    return outcomes


def at(article_id: str) -> str:
    return "/v1/articles/" + quote(article_id, safe="")


def test_an_answer_cites_words_that_stand_there(client: TestClient) -> None:
    put(client, article(published_at="2026-01-28"))
    body = {"question": "How many chips did Beijing approve?", "min_confidence": 0}
    reply = client.post("/v1/ask", json=body).json()
    assert reply["status"] == "answered"
    assert "read" not in reply
    answer = reply["answers"][0]
    assert answer["quantity"] == {"low": 400_000, "high": None, "unit": "chips", "wording": "more than"}
    citation = answer["citations"][0]
    assert TEXT[citation["start"] : citation["end"]] == citation["quote"]
    assert TEXT[citation["answer_start"] : citation["answer_end"]] == answer["text"]
    assert citation["published_at"] == answer["first_published"] == "2026-01-28"
    assert reply["archive"] == {"generation": 1, "articles": 1, "chunks": 1}
    explained = client.post("/v1/ask", json={**body, "explain": True}).json()
    read = explained["read"][0]
    assert TEXT[read["start"] : read["end"]] == read["text"]
    assert all(TEXT[span["start"] : span["end"]] == span["text"] for span in read["spans"])


def test_get_asks_the_same_as_post(client: TestClient) -> None:
    put(client, article("a", published_at="2026-01-28"), article("b", text="Chips approved in Delhi.", source="Post"))
    body = {"question": "Which chips were approved?", "filters": {"sources": ["Post", "Ledger"]}, "min_confidence": 0}
    posted = client.post("/v1/ask", json=body).json()
    query = "/v1/ask?q=Which chips were approved?&sources=Post&sources=Ledger&min_confidence=0".replace(" ", "%20")
    got = client.get(query).json()
    assert got["answers"] == posted["answers"]
    assert got["question"] == "Which chips were approved?"
    only = client.get("/v1/ask", params={"q": "chips approved?", "article_ids": ["b"], "min_confidence": "0"}).json()
    assert [one["citations"][0]["article_id"] for one in only["answers"]] == ["b"]
    early = client.get("/v1/ask", params={"q": "chips?", "as_of": "2026-01-27"}).json()
    assert (early["status"], early["reason"]) == ("not_found", "nothing_matches_filter")


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("q=chips&K=3", "?K"),
        ("k=3", "?q"),
        ("q=chips&k=0", "?k"),
        ("q=chips&k=101", "?k"),
        ("q=chips&k=many", "?k"),
        ("q=chips&as_of=20260128", "?as_of"),
        ("q=chips&published_from=2026-02-30", "?published_from"),
        ("q=chips&min_confidence=nan", "?min_confidence"),
        ("q=chips&min_confidence=1.01", "?min_confidence"),
    ],
)
def test_a_wrong_query_string_is_named(empty: TestClient, query: str, location: str) -> None:
    answer = empty.get(f"/v1/ask?{query}")
    assert answer.status_code == 422
    assert [one["location"] for one in answer.json()["errors"]] == [location]


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({}, "/question"),
        ({"question": 7}, "/question"),
        ({"question": None}, "/question"),
        ({"question": "chips?", "k": "5"}, "/k"),
        ({"question": "chips?", "k": True}, "/k"),
        ({"question": "chips?", "k": 101}, "/k"),
        ({"question": "chips?", "top_k": 3}, "/top_k"),
        ({"question": "chips?", "explain": "yes"}, "/explain"),
        ({"question": "chips?", "min_confidence": -0.1}, "/min_confidence"),
        ({"question": "chips?", "as_of": 20260128}, "/as_of"),
        ({"question": "chips?", "as_of": "2026-01-28T00:00:00Z"}, "/as_of"),
        ({"question": "chips?", "filters": {"sources": []}}, "/filters/sources"),
        ({"question": "chips?", "filters": {"sources": "Ledger"}}, "/filters/sources"),
        ({"question": "chips?", "filters": {"article_ids": ["a", 7]}}, "/filters/article_ids/1"),
        ({"question": "chips?", "filters": {"a/b~c": 1}}, "/filters/a~1b~0c"),
    ],
)
def test_a_wrong_body_is_named(empty: TestClient, body: Any, location: str) -> None:
    answer = empty.post("/v1/ask", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["location"] for one in answer.json()["errors"]] == [location]


def test_an_empty_filter_list_says_what_to_do(empty: TestClient) -> None:
    answer = empty.post("/v1/search", json={"query": "chips", "filters": {"article_ids": []}})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "/filters/article_ids is empty: leave it out to search everything"


@pytest.mark.parametrize("question", ["", "   ", "?!…", "w" * 10_000, "chips\0?"])
def test_what_is_no_question_is_refused(empty: TestClient, question: str) -> None:
    answer = empty.post("/v1/ask", json={"question": question})
    assert answer.status_code == 422
    assert len(answer.text) < 500
    assert empty.post("/v1/search", json={"query": question}).status_code == 422


@pytest.mark.parametrize("question", ["北京批准了多少芯片?", "Сколько чипов?", "كم عدد الرقائق؟", "🤖 chips"])
def test_other_scripts_are_asked_and_said_back(empty: TestClient, question: str) -> None:
    answer = empty.post("/v1/ask", json={"question": question})
    assert answer.status_code == 200
    assert answer.json()["question"] == question
    assert question.encode() in answer.content  # UTF-8, not escapes


@pytest.mark.parametrize("surrogate", [r"chips \ud800?", r"\udfff"])
def test_a_lone_surrogate_is_refused(empty: TestClient, surrogate: str) -> None:
    headers = {"content-type": "application/json"}
    answer = empty.post("/v1/ask", content=f'{{"question": "{surrogate}"}}', headers=headers)
    assert answer.status_code == 422
    place = len(surrogate.split("\\u")[0])
    message = f"holds a lone surrogate (at {place}): not valid Unicode"
    assert answer.json()["errors"] == [{"location": "/question", "message": message}]
    body = f'{{"question": "chips", "filters": {{"sources": ["{surrogate}"]}}}}'
    assert empty.post("/v1/ask", content=body, headers=headers).status_code == 422
    assert empty.post("/v1/ask", content=f'{{"{surrogate}": 1}}', headers=headers).status_code == 422


def test_search_gives_the_chunks_that_pass(client: TestClient) -> None:
    put(client, *(article(f"a{n}", source="Post" if n % 2 else "Ledger") for n in range(6)))
    hits = client.post("/v1/search", json={"query": "chips", "k": 3, "filters": {"sources": ["Post"]}}).json()["hits"]
    assert [(one["article_id"], one["rank"]) for one in hits] == [("a1", 1), ("a3", 2), ("a5", 3)]
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in hits)
    assert {one["lexical_rank"] for one in hits} == {1, 2, 3}
    reranked = client.post("/v1/search", json={"query": "chips", "rerank": True}).json()["hits"]
    assert [one["rank"] for one in reranked] == [1, 2, 3, 4, 5, 6]


def test_articles_are_added_updated_and_unchanged(client: TestClient) -> None:
    assert put(client, article()) == [{"id": "a", "outcome": "added", "reason": None, "warnings": []}]
    assert put(client, article())[0]["outcome"] == "unchanged"
    assert put(client, article(text="Another text."))[0]["outcome"] == "updated"
    assert client.get(at("a")).json()["text"] == "Another text."
    assert put(client) == []


def test_one_bad_article_fails_no_other(client: TestClient) -> None:
    bad: list[tuple[Any, str]] = [
        (7, "must be a JSON object"),
        ("text", "must be a JSON object"),
        (None, "must be a JSON object"),
        (article("b", text=7), "/text input should be a valid string"),
        (article("c", txet="x"), "/txet is not a field of this request"),
        (article("d", text=" "), "the text is empty"),
        (article("e", text="a\0b"), "the text holds a NUL character (at 1)"),
        (article("f", html="<p>x</p>"), "an article needs either text or html; this one has both"),
        ({"id": "g", "title": "x"}, "an article needs either text or html; this one has neither"),
        ({"id": "h", "text": "x"}, "/title is missing"),
        (article("", text="x"), "/id string should have at least 1 character"),
        (article("i" * 513), "/id string should have at most 512 characters"),
        (article("j", authors="Jo"), "/authors input should be a valid list"),
        (article("k", html="", text=None), "the page is empty"),
    ]
    outcomes = put(client, article("first"), *(value for value, _ in bad), article("last"))
    assert [outcomes[0]["outcome"], outcomes[-1]["outcome"]] == ["added", "added"]
    assert [one["reason"] for one in outcomes[1:-1]] == [reason for _, reason in bad]
    assert [one["id"] for one in outcomes[1:7]] == [None, None, None, "b", "c", "d"]
    assert client.get("/v1/archive").json()["articles"] == 2


def test_a_lone_surrogate_rejects_its_article_only(client: TestClient) -> None:
    body = r'{"articles": [{"id": "\ud800", "title": "x", "text": "x"}, {"id": "b", "title": "x", "text": "\udc00"},'
    body += r' {"id": "c", "title": "x", "text": "Fine \ud83d\ude00."}]}'
    answer = client.post("/v1/articles", content=body, headers={"content-type": "application/json"})
    outcomes = answer.json()["outcomes"]
    assert [(one["id"], one["outcome"]) for one in outcomes] == [(None, "rejected"), ("b", "rejected"), ("c", "added")]
    assert outcomes[1]["reason"] == "/text holds a lone surrogate (at 0): not valid Unicode"
    assert client.get(at("c")).json()["text"] == "Fine 😀."


@pytest.mark.parametrize(
    ("given", "stored", "warned"),
    [
        ("2026-01-28", "2026-01-28", False),
        ("2026-01-28T09:30:00+08:00", "2026-01-28T09:30:00+08:00", False),
        ("", None, True),
        ("soon", None, True),
        ("28/01/2026", None, True),
        ("0001-11-30", None, True),
        (20260128, None, True),
        (None, None, False),
    ],
)
def test_a_date_is_iso_or_left_out_with_a_warning(client: TestClient, given: Any, stored: Any, warned: bool) -> None:
    outcome = put(client, article(published_at=given))[0]
    assert outcome["outcome"] == "added"
    assert bool(outcome["warnings"]) == warned
    assert client.get(at("a")).json()["published_at"] == stored


def test_a_url_must_lead_to_the_web(client: TestClient) -> None:
    outcomes = put(client, article("a", url="javascript:alert(1)"), article("b", url="https://ledger.example/b"))
    assert "javascript:alert(1)" in outcomes[0]["warnings"][0]
    assert [client.get(at(one)).json()["url"] for one in "ab"] == [None, "https://ledger.example/b"]


def test_an_article_without_id_is_known_by_its_url_or_text(client: TestClient) -> None:
    with_url = {"title": "x", "text": "One text.", "url": "https://ledger.example/1"}
    bare = {"title": "x", "text": "Another text."}
    ids = [one["id"] for one in put(client, with_url, bare)]
    assert ids[0] == "https://ledger.example/1"
    assert len(ids[1]) == 16
    assert [one["outcome"] for one in put(client, bare, with_url)] == ["unchanged", "unchanged"]


def test_html_is_cleaned_and_text_is_verbatim(client: TestClient) -> None:
    page = f"<html><body><nav>Menu</nav><article><h1>Big news</h1><p>{TEXT}</p></article></body></html>"
    put(client, {"id": "h", "title": "Big news", "html": page}, article("v", text="  two  spaces\r\n"))
    assert "<" not in client.get(at("h")).json()["text"]
    assert TEXT in client.get(at("h")).json()["text"]
    assert client.get(at("v")).json()["text"] == "  two  spaces\r\n"


def test_an_id_that_comes_twice_keeps_its_first(client: TestClient) -> None:
    outcomes = put(client, article(), article(text="Another."), article())
    assert [one["outcome"] for one in outcomes] == ["added", "rejected", "unchanged"]
    assert outcomes[1]["id"] == "a"
    assert "the first was kept" in outcomes[1]["reason"]
    # The first stands in the archive already: it wins all the same.
    assert [one["outcome"] for one in put(client, article(), article(text="Another."))] == ["unchanged", "rejected"]
    assert client.get(at("a")).json()["text"] == TEXT


@pytest.mark.parametrize("envelope", [[], {}, {"articles": {}}, {"articles": [], "x": 1}, {"articles": [{}] * 101}])
def test_the_envelope_is_strict(empty: TestClient, envelope: Any) -> None:
    assert empty.post("/v1/articles", json=envelope).status_code == 422


def test_pages_meet_every_article_once(client: TestClient) -> None:
    ids = sorted(["a/b", "ä", "😀", "%", "z?", *(f"n{n}" for n in range(6))])
    put(client, *(article(one) for one in ids))
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(10):
        page = client.get("/v1/articles", params={"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        assert all("text" not in one and one["chunks"] == 1 for one in page["articles"])
        seen += [one["id"] for one in page["articles"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids
    assert client.get("/v1/articles", params={"limit": 11}).json()["next_cursor"] is None


@pytest.mark.parametrize("query", ["cursor=", "cursor=!!", "cursor=YQ", "cursor=%F0%9F", "limit=0", "limit=501", "x=1"])
def test_a_bad_page_is_refused(empty: TestClient, query: str) -> None:
    assert empty.get(f"/v1/articles?{query}").status_code == 422


# Served by the real server: the test client decodes a path twice.
@pytest.fixture(scope="module")
def address(served: Engine) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(served), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(
    "article_id",
    [
        "a/b/c",
        "/lead",
        "trail/",
        "a//b",
        "https://x.example/1?a=b&c=d#e",
        "%",
        "%2F",
        "a?b",
        "北京 😀",
        "a\nb",
        "a\n",
        "é",
    ],
)
def test_odd_ids_are_found_and_deleted(address: str, article_id: str) -> None:
    path = address + at(article_id)
    outcomes = httpx2.post(f"{address}/v1/articles", json={"articles": [article(article_id)]}).json()["outcomes"]
    assert outcomes == [{"id": article_id, "outcome": "added", "reason": None, "warnings": []}]
    found = httpx2.get(path)
    assert found.status_code == 200
    assert found.json()["id"] == article_id
    assert httpx2.delete(path).status_code == 204
    assert httpx2.get(path).status_code == 404
    assert httpx2.delete(path).status_code == 404


def test_a_body_without_length_is_bounded_while_it_is_read(address: str) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 4 * MAX_BODY:
            sent += 2**20
            yield b" " * 2**20

    try:
        status = httpx2.post(
            f"{address}/v1/ask", content=endless(), headers={"content-type": "application/json"}
        ).status_code
    except httpx2.WriteError:
        status = 413  # the server answered and closed before all was sent
    assert status == 413
    assert sent < 2 * MAX_BODY


def test_an_article_shows_its_chunks_and_origin(client: TestClient) -> None:
    put(client, article("late", published_at="2026-01-29"), article("early", published_at="2026-01-28"))
    shown = client.get(at("late")).json()
    assert shown["origin"] == "early"
    assert shown["chunks"][0]["start"] == 0
    assert shown["chunks"][-1]["end"] == len(TEXT)
    assert shown["sha256"] == client.get(at("early")).json()["sha256"]


def test_what_was_deleted_is_found_no_more(client: TestClient) -> None:
    put(client, article())
    answer = client.delete(at("a"))
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.post("/v1/search", json={"query": "chips"}).json()["hits"] == []
    assert client.post("/v1/ask", json={"question": "chips?"}).json()["reason"] == "empty_archive"


def test_a_citation_is_valid_then_changed_then_withdrawn(client: TestClient) -> None:
    put(client, article())
    asked = client.post("/v1/ask", json={"question": "chips approved?", "min_confidence": 0}).json()
    names = ("article_id", "start", "end", "quote", "article_sha256")
    citation = {name: asked["answers"][0]["citations"][0][name] for name in names}
    wrong = {**citation, "start": citation["start"] + 1, "end": citation["end"] + 1}

    def verdicts() -> list[str]:
        answer = client.post("/v1/verify", json={"citations": [citation, wrong, {**citation, "article_id": "\0"}]})
        return [one["verdict"] for one in answer.json()["results"]]

    assert verdicts() == ["valid", "mismatch", "mismatch"]
    put(client, article(text="Corrected. " + TEXT))
    assert verdicts() == ["changed", "mismatch", "mismatch"]
    client.delete(at("a"))
    assert verdicts() == ["withdrawn", "withdrawn", "mismatch"]


@pytest.mark.parametrize("change", [{"start": "0"}, {"start": 0.5}, {"prefix": "x"}, {"quote": None}])
def test_a_citation_to_verify_is_strict(empty: TestClient, change: dict[str, Any]) -> None:
    citation = {"article_id": "a", "start": 0, "end": 1, "quote": "B", "article_sha256": "0" * 64}
    assert empty.post("/v1/verify", json={"citations": [{**citation, **change}]}).status_code == 422


def test_the_archive_says_what_a_filter_can_name(client: TestClient) -> None:
    put(
        client,
        article("a", published_at="2026-01-28"),
        article("b", published_at="2026-01-02"),
        article("c", source=None),
        article("d", source="Post"),
    )
    assert client.get("/v1/archive").json() == {
        "generation": 1,
        "articles": 4,
        "chunks": 4,
        "model": "bag-of-words",
        "precision": "float32",
        "index": "exact-float16",
        "recall_at_10": None,
        "writer": False,
        "may_write": True,
        "first_published": "2026-01-02",
        "last_published": "2026-01-28",
        "sources": [{"source": "Ledger", "articles": 2}, {"source": "Post", "articles": 1}],
        "articles_without_source": 1,
        "articles_without_date": 2,
    }


def test_a_damaged_article_is_left_out_and_the_rest_answers(client: TestClient, engine: Engine) -> None:
    put(
        client,
        article("a"),
        article("b", text="Beijing approved 500,000 chips on Friday. Nobody was named."),
        article("c"),
    )
    with engine.archive.store._connection() as db:
        db.execute("UPDATE articles SET text = replace(text, '400,000', '900,000') WHERE id = 'a'")
    asked = client.post("/v1/ask", json={"question": "How many chips were approved?", "min_confidence": 0}).json()
    cited = {one["article_id"] for said in asked["answers"] for one in said["citations"]}
    assert cited
    assert "a" not in cited
    assert "900,000" not in json.dumps(asked)
    assert "a" not in {hit["article_id"] for hit in client.post("/v1/search", json={"query": "chips"}).json()["hits"]}
    first = client.get("/v1/articles", params={"limit": 1}).json()
    assert first["next_cursor"]
    assert client.get("/v1/articles/a").status_code == 503
    assert client.get("/v1/articles/b").status_code == 200


def test_an_erasure_may_be_asked_for_again(client: TestClient) -> None:
    put(client, article("a"))
    assert [client.delete("/v1/articles/a", params={"erase": True}).status_code for _ in range(2)] == [204, 204]
    assert client.delete("/v1/articles/nobody", params={"erase": True}).status_code == 404


def test_health_and_readiness(client: TestClient, engine: Engine) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_not_ready_while_the_archive_is_not_whole(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "AGAIN", 0.0)
    with engine.archive.store._connection() as db:
        db.execute("UPDATE state SET articles = 7")
    client = TestClient(create_app(engine))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "the archive is damaged; `citewire check` shows what is wrong"
    with engine.archive.store._connection() as db:
        db.execute("UPDATE state SET articles = 0")
    assert client.get("/readyz").status_code == 200


def test_the_documentation_asks_no_other_server(empty: TestClient) -> None:
    page = empty.get("/docs").text
    assert "//" not in page.replace("<!--", "").split("<script>")[0]
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert empty.get(f"/static-offline-docs/{asset}").status_code == 200
    assert "web/main.js" in empty.get("/").text


def test_balancers_may_ask_for_the_head_only(empty: TestClient) -> None:
    assert [(empty.head(path).status_code, empty.head(path).content) for path in ("/healthz", "/readyz")] == [
        (200, b""),
        (200, b""),
    ]


def test_the_schema_describes_articles_and_problems(empty: TestClient) -> None:
    schema = empty.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/v1/ask",
        "/v1/ask/batch",
        "/v1/feedback",
        "/v1/jobs",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/events",
        "/v1/search",
        "/v1/articles",
        "/v1/articles/{article_id}",
        "/v1/verify",
        "/v1/gate",
        "/v1/archive",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    text = json.dumps(schema)
    references = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert references <= set(schema["components"]["schemas"])
    assert {"ArticleIn", "Problem", "AskRequest"} <= references
    assert "HTTPValidationError" not in text


def test_requests_run_beside_each_other(client: TestClient) -> None:
    put(client, article("seed"))
    codes: list[int] = []

    def work(n: int) -> None:
        codes.append(client.post("/v1/articles", json={"articles": [article(f"t{n}")]}).status_code)
        codes.append(client.post("/v1/search", json={"query": "chips"}).status_code)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 12
    assert client.get("/v1/archive").json()["articles"] == 7


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    with _bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_many_questions_are_answered_as_each_alone(client: TestClient) -> None:
    put(client, article())
    questions = [{"question": "How many chips?", "min_confidence": 0, "k": 1}, {"question": "Who?", "explain": True}]
    replies = client.post("/v1/ask/batch", json={"questions": questions}).json()["replies"]
    alone = [client.post("/v1/ask", json=one).json() for one in questions]
    for reply, one in zip(replies, alone, strict=True):
        assert reply.pop("timings_ms").keys() == one.pop("timings_ms").keys()
        assert reply == one
    assert "read" in replies[1]
    assert "read" not in replies[0]


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_has_one_to_a_hundred_questions(empty: TestClient, count: int) -> None:
    assert empty.post("/v1/ask/batch", json={"questions": [{"question": "Who?"}] * count}).status_code == 422


def test_a_question_that_can_not_be_asked_is_named_before_any_is(empty: TestClient) -> None:
    questions = [{"question": "Who?"}, {"question": "?!"}]
    response = empty.post("/v1/ask/batch", json={"questions": questions})
    assert (response.status_code, response.json()["detail"]) == (422, "/questions/1: the question has no words")


def test_feedback_becomes_gold_the_last_word_counting(client: TestClient) -> None:
    for said in (
        {"question": "How many chips?", "verdict": "wrong", "answer": "3"},
        {"question": "Who?", "verdict": "wrong", "answer": "Ada", "correct": "Eve"},
        {"question": " Who? ", "verdict": "right", "answer": "Mallory", "article_ids": ["a"]},
        {"question": "Why?", "verdict": "right", "answer": None},
        {"question": "Why?", "verdict": "wrong", "correct": "…"},
        {"question": "Where?", "verdict": "wrong", "answer": "Rome", "correct": "", "article_ids": ["a"]},
    ):
        assert client.post("/v1/feedback", json=said).status_code == 204
    response = client.get("/v1/feedback")
    assert response.headers["content-type"].startswith("application/jsonl")
    assert [json.loads(line) for line in response.text.splitlines()] == [
        {"question": "Who?", "answers": ["Mallory"], "article_ids": ["a"]},
        {"question": "Why?", "answers": [], "article_ids": []},
        {"question": "Where?", "answers": [], "article_ids": []},
    ]


@pytest.mark.parametrize("change", [{"verdict": "perhaps"}, {"question": ""}, {"more": 1}, {"answer": 3}])
def test_feedback_is_strict(empty: TestClient, change: dict[str, Any]) -> None:
    said = {"question": "Who?", "verdict": "right", "answer": "Ada"} | change
    assert empty.post("/v1/feedback", json=said).status_code == 422


def test_what_was_said_of_an_erased_article_goes_with_it(client: TestClient) -> None:
    put(client, article())
    said = {"question": "Who?", "verdict": "right", "answer": "Beijing", "article_ids": ["a"]}
    client.post("/v1/feedback", json=said)
    assert client.delete("/v1/articles/a?erase=true").status_code == 204
    assert client.get("/v1/feedback").text == ""


def test_an_article_shows_its_copies_and_each_earlier_text(client: TestClient) -> None:
    put(client, article(text="Nothing was approved yet."))
    first = client.get("/v1/articles/a").json()
    put(client, article(), article("b", source="Post"))
    now = client.get("/v1/articles/a").json()
    assert [one["sha256"] for one in now["versions"]] == [first["sha256"]]
    assert [one["article_id"] for one in now["copies"]] == ["b"]
    before = client.get(f"/v1/articles/a?sha256={first['sha256']}").json()
    assert (before["text"], before["sha256"], before["current"]) == (first["text"], first["sha256"], now["sha256"])
    assert client.get(f"/v1/articles/a?sha256={now['sha256']}").json() == now
    assert client.get(f"/v1/articles/a?sha256={'0' * 64}").status_code == 404
    assert client.get("/v1/articles/a?sha256=x").status_code == 422
