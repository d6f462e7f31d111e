"""Filters act at once, are told wherever the result is, and can be taken off there."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import QUESTION, accessible, asked, clipboard, fits


def state(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_ticking_an_outlet_asks_again_and_leaves_the_focus_and_what_is_being_typed(
    page: Page, sample_port: int
) -> None:
    asked(page, sample_port)
    page.locator("#filters summary").click()
    page.get_by_label("Question", exact=True).fill("A question that is not asked yet")
    box = page.get_by_role("checkbox", name="Sample Strait Observer")
    box.check()
    expect(page.locator("#chips li")).to_contain_text("Sample Strait Observer")
    expect(page.locator("figcaption").first).to_contain_text("Sample Strait Observer")
    outlets = page.locator("figcaption").all_inner_texts()
    assert all("Sample Strait Observer" in one for one in outlets)
    assert state(page) == {"q": [QUESTION], "source": ["Sample Strait Observer"]}
    expect(box).to_be_focused()
    expect(page.locator("#question")).to_have_value("A question that is not asked yet")
    expect(page.locator("h2")).to_have_text(QUESTION)
    box.uncheck()
    expect(page.locator("#chips li")).to_have_count(0)
    page.go_back()
    expect(page.locator("#question")).to_have_value(QUESTION)
    expect(page.locator("#chips li")).to_contain_text("Sample Strait Observer")


def test_a_date_acts_once_it_is_typed(page: Page, sample_port: int) -> None:
    asked(page, sample_port)
    page.locator("#filters summary").click()
    addresses: list[str] = []
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    page.locator("input[name=as_of]").focus()
    page.keyboard.type("01282026", delay=30)
    page.keyboard.press("Tab")
    expect(page.locator("#chips li")).to_contain_text("as of 28 January 2026")
    assert state(page)["as_of"] == ["2026-01-28"]
    assert len(addresses) == 1  # and not once for each digit of the year


def test_each_filter_is_told_above_the_result_and_taken_off_there(page: Page, sample_port: int) -> None:
    page.goto(
        f"http://127.0.0.1:{sample_port}/?q=chips&source=Nobody+Times&source=Sample+Strait+Observer"
        "&from=2026-01-10&to=2026-03-31&as_of=2026-02-28"
    )
    words = [
        "Nobody Times", "Sample Strait Observer", "from 10 January 2026", "to 31 March 2026", "as of 28 February 2026",
    ]  # fmt: skip
    chips = page.locator("#chips bdi")
    expect(chips).to_have_text(words)
    expect(page.locator("#filters summary")).to_have_text(f"Filters: {', '.join(words)}")
    expect(page.locator(".answer").first).to_be_visible(timeout=20_000)
    accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert fits(page)
    page.emulate_media(media="print")
    expect(chips).to_have_text(words)
    expect(chips.first).to_be_visible()
    expect(page.locator("#chips a").first).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Remove the filter from 10 January 2026").click()
    expect(chips).to_have_text([one for one in words if not one.startswith("from")])
    assert "from" not in state(page)
    page.get_by_role("link", name="Remove the filter Nobody Times").click()
    expect(chips).to_have_count(3)
    assert state(page)["source"] == ["Sample Strait Observer"]


@pytest.mark.parametrize("form", ["text", "Markdown", "JSON"])
def test_a_copied_citation_says_as_of_when(page: Page, sample_port: int, form: str) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/?q={QUESTION}&as_of=2026-02-03")
    page.get_by_role("button", name=f"Copy the citation as {form}").first.click(timeout=20_000)
    copied = clipboard(page)
    assert ('"as_of": "2026-02-03"' if form == "JSON" else ", as of 3 February 2026") in copied
    page.get_by_role("link", name="Remove the filter as of 3 February 2026").click()
    expect(page.locator("#chips li")).to_have_count(0)
    page.get_by_role("button", name=f"Copy the citation as {form}").first.click(timeout=20_000)
    assert not re.search("as.of", clipboard(page))


def test_filters_that_are_chosen_first_wait_for_the_question(page: Page, sample_port: int) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/")
    page.locator("#filters summary").click()
    page.get_by_role("checkbox", name="Sample Strait Observer").check()
    expect(page.locator("#chips li")).to_contain_text("Sample Strait Observer")
    expect(page.locator("main")).to_be_empty()
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("figcaption").first).to_contain_text("Sample Strait Observer", timeout=20_000)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#chips li")).to_have_count(0)
    assert state(page) == {"q": [QUESTION]}
