"""The article: its quote in sight, what stays in sight with it, and the way back."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import QUESTION, accessible, asked, clipboard, fits, served

PARAGRAPH = "Ships came and went all day, and nobody in the town paid them any heed until the evening. "
QUOTE = "The harbour board counted forty cranes on Tuesday, it said."
TEXT = "\n\n".join([PARAGRAPH * 6] * 8 + [QUOTE] + [PARAGRAPH * 6] * 8)


def opened(page: Page, port: int, number: int = 0) -> None:
    asked(page, port)
    page.get_by_role("link", name="Show in the article").nth(number).click()
    expect(page.locator("#quote")).to_be_visible()


def test_the_answer_is_marked_inside_its_quote(page: Page, sample_port: int) -> None:
    asked(page, sample_port)
    words = page.locator("blockquote mark").all_inner_texts()
    quotes = page.locator("blockquote").all_inner_texts()
    for number, (word, quote) in enumerate(zip(words, quotes, strict=True)):
        page.locator("figure").nth(number).get_by_role("link", name="Show in the article").click()
        expect(page.locator("#quote")).to_have_text(quote)
        expect(page.locator("#quote b")).to_have_text(word)
        page.go_back()
        expect(page.locator("blockquote").first).to_be_visible()


@pytest.mark.parametrize("words", ["0-5", "9-2", "x", "1-1-1", "30-9000", ""])
def test_words_that_are_not_in_the_quote_are_not_marked(page: Page, tmp_path: Any, words: str) -> None:
    with served(tmp_path, {"id": "a", "title": "Cranes", "text": f"On Tuesday. {QUOTE}"}) as port:
        page.goto(f"http://127.0.0.1:{port}/?article=a&start=12&end={12 + len(QUOTE)}&words={words}")
        expect(page.locator("#quote")).to_have_text(QUOTE)
        assert page.locator("#quote b").all_inner_texts() in ([], [""])


@pytest.mark.parametrize(("width", "height"), [(1000, 700), (320, 568)])
def test_the_jump_cuts_nothing_off_and_the_way_back_stays_in_sight(
    page: Page, tmp_path: Any, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    with served(tmp_path, {"id": "a", "title": "Cranes", "text": TEXT, "source": "Post"}) as port:
        start = TEXT.index(QUOTE)
        page.goto(f"http://127.0.0.1:{port}/?q=How+many+cranes%3F&article=a&start={start}&end={start + len(QUOTE)}")
        expect(page.locator("#quote")).to_be_in_viewport(ratio=1)
        header = page.get_by_role("navigation", name="Quote")
        expect(header).to_be_in_viewport(ratio=1)
        bottom = header.evaluate("one => one.getBoundingClientRect().bottom")
        assert page.locator("#quote").evaluate("one => one.getBoundingClientRect().top") >= bottom
        assert bottom < height / 4
        page.mouse.wheel(0, 900)
        expect(header).to_be_in_viewport(ratio=1)
        expect(header.get_by_role("link", name="Back to the answer")).to_be_visible()
        assert fits(page)
        accessible(page)


def test_where_headline_and_quote_fit_both_are_whole(page: Page, sample_port: int) -> None:
    opened(page, sample_port, 1)
    expect(page.locator("article h2")).to_be_in_viewport(ratio=1)
    expect(page.locator("#quote")).to_be_in_viewport(ratio=1)
    top = page.locator("article").evaluate("one => one.getBoundingClientRect().top")
    assert top >= 0
    # Nothing of the box for the question stands half in sight.
    assert page.locator("#question").evaluate("one => one.getBoundingClientRect().bottom") <= 0 or top > 60


def test_back_restores_the_place_and_the_focus(page: Page, sample_port: int) -> None:
    page.set_viewport_size({"width": 400, "height": 600})
    asked(page, sample_port)
    link = page.get_by_role("link", name="Show in the article").last
    link.scroll_into_view_if_needed()
    figure = link.locator("xpath=ancestor::figure")
    before = page.evaluate("scrollY")
    assert before > 300
    link.click()
    expect(page.locator("#quote")).to_be_visible()
    page.get_by_role("link", name="Previous quote").click()
    expect(page.get_by_role("navigation", name="Quote")).to_contain_text("Quote 3 of 4")
    page.get_by_role("link", name="Back to the answer").click()
    expect(figure).to_be_in_viewport()
    page.wait_for_function("y => Math.abs(scrollY - y) < 3", arg=before)
    expect(figure.locator("a").first).to_be_focused()
    assert page.evaluate("history.length") == 4  # about:blank, the start, the answer, the article


def test_from_quote_to_quote_also_where_the_page_was_opened_there(page: Page, sample_port: int) -> None:
    asked(page, sample_port)
    quotes = page.locator("blockquote").all_inner_texts()
    assert len(quotes) == 4
    page.get_by_role("link", name="Show in the article").first.click()
    header = page.get_by_role("navigation", name="Quote")
    for number, quote in enumerate(quotes, 1):
        expect(page.locator("#quote")).to_have_text(quote)
        expect(header).to_contain_text(f"Quote {number} of 4")
        if number < 4:
            page.get_by_role("link", name="Next quote").click()
    assert page.get_by_role("link", name="Next quote").count() == 0
    page.reload()
    expect(header).to_contain_text("Quote 4 of 4", timeout=20_000)
    page.get_by_role("link", name="Previous quote").click()
    expect(page.locator("#quote")).to_have_text(quotes[2])
    page.get_by_role("link", name="Back to the answer").click()
    expect(page.locator("blockquote")).to_have_text(quotes)


def test_the_citation_and_the_link_are_copied(page: Page, sample_port: int) -> None:
    opened(page, sample_port)
    quote = page.locator("#quote").inner_text()
    page.get_by_role("button", name="Copy citation").click()
    copied = clipboard(page)
    assert copied.startswith(f"“{quote}”\n")
    assert page.locator("article h2").inner_text() in copied
    page.get_by_role("button", name="Copy link").click()
    link = clipboard(page)
    query = parse_qs(urlsplit(link).query)
    assert sorted(query) == ["article", "end", "start", "text", "words"]  # for whoever did not ask
    page.goto(link)
    expect(page.locator("#quote")).to_have_text(quote)
    assert page.get_by_role("link", name="Back to the answer").count() == 0
    page.get_by_role("button", name="Copy citation").click()
    assert clipboard(page).startswith(f"“{quote}”\n")


def test_a_copied_link_shows_the_text_as_it_was(page: Page, tmp_path: Any) -> None:
    one = {"id": "one", "title": "Cranes", "source": "Post"}
    with served(tmp_path, {**one, "text": QUOTE}) as port:
        page.goto(f"http://127.0.0.1:{port}/?article=one&start=0&end={len(QUOTE)}")
        page.get_by_role("button", name="Copy link").click()
        link = clipboard(page)
        changed = {**one, "text": "There are no cranes any more."}
        assert httpx2.post(f"http://127.0.0.1:{port}/v1/articles", json={"articles": [changed]}).is_success
        page.goto(link)
        expect(page.locator("#quote")).to_have_text(QUOTE)
        expect(page.locator(".note")).to_contain_text("This is an earlier version.")


def test_technical_lines_stand_below_the_text_and_closed(page: Page, sample_port: int) -> None:
    opened(page, sample_port)
    digest = page.get_by_text("SHA-256")
    expect(digest).to_be_hidden()
    assert page.locator(".text ~ details dt", has_text="SHA-256").count() == 1
    page.get_by_text("Technical details").click()
    expect(digest).to_be_visible()
    accessible(page)


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ("2026-01-28T18:05:00+08:00", "28 January 2026, 18:05 (UTC+8)"),
        ("2026-01-28T18:05:31.250Z", "28 January 2026, 18:05 (UTC)"),
        ("2025-12-01T00:30:00-03:30", "1 December 2025, 00:30 (UTC-3:30)"),
        ("2025-12-01T00:30:00+00:00", "1 December 2025, 00:30 (UTC)"),
        ("2024-02-29", "29 February 2024"),
        (None, "undated"),
    ],
)
def test_a_time_is_told_in_words(page: Page, sample_port: int, published: str | None, told: str) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/")
    script = 'async (one) => (await import("./web/elements.js")).moment(one)'
    assert page.evaluate(script, published) == told


def test_the_other_articles_of_a_report_are_named(page: Page, tmp_path: Any) -> None:
    names = [f"Ledger {number}" for number in range(8)]
    articles = [
        {"id": name, "title": f"Cranes, says {name}", "source": name, "text": TEXT, "published_at": "2026-03-04"}
        for name in names
    ]
    with served(tmp_path, *articles) as port:
        page.goto(f"http://127.0.0.1:{port}/?article=Ledger+3")
        copies = page.get_by_role("region", name="Copies")
        expect(copies).to_contain_text("7 other articles carry the same report:")
        expect(copies.locator("li").first).to_have_text("Ledger 0 · 4 March 2026 · Cranes, says Ledger 0")
        expect(copies.locator("li:visible")).to_have_count(5)
        copies.get_by_text("2 more").click()
        expect(copies.locator("li:visible")).to_have_count(7)
        accessible(page)
        copies.get_by_role("link", name="Cranes, says Ledger 5").click()
        expect(page.locator("article h2")).to_have_text("Cranes, says Ledger 5")
        assert QUESTION not in page.url
