"""What tests, measurements and pictures of the page share: how Chromium is started, asked and looked at."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from index.archive import Archive
from qa.engine import Engine
from qa.ingestion.pipeline import ingest
from qa.reader.sentences import SentenceReader
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.server.routes.article_parsing import parse_articles
from qa.settings import Settings
from tests.fakes import BagEmbedder
from tests.servers import listening

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUESTION = "How many H200 chips were approved?"
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


def accessible(page: Page) -> None:
    """No violation that axe-core knows of."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page) -> bool:
    """Whether nothing stands out to the right."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wide


def asked(page: Page, port: int, question: str = QUESTION) -> None:
    page.goto(f"http://127.0.0.1:{port}/")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer").first).to_be_visible(timeout=20_000)


@contextmanager
def served(tmp_path: Any, *articles: dict[str, Any], bar: float = 0.0) -> Iterator[int]:
    """A service over a few articles of one's own, which answers with this confidence at least; its port."""
    embedder = BagEmbedder()
    with Archive.open(
        tmp_path / "archive", settings={"model": embedder.name}, dimensions=embedder.dimensions, create=True
    ) as archive:
        engine = Engine(archive, embedder, SentenceReader(embedder), bar)
        assert all(one.outcome == "added" for one in ingest(engine, parse_articles(list(articles))))
        with listening(create_app(engine, Guard.of(Settings(rate=0)))) as port:
            yield port


def upload(page: Page, name: str, *articles: dict[str, Any]) -> None:
    data = "\n".join(map(json.dumps, articles)).encode()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})


def clipboard(page: Page) -> str:
    """What was copied last."""
    expect(page.locator(".said")).to_contain_text("opied")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copied: str = page.evaluate("navigator.clipboard.readText()")
    page.locator(".said").evaluate("one => one.remove()")
    return copied
