"""The box for the question, the question as a heading, and which of several events is meant."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import QUESTION, accessible, asked, fits, served

LONG = "How many of the H200 chips that Chinese technology companies ordered did the government approve in January?"
KARSK = (
    "A mine fire at Karsk killed 9 people on Monday. The shaft at Karsk had been inspected in spring, Olga Tern said."
)
DUVALL = (
    "Thirty-one people were killed by a mine fire in Duvall Fell. Perry Holt leads the rescue service of Duvall Fell."
)


def test_the_box_grows_with_its_text(page: Page, sample_port: int) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"http://127.0.0.1:{sample_port}/")
    box = page.get_by_label("Question", exact=True)
    height = "one => one.clientHeight"
    low = box.evaluate(height)
    box.fill(LONG)
    high = box.evaluate(height)
    assert high > 2 * low
    assert box.evaluate("one => one.scrollHeight <= one.clientHeight")
    box.fill("Short?")
    assert box.evaluate(height) == low
    box.fill(LONG)
    page.set_viewport_size({"width": 1000, "height": 640})
    assert low <= box.evaluate(height) < high
    page.reload()
    assert fits(page)


def test_enter_asks_and_shift_enter_makes_a_line(page: Page, sample_port: int) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/")
    page.keyboard.type("How many H200 chips")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("were approved?")
    expect(page.locator("main")).to_be_empty()
    expect(page.locator("#question")).to_have_value("How many H200 chips\nwere approved?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer").first).to_have_text("more than 400,000", timeout=20_000)
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("question", [QUESTION, "Who won the football match in Lisbon?", LONG])
def test_the_question_is_the_heading_of_what_answers_it(page: Page, sample_port: int, question: str) -> None:
    asked(page, sample_port, question)
    heading = page.get_by_role("heading", level=2)
    expect(heading).to_have_text(question)
    assert page.locator(".card h2 ~ .answer").count() == 1
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => +one.tagName[1])")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    expect(page.locator("#told")).to_have_text(page.locator(".answer").first.inner_text())
    accessible(page)


def event(id_: str, text: str, day: str, source: str) -> dict[str, Any]:
    return {"id": id_, "title": "A mine fire", "text": text, "published_at": day, "source": source}


def test_events_are_told_by_whole_names_and_a_click_asks_about_one(page: Page, tmp_path: Any) -> None:
    articles = [event("k", KARSK, "2025-02-03", "Post"), event("d", DUVALL, "2026-01-10", "Ledger")]
    with served(tmp_path, *articles) as port:
        asked(page, port, "How many people were killed by the mine fire?")
        expect(page.get_by_role("heading", level=2)).to_have_text("How many people were killed by the mine fire?")
        expect(page.get_by_role("heading", level=3).first).to_contain_text("Which one do you mean?")
        titles = page.get_by_role("heading", level=4)
        expect(titles).to_have_text(["Karsk, Olga Tern · 3 February 2025", "Duvall Fell, Perry Holt · 10 January 2026"])
        accessible(page)
        titles.nth(1).get_by_role("link").click()
        expect(page.locator("h2")).to_have_text(
            "How many people were killed by the mine fire? (Duvall Fell, Perry Holt)"
        )
        expect(page.locator("#question")).to_have_value(
            "How many people were killed by the mine fire? (Duvall Fell, Perry Holt)"
        )
        expect(page.locator(".answer")).to_have_count(1)
