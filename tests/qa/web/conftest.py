"""A browser, a page in it, and a service over the sample archive."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from qa.engine import Engine
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.settings import Settings
from tests.browsing import ARGUMENTS, CHROMIUM
from tests.servers import listening


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sample_port(sample_engine: Engine) -> Iterator[int]:
    with listening(create_app(sample_engine, Guard.of(Settings(rate=0)))) as port:
        yield port


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that goes nowhere but to its server, and fails the test with any error of its own."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if not _own(request) else None)
    yield page
    context.close()
    assert wrong == []


def _own(request: Request) -> bool:
    return re.match(r"http://127\.0\.0\.1:\d+/|data:", request.url) is not None
