"""What goes wrong is said in a reader's words, with what to do about it."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from starlette.responses import FileResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from index.types import Vectors
from qa.engine import Engine
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.server.routes.status import WEB
from qa.settings import Settings
from tests.browsing import QUESTION, accessible, served
from tests.fakes import BagEmbedder
from tests.servers import listening

READ, WRITE = "a-key-that-may-read-all-of-it", "a-key-that-may-write-all-of-it"


def shown(page: Page, port: int, **asked: str) -> None:
    page.goto(f"http://127.0.0.1:{port}/?{urlencode(asked)}")
    expect(page.locator(".answer")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(
    ("asked", "title", "words", "way"),
    [
        ({"q": "???"}, "This question can’t be processed.", "It has no words.", None),
        ({"q": "— …"}, "This question can’t be processed.", "such as: Who signed the contract?", None),
        ({"q": "why " * 600}, "This question is too long.", "It has 2,400 characters, and at most 2,000", None),
        (
            {"q": "Who?", "from": "2026-13-40"},
            "This date can’t be read.",
            "“2026-13-40”, for “from”, is not a day of the calendar.",
            "Ask without this date",
        ),
        ({"q": "Who?", "to": "May"}, "This date can’t be read.", "“May”, for “to”", "Ask without this date"),
        ({"q": "Who?", "as_of": "2025-02-29"}, "This date can’t be read.", "for “as of”", "Ask without this date"),
        (
            {"q": "Who?", "from": "2026-03-12", "to": "2026-03-01"},
            "These dates leave no day.",
            "“from” (12 March 2026) is after “to” (1 March 2026).",
            "Swap them",
        ),
        (
            {"q": "Who?", "from": "2026-03-12", "as_of": "2025-12-31"},
            "These dates leave no day.",
            "“from” (12 March 2026) is after “as of” (31 December 2025)",
            "Ask without “from”",
        ),
        (
            {"article": "nowhere"},
            "Article not found.",
            "It may have been deleted, or the address is incomplete.",
            "Ask the archive",
        ),
        ({"article": "nowhere", "q": "Who?"}, "Article not found.", "It may have been deleted", "Back to the answer"),
        (
            {"article": "strait-observer-2026-01-28-approval", "text": "0" * 64},
            "Version not found.",
            "The archive has no such version of this article.",
            "Current version",
        ),
        (
            {"article": "strait-observer-2026-01-28-approval", "text": "abc"},
            "This page can’t be shown.",
            "Something in this page’s address is not valid.",
            None,
        ),
        ({"job": "nowhere"}, "Job not found.", "Its report may have been removed", "All jobs"),
        ({"q": "Who\0?"}, "This question can’t be processed.", "The question has a character that is not valid", None),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(
    page: Page, sample_port: int, asked: dict[str, str], title: str, words: str, way: str | None
) -> None:
    shown(page, sample_port, **asked)
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("heading", level=2)).to_have_text(title)
    expect(alert).to_contain_text(words)
    assert "/filters/" not in alert.inner_text()
    assert page.get_by_role("button", name="Try again").count() == 0  # it would not help
    assert alert.get_by_role("link").all_inner_texts() == ([way] if way else []) or "Version" in title
    accessible(page)


def test_the_way_on_leads_on(page: Page, sample_port: int) -> None:
    shown(page, sample_port, q=QUESTION, **{"from": "2026-03-12", "to": "2026-01-01"})
    page.get_by_role("link", name="Swap them").click()
    expect(page.locator("#chips bdi")).to_have_text(["from 1 January 2026", "to 12 March 2026"])
    expect(page.locator(".answer").first).to_have_text("more than 400,000", timeout=20_000)
    shown(page, sample_port, q=QUESTION, as_of="soon")
    page.get_by_role("link", name="Ask without this date").click()
    expect(page.locator(".answer").first).to_have_text("more than 400,000", timeout=20_000)


@pytest.mark.parametrize(
    ("status", "said", "title", "words", "again"),
    [
        (503, {"detail": "too many requests are waiting"}, "The archive can’t answer right now.", "Too many", True),
        (
            500,
            {"detail": "unexpected error; see the server's log"},
            "Something went wrong on the server.",
            "log.",
            True,
        ),
        (429, {"detail": "more than 600 requests per minute"}, "Too many requests.", "Wait a minute", True),
        (502, None, "Something went wrong on the server.", "The server answered with status 502.", True),
        (
            422,
            {
                "detail": "/filters/published_from must be a date such as 2026-01-28; /x is not a field",
                "errors": [
                    {"location": "/filters/published_from", "message": "must be a date such as 2026-01-28"},
                    {"location": "/x", "message": "is not a field of this request"},
                ],
            },
            "This question can’t be processed.",
            "“from” must be a date such as 2026-01-28. Something in this page’s address is not valid.",
            False,
        ),
    ],
)
def test_what_the_server_says_is_put_in_other_words(
    page: Page, status: int, said: dict[str, Any] | None, title: str, words: str, again: bool
) -> None:
    app = FastAPI()
    app.mount("/web", StaticFiles(directory=WEB))
    app.add_api_route("/", lambda: FileResponse(WEB / "index.html"))
    app.add_api_route("/v1/ask", lambda: JSONResponse(said, status), methods=["POST"])
    with listening(app) as port:
        shown(page, port, q="Who?")
        expect(page.locator(".answer")).to_have_text(title)
        expect(page.get_by_role("alert")).to_contain_text(words)
        assert page.get_by_role("button", name="Try again").count() == again
        accessible(page)


def test_a_server_that_is_gone_can_be_tried_again(page: Page, tmp_path: Any) -> None:
    with served(tmp_path, {"id": "z", "title": "Zebras", "text": "The ministry counted forty zebras."}) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.locator("#about")).not_to_be_empty()
        page.route("**/v1/ask", lambda route: route.abort())
        page.keyboard.type("How many zebras?")
        page.keyboard.press("Enter")
        expect(page.locator(".answer")).to_have_text("The server can’t be reached.")
        page.unroute("**/v1/ask")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".answer")).to_contain_text("forty")


class Slow(BagEmbedder):
    """Loads its model until it is told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded = threading.Event()

    def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Vectors:
        assert self.loaded.wait(60)
        return super().embed(texts, kind=kind)


