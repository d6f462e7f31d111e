import hashlib
import re
from base64 import b64encode
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.engine import Engine
from qa.errors import SettingsError
from qa.server import access_control, rate_limiting
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.settings import Settings

READER, WRITER, OTHER = "reader-key-0123456789", "writer-key-0123456789", "other-key-0123456789"
KEYED = Settings(read_key=f"{READER}, {OTHER}", write_key=WRITER, host="0.0.0.0", rate=0)
ARTICLE = {"id": "a", "title": "Chips", "text": "Beijing approved more than 400,000 chips on Wednesday."}
QUESTION = {"question": "How many chips?"}


def client(engine: Engine, guard: Guard, **headers: str) -> TestClient:
    return TestClient(create_app(engine, guard), raise_server_exceptions=False, headers=headers)


def key(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


@pytest.fixture
def keyed(engine: Engine) -> TestClient:
    return client(engine, Guard.of(KEYED))


@pytest.mark.parametrize(
    ("given", "status", "detail"),
    [
        ({}, 401, "a key is needed: send `Authorization: Bearer KEY`"),
        (key("guessed-key-0123456789"), 401, "this key is unknown: send `Authorization: Bearer KEY`"),
        ({"Authorization": f"Basic {WRITER}"}, 401, "this key is unknown: send `Authorization: Bearer KEY`"),
        ({"Authorization": READER}, 401, "this key is unknown: send `Authorization: Bearer KEY`"),
        (key(READER), 200, ""),
        (key(OTHER), 200, ""),
        ({"Authorization": f"bearer   {WRITER}"}, 200, ""),
    ],
)
def test_reading_needs_a_key_that_may_read(keyed: TestClient, given: dict[str, str], status: int, detail: str) -> None:
    for answer in (
        keyed.post("/v1/ask", json=QUESTION, headers=given),
        keyed.get("/v1/archive", headers=given),
        keyed.get("/metrics", headers=given),
    ):
        assert answer.status_code == status
        if detail:
            assert answer.json()["detail"] == detail
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "application/problem+json"


def test_writing_needs_a_key_that_may_write(keyed: TestClient) -> None:
    body = {"articles": [ARTICLE]}
    assert keyed.post("/v1/articles", json=body).status_code == 401
    refused = keyed.post("/v1/articles", json=body, headers=key(READER))
    assert (refused.status_code, "write key" in refused.json()["detail"]) == (403, True)
    assert keyed.post("/v1/articles", json=body, headers=key(WRITER)).json()["outcomes"][0]["outcome"] == "added"
    assert keyed.delete("/v1/articles/a", headers=key(READER)).status_code == 403
    assert keyed.delete("/v1/articles/a", headers=key(WRITER)).status_code == 204


@pytest.mark.parametrize(("given", "may"), [(READER, False), (OTHER, False), (WRITER, True)])
def test_a_key_learns_whether_it_may_write(keyed: TestClient, given: str, may: bool) -> None:
    assert keyed.get("/v1/archive", headers=key(given)).json()["may_write"] is may


def test_without_keys_everybody_may_write(engine: Engine) -> None:
    assert client(engine, Guard()).get("/v1/archive").json()["may_write"] is True


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/openapi.json", "/"])
def test_what_says_nothing_of_the_archive_needs_no_key(keyed: TestClient, path: str) -> None:
    assert keyed.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/v1/nothing", "//v1/articles", "/V1/ARTICLES", "/v1/articles/", "/docs/../v1/ask"])
def test_no_other_way_of_writing_an_address_goes_around_the_key(keyed: TestClient, path: str) -> None:
    assert keyed.get(path).status_code == 401


def test_without_a_key_strangers_are_kept_out() -> None:
    with pytest.raises(SettingsError, match=r"other machines can reach this server, and no key is set.*--insecure"):
        Guard.of(Settings(host="0.0.0.0"))
    assert Guard.of(Settings(host="::1")).grants("") == "write"
    assert Guard.of(Settings(host="192.0.2.1", insecure=True)).grants("") == "write"
    assert Guard.of(Settings(host="192.0.2.1", read_key=READER)).grants("") is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="CITEWIRE_WRITE_KEY: a key needs at least 16 ASCII characters"):
        Guard.of(Settings(write_key=f"{WRITER},short"))


def test_no_setting_shows_a_key() -> None:
    assert READER not in repr(KEYED)
    assert WRITER not in repr(Guard.of(KEYED))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("localhost", 200),
        ("LOCALHOST.", 200),
        ("[::1]:8080", 200),
        ("archive.example", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("", 421),
        ("[::1", 421),
    ],
)
def test_a_server_without_keys_is_called_by_its_names_only(engine: Engine, host: str, status: int) -> None:
    guard = Guard.of(Settings(hosts="archive.example"))
    answer = client(engine, guard).get("/v1/archive", headers={"Host": host})
    assert answer.status_code == status


