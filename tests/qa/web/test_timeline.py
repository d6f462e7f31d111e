"""The plot of a figure that changes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import accessible, asked, fits, served

SCRIPT = """async (answers) => {
    const { timeline, unitOf } = await import("./web/timeline.js");
    const place = document.createElement("section");
    place.className = "card";
    place.append(timeline(answers));
    document.querySelector("main").replaceChildren(place);
    return unitOf(answers);
}"""
BOXES = """() => [...document.querySelectorAll(".timeline text")].map((one) => {
    const box = one.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a;
    return [box.left, box.right, box.top, box.bottom, size];
})"""


def answer(text: str, value: float, days: list[str], role: str = "earlier", unit: str | None = None) -> dict[str, Any]:
    citations = [
        {"published_at": day, "source": "Post", "article_id": f"a {day}", "start": 3, "answer_start": 4} for day in days
    ]
    quantity = {"low": value, "high": value, "unit": unit}
    return {"text": text, "role": role, "quantity": quantity, "citations": citations}


RISING = [
    answer("19", 19, ["2026-04-09"], "current", "people"),
    answer("11", 11, ["2026-04-07"], unit="people"),
    answer("at least six", 6, ["2026-04-06"], unit="people"),
]
LAST_IS_LONG = [
    answer("more than 2 million", 2e6, ["2026-01-31"], "current", "chips"),
    answer("about 1.4 million", 1.4e6, ["2025-12-03", "2025-12-04T10:00:00Z"], unit="chips"),
]
CROWDED = [
    answer("between 40 and 45 billion dollars", 42e9, ["2026-03-04"], "current", "USD"),
    *(
        answer(f"about {number} billion dollars", number * 1e9, [f"2026-03-0{number}"], unit="USD")
        for number in (1, 2, 3)
    ),
    answer("a first estimate of half a billion dollars", 5e8, ["2025-03-01"], unit="USD"),
]


@pytest.mark.parametrize("width", [320, 390, 1000, 1920])
@pytest.mark.parametrize("answers", [RISING, LAST_IS_LONG, CROWDED], ids=["rising", "long", "crowded"])
def test_no_word_is_cut_off_covered_or_small(
    page: Page, sample_port: int, answers: list[dict[str, Any]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"http://127.0.0.1:{sample_port}/")
    expect(page.locator("#about")).not_to_be_empty()  # the page has shown what it shows of itself
    page.evaluate(SCRIPT, answers)
    page.locator(".timeline svg").wait_for()
    drawing, card = (page.locator(one).bounding_box() for one in (".timeline svg", "main .card"))
    assert drawing
    assert card
    assert drawing["width"] > 0.85 * card["width"]
    boxes = page.evaluate(BOXES)
    days = {one["published_at"][:10] for given in answers for one in given["citations"]}
    assert len(boxes) == len(days) + len(answers)
    for number, (left, right, top, bottom, size) in enumerate(boxes):
        assert left >= drawing["x"] - 1
        assert right <= drawing["x"] + drawing["width"] + 1
        assert top >= drawing["y"] - 1
        assert bottom <= drawing["y"] + drawing["height"] + 1
        assert 13 <= size <= 16
        for other in boxes[:number]:
            assert right <= other[0] or other[1] <= left or bottom <= other[2] + 4 or other[3] <= top + 4
    assert fits(page)
    accessible(page)
    if width == 320:  # turned to the side, it is drawn anew
        page.set_viewport_size({"width": 700, "height": 320})
        page.wait_for_function("document.querySelector('.timeline svg').getBoundingClientRect().width > 500")
        assert {round(one[4]) for one in page.evaluate(BOXES)} == {14}


def test_each_dot_has_its_day_and_hollow_ones_are_earlier(page: Page, sample_port: int) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/")
    expect(page.locator("#about")).not_to_be_empty()
    assert page.evaluate(SCRIPT, RISING) == "people"
    dots = page.locator(".timeline .dot")
    expect(dots).to_have_count(3)
    expect(page.locator(".timeline .earlier-dot")).to_have_count(2)
    places = dots.evaluate_all("dots => dots.map(dot => [+dot.getAttribute('cx'), +dot.getAttribute('cy')])")
    assert places == sorted(places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    told = set(page.locator(".timeline text").all_text_contents())
    assert told == {"19", "11", "at least six", "6 April 2026", "7 April", "9 April"}
    labels = page.locator(".timeline a").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert labels == ["at least six, Post, 6 April 2026", "11, Post, 7 April 2026", "19, Post, 9 April 2026"]


@pytest.mark.parametrize(("unit", "words"), [("USD", "US dollars"), ("JPY", "Japanese yen"), ("%", "%"), (None, None)])
def test_the_unit_is_told_in_words(page: Page, sample_port: int, unit: str | None, words: str | None) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/")
    expect(page.locator("#about")).not_to_be_empty()
    answers = [answer("5", 5, ["2026-03-04"], "current", unit), answer("4", 4, ["2026-03-03"], unit=unit)]
    assert page.evaluate(SCRIPT, answers) == words


def test_a_dot_leads_to_its_citation(page: Page, sample_port: int) -> None:
    asked(page, sample_port, "How many H200 chips did Chinese companies order?")
    expect(page.get_by_role("heading", name="How the figure changed (chips)")).to_be_visible()
    first = page.locator(".timeline a").first
    day = (first.get_attribute("aria-label") or "").rpartition(", ")[2]
    address = page.url
    first.focus()
    page.keyboard.press("Enter")
    figure = page.locator("figure:focus")
    expect(figure).to_be_in_viewport()
    expect(figure.locator("figcaption")).to_contain_text(day)
    assert page.url == address


def test_what_does_not_change_is_not_drawn(page: Page, tmp_path: Any) -> None:
    with served(tmp_path, {"id": "a", "title": "Zebras", "text": "The ministry counted forty zebras."}) as port:
        asked(page, port, "How many zebras were counted?")
        assert page.locator(".timeline").count() == 0
