"""The page in each of its states, as pictures: ``make screenshots`` writes them to docs/images.

Two archives are asked: the sample, with three more stories of this project (bench/evidence.jsonl), and an empty one.
The model that writes prose is played by a server of the tests.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from corpus.reading import read
from qa.engine import open_engine
from qa.ingestion.pipeline import ingest
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.server.routes.article_parsing import parse_articles
from qa.settings import Settings
from qa.writer.client import Writer
from tests.browsing import ARGUMENTS, CHROMIUM
from tests.servers import listening
from tests.writers import model, says

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "corpus" / "sample" / "articles.jsonl"
STORIES = {
    "santa-irune-landslide": "How many people were killed by the landslide in Santa Irune?",
    "two-ferries": "How many people died in the ferry accident?",
    "saltmere-port-sale": "What did Castellane Maritime pay for the container port of Saltmere?",
}
ARABIC = {
    "id": "ferry-ar",
    "title": "غرق عبّارة قبالة ميناء لورن",
    "source": "صحيفة الميناء",
    "published_at": "2026-02-03",
    "language": "ar",
    "text": "قالت السلطات يوم الاثنين إن العبّارة «هايلاند كوين» غرقت قبالة ميناء لورن وعلى متنها 312 راكبًا.\n\n"
    "وأضافت أن خفر السواحل أنقذ 298 شخصًا، بينهم 14 طفلًا.\n\nولم تُعرف أسباب الحادث بعد.",
}
PROSE = (
    ("China approved more than 400,000 H200 chips on Wednesday, after customs had kept them out.", [3]),
    ("Alibaba and ByteDance are among the buyers.", [2]),
    ("The chips are worth $20 billion.", [1]),
)
"""What the model writes, and the numbers that it names: the last is one that no quote says."""
LIGHT = {"width": 1000, "height": 760}
PHONE = {"width": 390, "height": 780}


@contextmanager
def served(directory: Path, key: str = "", *, filled: bool = True, writer: Writer | None = None) -> Iterator[str]:
    """A server over an archive of the sample and the stories, or an empty one; gives its address."""
    lines = (ROOT / "bench" / "evidence.jsonl").read_text("utf-8").splitlines()
    stories = [story for story in map(json.loads, lines) if story["name"] in STORIES]
    with open_engine(Settings(archive=directory), create=True) as engine:
        if filled:
            articles = [ARABIC, *(article for story in stories for article in story["articles"])]
            outcomes = [*ingest(engine, read([SAMPLE])), *ingest(engine, parse_articles(articles))]
            if wrong := [one for one in outcomes if one.outcome == "rejected"]:
                raise SystemExit(wrong)
        with listening(create_app(replace(engine, writer=writer), Guard.of(Settings(read_key=key, rate=0)))) as port:
            yield f"http://127.0.0.1:{port}/"


@contextmanager
def taken(browser: Browser, where: Path, **how: object) -> Iterator[Page]:
    """A page to be brought into a state."""
    context = browser.new_context(**how)  # type: ignore[arg-type]
    page = context.new_page()
    yield page
    page.locator(".answer, .drop").first.wait_for(timeout=60_000)
    page.wait_for_timeout(400)
    page.screenshot(path=where, full_page=page.viewport_size != PHONE)
    context.close()


def main() -> None:
    """Take them all."""
    images = Path(sys.argv[1])
    images.mkdir(exist_ok=True)
    asked = {
        "answer": "How many H200 chips were approved?",
        "disagreement": STORIES["saltmere-port-sale"],
        "moving": STORIES["santa-irune-landslide"],
        "events": STORIES["two-ferries"],
        "right-to-left": "كم راكبًا كان على متن العبّارة هايلاند كوين؟",
        "refusal": "Who won the football match in Lisbon?",
    }
    with tempfile.TemporaryDirectory() as room, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with served(Path(room, "sample")) as address:
            for name, question in asked.items():
                with taken(browser, images / f"{name}.png", viewport=LIGHT) as page:
                    page.goto(f"{address}?{urlencode({'q': question})}")
            with taken(browser, images / "answer-dark-phone.png", viewport=PHONE, color_scheme="dark") as page:
                page.goto(f"{address}?{urlencode({'q': asked['answer']})}")
            with taken(browser, images / "article.png", viewport=LIGHT) as page:
                page.goto(f"{address}?{urlencode({'q': asked['answer']})}")
                page.get_by_role("link", name="Show in the article").nth(1).click()
                page.locator("article mark").wait_for()
            with taken(browser, images / "right-to-left-article.png", viewport=LIGHT) as page:
                page.goto(f"{address}?article={ARABIC['id']}")
            with taken(browser, images / "print.png", viewport=LIGHT) as page:
                page.emulate_media(media="print")
                page.goto(f"{address}?{urlencode({'q': asked['answer']})}")
            with taken(browser, images / "filters.png", viewport=LIGHT) as page:
                page.goto(f"{address}?q=chips&source=Nobody")
                page.locator("#filters summary").click()
            with taken(browser, images / "wrong.png", viewport=LIGHT) as page:
                page.goto(f"{address}?article=nowhere")
        with model() as played, served(Path(room, "sample"), writer=played.writer()) as address:
            played.answer = says(*PROSE)
            with taken(browser, images / "prose.png", viewport=LIGHT) as page:
                page.goto(f"{address}?{urlencode({'q': asked['answer'], 'prose': '1'})}")
                page.locator(".prose").wait_for()
                page.locator("#prose").scroll_into_view_if_needed()
        with served(Path(room, "empty"), filled=False) as address:
            with taken(browser, images / "empty.png", viewport=LIGHT) as page:
                page.goto(address)
            with taken(browser, images / "job.png", viewport=LIGHT) as page:
                page.goto(f"{address}?view=add")
                several = SAMPLE.read_bytes() + b'\n{"title": "An article without a text"}\n'
                file = {"name": "sample.jsonl", "mimeType": "text/plain", "buffer": several}
                page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
                page.get_by_text("rejected").first.wait_for(timeout=60_000)
                page.locator("section section li a").first.wait_for(timeout=60_000)
            with taken(browser, images / "adding.png", viewport=LIGHT) as page:
                page.goto(f"{address}?view=add")
        with (
            served(Path(room, "empty"), "a-key-that-may-read", filled=False) as address,
            taken(browser, images / "key.png", viewport=LIGHT) as page,
        ):
            page.goto(f"{address}?q=chips")
        browser.close()


if __name__ == "__main__":
    main()