def test_with_keys_a_server_may_be_called_by_any_name_or_by_those_that_are_set(engine: Engine) -> None:
    headers = {"Host": "any.example", **key(READER)}
    assert client(engine, Guard.of(KEYED)).get("/v1/archive", headers=headers).status_code == 200
    strict = Guard.of(KEYED.model_copy(update={"hosts": "archive.example:443"}))
    assert client(engine, strict).get("/v1/archive", headers=headers).status_code == 421
    named = {**headers, "Host": "Archive.Example"}
    assert client(engine, strict).get("/v1/archive", headers=named).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"Origin": "http://127.0.0.1:8080"}, 200),
        ({"Origin": "http://127.0.0.1:9090"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_another_site_s_page_can_ask_and_change_nothing(engine: Engine, sent: dict[str, str], status: int) -> None:
    headers = {"Host": "127.0.0.1:8080", **sent}
    asking = client(engine, Guard.of(Settings()))
    assert asking.post("/v1/articles", json={"articles": [ARTICLE]}, headers=headers).status_code == status
    assert asking.get("/v1/archive", headers=headers).status_code == status
    assert asking.get("/", headers=headers).status_code == 200  # where a link may lead


def test_a_page_elsewhere_may_not_read_an_answer(engine: Engine) -> None:
    answer = client(engine, Guard.of(Settings())).options(
        "/v1/ask",
        headers={
            "Host": "localhost",
            "Origin": "https://evil.example",
            "Access-Control-Request-Method": "POST",
        },
    )
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_key_counts_as_one_however_it_is_written(engine: Engine) -> None:
    asking = client(engine, Guard.of(KEYED.model_copy(update={"rate": 3})))
    written = [f"Bearer {READER}", f"bearer  {READER}", f"BEARER   {READER} ", f"Bearer {READER}", f"bearer {READER}"]
    statuses = [asking.get("/v1/archive", headers={"Authorization": one}).status_code for one in written]
    assert statuses == [200, 200, 200, 429, 429]
    strangers = client(engine, Guard.of(Settings(insecure=True, host="0.0.0.0", rate=3)), Host="192.0.2.7")
    invented = [strangers.get("/v1/archive", headers={"Authorization": f"x{one}"}).status_code for one in range(5)]
    assert invented == [200, 200, 200, 429, 429]


def test_strangers_without_keys_may_call_it_by_figures_and_by_the_names_it_has(engine: Engine) -> None:
    guard = Guard.of(Settings(insecure=True, host="0.0.0.0", hosts="news.example"))
    for host, status in (
        ("news.example:8080", 200),
        ("192.0.2.7:8080", 200),
        ("[2001:db8::1]", 200),
        ("evil.example", 421),
    ):
        assert client(engine, guard).get("/v1/archive", headers={"Host": host}).status_code == status
        assert client(engine, guard).get("/healthz", headers={"Host": host}).status_code == 200


def test_what_should_not_happen_is_said_with_every_header(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/home/secret")

    monkeypatch.setattr("qa.answering.cache.ask", broken)
    answer = client(engine, Guard()).post("/v1/ask", json=QUESTION)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    for name in ("x-request-id", "x-content-type-options", "content-security-policy", "cache-control"):
        assert name in answer.headers


def test_a_client_that_asks_too_often_is_told_when_to_come_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(rate_limiting, "monotonic", lambda: now)
    asking = client(engine, Guard.of(KEYED.model_copy(update={"rate": 3})))

    def status(value: str) -> int:
        return asking.get("/v1/archive", headers=key(value)).status_code

    assert [status(READER) for _ in range(5)] == [200, 200, 200, 429, 429]
    assert status(OTHER) == 200
    refused = asking.get("/v1/archive", headers=key(READER))
    assert refused.headers["retry-after"] == "21"
    now += 20
    assert [status(READER), status(READER)] == [200, 429]
    # Wrong keys are counted by where they come from, whatever they are.
    assert [status(f"guessed-key-{number:010}") for number in range(5)] == [401, 401, 401, 429, 429]


def test_only_servers_that_strangers_reach_count_requests_by_default() -> None:
    assert Guard.of(Settings()).rate == 0
    assert Guard.of(Settings(read_key=READER)).rate == access_control.RATE
    assert Guard.of(Settings(host="192.0.2.1", insecure=True)).rate == access_control.RATE
    assert Guard.of(Settings(rate=5)).rate == 5


def strict(headers: Any) -> None:
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'; base-uri 'none'; form-action 'none'")


def test_every_answer_keeps_a_browser_strict(keyed: TestClient) -> None:
    for answer in (
        keyed.get("/healthz"),
        keyed.get("/v1/archive"),
        keyed.get("/v1/archive", headers=key(READER)),
        keyed.get("/nothing", headers=key(READER)),
        keyed.get("/openapi.json"),
    ):
        strict(answer.headers)
        assert "script-src" not in answer.headers["content-security-policy"]
    assert keyed.get("/v1/archive", headers=key(READER)).headers["cache-control"] == "no-store"


def test_the_documentation_runs_its_own_script_and_no_other(keyed: TestClient) -> None:
    page = keyed.get("/docs")
    strict(page.headers)
    policy = page.headers["content-security-policy"]
    scripts = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert len(scripts) == 1
    own = b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{own}';" in policy
    assert "unsafe" not in policy.partition("style-src")[0]