def test_while_the_models_load_it_says_so(page: Page, sample_engine: Engine) -> None:
    slow = Slow()
    slow.name = sample_engine.embedder.name
    with listening(create_app(replace(sample_engine, embedder=slow), Guard.of(Settings(rate=0)))) as port:
        page.goto(f"http://127.0.0.1:{port}/?q=Who")
        status = page.locator("main [role=status]")
        expect(status).to_contain_text("Reading the archive …")
        expect(status).to_contain_text("Starting: loading the models.", timeout=10_000)
        accessible(page)
        page.goto("about:blank")
        slow.loaded.set()


def test_a_key_that_may_only_read_is_offered_nothing_else(page: Page, sample_engine: Engine) -> None:
    keys = Settings(read_key=READ, write_key=WRITE, rate=0)
    with listening(create_app(sample_engine, Guard.of(keys))) as port:
        page.goto(f"http://127.0.0.1:{port}/?q={QUESTION}")
        page.get_by_label("Key").fill(READ)
        page.keyboard.press("Enter")
        expect(page.locator(".answer").first).to_have_text("more than 400,000", timeout=20_000)
        expect(page.locator("#about")).to_contain_text("outlets")
        expect(page.get_by_role("link", name="Add articles")).to_be_hidden()
        expect(page.get_by_text("Is this answer right?")).to_be_hidden()
        page.goto(f"http://127.0.0.1:{port}/?view=add")
        expect(page.get_by_role("heading", level=2)).to_have_text("Adding articles needs a write key.")
        expect(page.locator("main")).to_contain_text("Your key may only read.")
        accessible(page)
        page.get_by_label("Key").fill(WRITE)
        page.keyboard.press("Enter")
        expect(page.get_by_text("or drop them here")).to_be_visible()
        expect(page.get_by_role("link", name="Add articles")).to_be_visible()
        page.goto(f"http://127.0.0.1:{port}/?q={QUESTION}")
        expect(page.get_by_text("Is this answer right?")).to_be_visible(timeout=20_000)
