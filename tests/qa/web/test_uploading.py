"""Several files at once: each has its own progress and outcome, and the report says what came of it."""

import json
import re
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import accessible, fits, served

ZEBRAS = {
    "id": "z",
    "title": "Zebras counted",
    "text": "The ministry counted forty zebras on Monday.",
    "source": "Post",
}


def file(name: str, *articles: Any) -> Any:
    return {"name": name, "mimeType": "text/plain", "buffer": "\n".join(map(json.dumps, articles)).encode()}


def ferries(start: int, count: int, **more: str) -> list[dict[str, str]]:
    return [
        {"id": f"f{n}", "title": f"Ferry {n:02}", "text": f"Ferry {n} sank.", "source": "Post", **more}
        for n in range(start, start + count)
    ]


def rows(page: Page) -> Any:
    return page.get_by_role("list", name="Files").get_by_role("listitem")


@pytest.mark.parametrize("dropped", [False, True])
def test_each_of_several_files_has_its_own_outcome(page: Page, tmp_path: Any, dropped: bool) -> None:
    files = [
        file("one.jsonl", *ferries(0, 30, published_at="2026-01-02")),
        file("music.mp3", {}),
        file("two.jsonl", *ferries(30, 3), {"title": "No text"}),
        file("empty.csv"),
        file("three.jsonl", *ferries(40, 2)),
    ]
    with served(tmp_path, ZEBRAS) as port:
        page.goto(f"http://127.0.0.1:{port}/?view=add")
        page.get_by_text("or drop them here").wait_for()
        if dropped:
            given = page.evaluate_handle(
                """files => {
                    const dropped = new DataTransfer();
                    for (const [name, text] of files) dropped.items.add(new File([text], name));
                    return dropped;
                }""",
                [[one["name"], one["buffer"].decode()] for one in files],
            )
            page.locator(".drop").dispatch_event("drop", {"dataTransfer": given})
        else:
            page.locator("input[type=file]").set_input_files(files)
        expect(rows(page)).to_have_count(5)
        told = [
            "one.jsonl · Done · 30 added Report",
            "music.mp3 · This kind of file can’t be read.",
            "two.jsonl · Done · 3 added, 1 rejected, 3 without a date Report",
            "empty.csv",
            "three.jsonl · Done · 2 added, 2 without a date Report",
        ]
        for row, words in enumerate(told):
            expect(rows(page).nth(row)).to_contain_text(
                re.compile(re.escape(words).replace(r"\ ", r"\s+"), re.IGNORECASE), timeout=20_000
            )
        expect(page.locator("#about")).to_contain_text("36 articles")
        # What went wrong stands with its file; the hint says what it always says.
        expect(rows(page).nth(1)).to_have_class("fault")
        expect(page.locator(".drop .meta")).to_contain_text("Accepted: .jsonl")
        accessible(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert fits(page)
        rows(page).nth(2).get_by_role("link", name="Report").click()
        expect(page.get_by_role("heading", level=2)).to_have_text("two.jsonl")
        page.get_by_role("link", name="All jobs").click()
        expect(rows(page)).to_have_count(5)  # they are still there


def test_the_report_names_the_articles_and_what_they_lack(page: Page, tmp_path: Any) -> None:
    with served(tmp_path) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator("input[type=file]").set_input_files(
            file("ferries.jsonl", *ferries(0, 23), ZEBRAS, {"title": "No text"}, [1])
        )
        expect(page.get_by_role("heading", level=2)).to_have_text("ferries.jsonl")
        expect(page.locator("main .meta").first).to_have_text(
            "Done · 24 added, 2 rejected, 24 without a date", timeout=20_000
        )
        expect(page.locator(".note")).to_have_text("24 articles have no date: filters by date leave them out.")
        rejected = page.locator(".rejections")
        expect(rejected.locator("li")).to_have_text(
            [re.compile("^ferries.jsonl:25: no text"), re.compile("^ferries.jsonl:26: ")], use_inner_text=True
        )
        assert rejected.evaluate("one => one.tagName") == "UL"  # not numbered once more
        accessible(page)
        articles = page.locator("section", has=page.get_by_role("heading", name="Articles")).locator("li a")
        expect(articles).to_have_count(20)
        page.get_by_role("button", name="More").click()
        expect(articles).to_have_count(24)
        assert page.get_by_role("button", name="More").count() == 0
        articles.last.click()
        expect(page.locator("article h2")).to_have_text("Zebras counted")
        page.go_back()
        page.get_by_role("link", name="Ask about it").click()
        expect(page.locator("#question")).to_be_focused()
        page.keyboard.type("How many zebras were counted?")
        page.keyboard.press("Enter")
        expect(page.locator(".answer").first).to_contain_text("forty")


def test_an_upload_that_is_cut_off_is_told_and_the_next_one_goes_on(page: Page, tmp_path: Any) -> None:
    with served(tmp_path, ZEBRAS) as port:
        page.goto(f"http://127.0.0.1:{port}/?view=add")
        page.get_by_text("or drop them here").wait_for()
        page.route("**/v1/jobs", lambda route: route.abort(), times=1)
        page.locator("input[type=file]").set_input_files([file("a.jsonl", ZEBRAS), file("b.jsonl", *ferries(0, 2))])
        expect(rows(page).nth(0)).to_contain_text("The file could not be uploaded.")
        expect(rows(page).nth(1)).to_contain_text("Done · 2 added", timeout=20_000)
        page.locator("input[type=file]").set_input_files([file("a.jsonl", ZEBRAS)])  # once more
        expect(page.get_by_role("heading", level=2)).to_have_text("a.jsonl")
        expect(page.locator("main .meta").first).to_contain_text("Done · 1 unchanged", timeout=20_000)
        assert len(httpx2.get(f"http://127.0.0.1:{port}/v1/jobs").json()["jobs"]) == 2
