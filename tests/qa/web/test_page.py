"""The page in a real browser: what it shows, where its marks stand, what it never does."""

import json
import re
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from qa.client import Citewire
from qa.engine import Engine
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.server.routes.status import WEB
from qa.settings import Settings
from tests.browsing import QUESTION, accessible, asked, fits, served, upload
from tests.servers import listening
from tests.writers import cited_later, model, raw, says

HOSTILE = (
    "👩‍🔬🦓 The <script>window.hacked = 1</script> ministry counted forty zebras \u202eon Monday\u202c, "
    '<img src=x onerror="window.hacked = 2"> it said. ' + "x" * 3_000 + " [click](javascript:alert(1)) \x07 was not"
    " hurt."
)


def test_an_answer_is_shown_with_its_quotes_and_all_of_it_can_be_reached_by_keyboard(
    page: Page, sample_port: int
) -> None:
    asked(page, sample_port)
    expect(page.locator(".answer").first).to_have_text("more than 400,000")
    expect(page.locator(".meta").first).to_contain_text("independent origins")
    assert "more than 400,000" in page.locator("blockquote mark").all_inner_texts()
    assert page.url.endswith("?q=How+many+H200+chips+were+approved%3F")
    accessible(page)
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-go')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("article mark")).to_be_in_viewport()
    accessible(page)


def test_a_quote_opens_its_article_at_those_words_and_back_leads_back(page: Page, sample_port: int) -> None:
    asked(page, sample_port)
    quote = page.locator("blockquote").first.inner_text()
    page.get_by_role("link", name="Show in the article").first.click()
    mark = page.locator("article mark")
    expect(mark).to_have_text(quote)
    expect(mark).to_be_in_viewport()
    page.reload()
    expect(page.locator("article mark")).to_have_text(quote)
    page.go_back()
    expect(page.locator(".answer").first).to_have_text("more than 400,000")
    page.go_forward()
    expect(page.locator("article mark")).to_have_text(quote)
    page.get_by_role("link", name="Back to the answer").click()
    expect(page.locator(".answer").first).to_have_text("more than 400,000")


def test_the_citations_are_saved_for_other_programs(page: Page, sample_port: int) -> None:
    asked(page, sample_port)
    for form, name in (("Web Annotations", "citations.jsonld"), ("CSL-JSON", "citations.csl.json")):
        with page.expect_download() as begun:
            page.get_by_role("button", name=form).click()
        assert begun.value.suggested_filename == name
        saved = begun.value.path().read_text()
        assert json.loads(saved)
        assert "400,000" in saved or form == "CSL-JSON"


def test_filters_stand_in_the_address(page: Page, sample_port: int) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/?q=chips&from=2030-01-28&to=2030-02-01")
    expect(page.locator(".answer")).to_have_text("No article matches all of these filters.")
    expect(page.locator("#filtered")).to_have_text(": from 28 January 2030, to 1 February 2030")
    accessible(page)
    page.get_by_role("button", name="Ask without filters").click()
    expect(page.locator("#filtered")).to_have_text("")
    assert "from" not in page.url
    page.locator("#filters summary").click()
    accessible(page)
    page.get_by_role("checkbox").first.check()
    expect(page.locator("#chips li")).to_have_count(1)
    assert "source=" in page.url


def test_what_a_filter_leaves_out_is_said_and_can_be_included(page: Page, tmp_path: Any) -> None:
    articles = [
        {"id": f"u{number}", "title": "", "text": f"The dam number {number} holds.", "source": "Wire"}
        for number in range(39)
    ]
    dated = {"id": "d", "title": "Tram", "text": "The tram is back.", "source": "Zürcher Bote"}
    with served(tmp_path, *articles, {**dated, "published_at": "2026-03-01"}) as port:
        home = f"http://127.0.0.1:{port}/"
        page.goto(f"{home}?q=Which+dam+holds%3F&from=2026-03-02")
        expect(page.locator(".answer")).to_have_text("No article matches all of these filters.")
        expect(page.locator(".left-out")).to_have_text("39 undated articles were left out. Include them")
        accessible(page)
        page.get_by_role("link", name="Include them").click()
        expect(page.locator(".answer").first).to_have_text(re.compile("dam|holds|number"))
        expect(page.locator(".left-out")).to_have_count(0)
        assert page.url == f"{home}?q=Which+dam+holds%3F&from=2026-03-02&undated=include"
        page.locator("#filters summary").click()
        expect(page.get_by_label("also undated 39")).to_be_checked()
        page.get_by_role("checkbox", name="also undated").uncheck()
        page.get_by_label("from", exact=True).fill("2026-03-01")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator(".left-out")).to_be_visible()
        assert page.url == f"{home}?q=Which+dam+holds%3F&from=2026-03-01"
        page.goto(f"{home}?q=Which+dam+holds%3F&source=Wired")
        expect(page.locator(".wrong")).to_contain_text("No outlet Wired; did you mean Wire?")
        accessible(page)
        page.get_by_role("link", name="Ask without filters").click()
        expect(page.locator("figure").first).to_be_visible()


def test_a_filtered_silence_is_that_of_the_articles_that_pass(page: Page, tmp_path: Any) -> None:
    dams = [{"id": f"u{number}", "title": "", "text": f"Dam {number} holds.", "source": "Wire"} for number in range(3)]
    tram = {"id": "d", "title": "Tram", "text": "The tram is back.", "source": "Zürcher Bote"}
    with served(tmp_path, *dams, {**tram, "published_at": "2026-03-01"}, bar=1.0) as port:
        for asked_for, told, left_out in (
            ("Quem+ganhou%3F&source=ZU%CC%88RCHER+bote", "This one article has nothing about this.", None),
            ("Quem+ganhou%3F&undated=only", "These 3 articles have nothing about this.", None),
            ("Who+holds+a+dam%3F&source=wire", "These 3 articles don’t say.", None),
            (
                "Who+has+a+tram%3F&as_of=2026-03-02",
                "This one article doesn’t say.",
                "3 undated articles were left out.",
            ),
            ("Who+has+a+tram%3F", "The archive doesn’t say.", None),
        ):
            page.goto(f"http://127.0.0.1:{port}/?q={asked_for}")
            expect(page.locator(".answer")).to_have_text(told)
            expect(page.locator(".left-out")).to_have_count(0 if left_out is None else 1)
            if left_out:
                expect(page.locator(".left-out")).to_contain_text(left_out)
        page.goto(f"http://127.0.0.1:{port}/?q=tram%3F&undated=only")
        expect(page.locator("#filtered")).to_have_text(": only undated")


def test_an_outlet_is_found_by_typing_and_ticked_ones_stand_on_top(page: Page, sample_port: int) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/?q=chips&source=Nobody+Times")
    page.locator("#filters summary").click()
    names = page.locator("#outlets label")
    expect(names.first).to_contain_text("Nobody Times")  # a filter that fits nothing is not out of sight
    total = names.count()
    page.get_by_label("Find an outlet").fill("STRAIT obs")
    expect(names).to_have_count(2)
    page.get_by_label("Sample Strait Observer").check()
    page.get_by_role("checkbox", name="Nobody Times").uncheck()
    expect(page.locator("#chips bdi")).to_have_text(["Sample Strait Observer"])
    address = page.url
    page.get_by_label("Find an outlet").press("Enter")
    assert page.url == address  # nothing was asked
    page.get_by_label("Find an outlet").fill("no such outlet")
    expect(page.locator("#outlets")).to_contain_text("No outlet of this name.")
    page.get_by_label("Find an outlet").fill("")
    expect(names.first).to_contain_text("Sample Strait Observer")
    assert names.count() == total - 1
    box = page.locator("#outlets").evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert box[0] <= box[1]
    assert "source=Sample+Strait+Observer" in page.url
    assert "Nobody" not in page.url
    accessible(page)


def test_what_the_archive_does_not_say_is_said_with_what_is_nearest(page: Page, sample_port: int) -> None:
    asked(page, sample_port, "Who won the football match in Lisbon?")
    expect(page.locator(".answer")).to_contain_text("The archive")
    expect(page.get_by_role("heading", name="The nearest passages")).to_be_visible()
    assert page.locator("figure.card").count() >= 1
    accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_light_and_dark(browser: Browser, sample_port: int, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    asked(page, sample_port)
    page.locator("#filters summary").click()
    assert fits(page)
    accessible(page)
    context.close()


def test_the_words_of_an_article_stay_words(page: Page, tmp_path: Any) -> None:
    article = {"id": "../<b>", "title": "<img src=x onerror=alert(1)>", "text": HOSTILE, "url": "https://x.example/a"}
    with served(tmp_path, article) as port:
        page.goto(f"http://127.0.0.1:{port}/?q=How+many+zebras%3F")
        expect(page.locator("blockquote").first).to_contain_text("<script>")
        assert fits(page)
        page.locator("figure a[data-go]").first.click()
        expect(page.locator("article h2")).to_have_text(article["title"])
        assert page.locator("article mark").inner_text().replace("\ufffd", "\x07") in HOSTILE
        assert fits(page)
        assert page.evaluate("window.hacked") is None
        assert page.locator("main script, main img").count() == 0
        accessible(page)


def test_what_is_written_from_right_to_left_stands_on_the_right(page: Page, tmp_path: Any) -> None:
    text = "قالت السلطات إن العبّارة «هايلاند» غرقت وعلى متنها 312 راكبًا."
    article = {"id": "a", "title": "غرق عبّارة", "source": "صحيفة الميناء", "language": "ar", "text": text}
    with served(tmp_path, article) as port:
        asked(page, port, "كم راكبًا كان على متن العبّارة؟")
        assert page.locator("#question").evaluate("box => getComputedStyle(box).direction") == "rtl"
        borders = "one => [getComputedStyle(one).borderLeftWidth, getComputedStyle(one).borderRightWidth]"
        assert page.locator("figure").first.evaluate(borders) == ["0px", "3px"]
        assert page.locator("figcaption").first.inner_text().startswith("[1] صحيفة الميناء")
        page.get_by_role("link", name="Show in the article").first.click()
        expect(page.locator("article h2")).to_have_text(article["title"])
        right = "one => one.getBoundingClientRect().right"
        card, written, title = (page.locator(one).first.evaluate(right) for one in (".card", ".text", "article h2"))
        assert 0 < card - written < 40
        assert abs(written - title) < 2
        assert page.locator("article .meta bdi").first.inner_text() == "صحيفة الميناء"
        accessible(page)


def test_what_is_printed_says_what_was_asked_and_where_each_quote_stands(page: Page, sample_port: int) -> None:
    asked(page, sample_port)
    cited = page.locator("figcaption .printed")
    expect(cited.first).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name=QUESTION)).to_have_count(1)
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(page.get_by_text(page.url)).to_be_visible()
    expect(cited.first).to_have_text(re.compile(r"^[\w-]+ \[\d+:\d+\]https://[\w./-]+$"))
    expect(page.locator("#question")).to_be_hidden()
    expect(page.get_by_role("link", name="Show in the article").first).to_be_hidden()


def test_a_quote_from_paper_says_its_page_and_shows_none_of_its_form_feeds(page: Page, tmp_path: Any) -> None:
    text = "The \ffirst page ends.\n\f\nThe ministry counted \fforty zebras on Monday."
    with served(tmp_path, {"id": "a", "title": "Zebras", "text": text, "url": "https://x.example/a.pdf"}) as port:
        page.goto(f"http://127.0.0.1:{port}/?q=How+many+zebras+were+counted%3F")
        expect(page.locator("figcaption").first).to_contain_text("Zebras, page 3")
        assert page.locator("blockquote").first.inner_text() == "The ministry counted forty zebras on Monday."
        expect(page.get_by_role("link", name="Original")).to_have_attribute("href", "https://x.example/a.pdf#page=3")
        page.locator("figure a[data-go]").first.click()
        expect(page.locator("article mark")).to_have_text("The ministry counted forty zebras on Monday.")
        assert "\ufffd" not in page.locator("article .text").inner_text()


def test_a_mark_stands_right_behind_characters_of_two_units(page: Page, tmp_path: Any) -> None:
    text = "🦓" * 50 + " The ferry sank on Monday. 🛳️ Forty people were saved."
    with served(tmp_path, {"id": "ferry", "title": "Ferry", "text": text}) as port:
        start = text.index("The ferry")
        page.goto(f"http://127.0.0.1:{port}/?article=ferry&start={start}&end={start + 25}")
        expect(page.locator("article mark")).to_have_text("The ferry sank on Monday.")


def test_an_empty_archive_says_how_to_fill_it(page: Page, tmp_path: Any) -> None:
    with served(tmp_path) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.locator(".answer")).to_have_text("This archive is empty.")
        accessible(page)


def test_an_article_that_is_not_there_is_said(page: Page, sample_port: int) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/?article=nowhere")
    expect(page.locator(".answer")).to_have_text("Article not found.")
    accessible(page)


def test_a_key_is_asked_for_and_used(page: Page, sample_engine: Engine) -> None:
    key = "a-key-that-may-read-all-of-it"
    with listening(create_app(sample_engine, Guard.of(Settings(read_key=key, rate=0)))) as port:
        page.goto(f"http://127.0.0.1:{port}/?q=chips")
        expect(page.locator(".answer")).to_have_text("This archive needs a key.")
        accessible(page)
        page.get_by_label("Key").fill(key)
        page.keyboard.press("Enter")
        expect(page.locator("#about")).to_contain_text("outlets")


def test_prose_is_offered_written_and_leads_to_what_it_cites(page: Page, sample_engine: Engine) -> None:
    question = "How many H200 chips were ordered?"
    with model() as played, listening(create_app(replace(sample_engine, writer=played.writer()))) as port:
        with Citewire(f"http://127.0.0.1:{port}") as citewire:
            later = cited_later(citewire.ask(question))
        played.answer = says((later.sentence, [later.number]), ("<b>No.</b>", [1]))
        asked(page, port, question)
        assert played.asked == []
        page.get_by_role("link", name="Write it up").click()
        told = page.locator("#prose")
        expect(told.locator(".prose")).to_have_text(f"{later.sentence} [{later.number}]")
        expect(told).to_contain_text("1 sentence dropped")
        assert page.locator("figcaption", has_text=f"[{later.number}]").count() == 1
        accessible(page)
        told.get_by_role("link", name=f"[{later.number}]").click()
        expect(page.locator("article mark")).to_contain_text(later.words)
        page.go_back()
        expect(told.locator(".prose")).to_have_text(f"{later.sentence} [{later.number}]")
        assert len(played.asked) == 1
        played.answer = raw(b"", 500)
        page.reload()
        expect(told).to_contain_text("No prose: the writer answered with status 500.")
        expect(page.locator(".answer").first).to_be_visible()
        accessible(page)
        played.answer = says(("No.", [1]))
        told.get_by_role("button", name="Try again").click()
        expect(told).to_contain_text("None of its sentences was supported by the quotes.")


def test_prose_is_not_offered_where_nothing_writes_it(page: Page, sample_port: int) -> None:
    asked(page, sample_port)
    expect(page.locator("#about")).to_contain_text("articles")
    expect(page.locator(".offer")).to_be_hidden()
    page.goto(page.url + "&prose=1")
    expect(page.locator("#prose")).to_contain_text("CITEWIRE_WRITER_URL")


def test_the_page_is_small() -> None:
    assert sum(path.stat().st_size for path in WEB.iterdir()) < 75 * 1024


def test_a_file_is_taken_and_its_progress_and_report_are_shown(page: Page, tmp_path: Any) -> None:
    with served(tmp_path) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text("or drop them here")).to_be_visible()
        many = [{"id": f"a{number}", "title": "Ferry", "text": f"Ferry {number} sank."} for number in range(250)]
        upload(page, "ferries.jsonl", *many, {"title": "<b>nothing</b>"})
        expect(page.locator(".answer")).to_have_text("ferries.jsonl")
        expect(page.locator("main .meta")).to_contain_text("Done · 250 added, 1 rejected", timeout=20_000)
        expect(page.locator(".rejections li")).to_contain_text("ferries.jsonl:251: no text")
        expect(page.locator(".undated")).to_have_text("250 articles have no date: filters by date leave them out.")
        expect(page.get_by_role("heading", name="Warnings")).to_be_hidden()
        expect(page.locator("#about")).to_contain_text("250 articles")
        accessible(page)
        page.reload()
        expect(page.locator("main .meta")).to_contain_text("250 added, 1 rejected")
        page.get_by_role("link", name="All jobs").click()
        expect(page.locator(".jobs li")).to_contain_text("ferries.jsonl Done")
        accessible(page)
        replacing = {"id": "a0", "title": "Tram", "text": "The tram is back.", "source": "Post", "published_at": "soon"}
        upload(page, "trams.jsonl", replacing)
        expect(page.locator(".undated")).to_have_text("1 article has no date: filters by date leave it out.")
        expect(page.get_by_role("heading", name="Warnings")).to_be_visible()
        expect(page.locator("main")).to_contain_text("trams.jsonl:1: published_at 'soon'")
        accessible(page)
        page.get_by_role("link", name="All jobs").click()
        upload(page, "ferries.exe", {})
        expect(page.locator(".files li").first).to_contain_text("This kind of file can’t be read.")
        page.locator(".jobs a").last.click()
        expect(page.locator(".answer")).to_have_text("ferries.jsonl")


def test_what_an_uploaded_file_lacks_is_filled_in(page: Page, tmp_path: Any) -> None:
    with served(tmp_path) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_text("If the file doesn’t say it").click()
        page.get_by_role("textbox", name="Outlet", exact=True).fill("Quill Post")
        page.get_by_label("Published", exact=True).fill("2026-01-28")
        page.get_by_label("Language").fill("german")
        accessible(page)
        upload(page, "ferries.jsonl", {"id": "a1", "title": "Ferry", "text": "A ferry sank."})
        expect(page.locator(".files li").first).to_contain_text("not an ISO 639-1 code")
        page.get_by_label("Language").fill("en")
        upload(page, "ferries.jsonl", {"id": "a1", "title": "Ferry", "text": "A ferry sank."})
        expect(page.locator("main .meta")).to_contain_text("1 added", timeout=20_000)
        article = httpx2.get(f"http://127.0.0.1:{port}/v1/articles/a1").json()
        assert (article["source"], article["published_at"]) == ("Quill Post", "2026-01-28")


def test_an_earlier_text_and_the_copies_of_an_article_are_shown(page: Page, tmp_path: Any) -> None:
    text = "The ferry Ada sank off Port Alder on Monday night with forty people, said the harbour master of the town."
    one, other = {"id": "one", "title": "Ferry", "source": "Post"}, {"id": "two", "title": "Sunk", "source": "Mail"}
    with served(tmp_path, {**one, "text": "The ferry is late."}) as port:
        for article in ({**one, "text": text}, {**other, "text": text}):
            assert httpx2.post(f"http://127.0.0.1:{port}/v1/articles", json={"articles": [article]}).is_success
        page.goto(f"http://127.0.0.1:{port}/?article=one")
        page.get_by_text("1 earlier version").click()
        accessible(page)
        page.locator("details a", has_text="Ferry").click()
        expect(page.locator(".note")).to_contain_text("This is an earlier version.")
        expect(page.locator("article .text")).to_have_text("The ferry is late.")
        accessible(page)
        page.get_by_role("link", name="Current version").click()
        expect(page.locator("article .text")).to_have_text(text)
        expect(page.get_by_text("1 other article carries the same report:")).to_be_visible()
        page.get_by_role("link", name="Sunk").click()
        expect(page.locator("article h2")).to_have_text("Sunk")


def test_an_answer_is_marked_right_or_wrong(page: Page, tmp_path: Any) -> None:
    text = "The ministry counted forty zebras on Monday."
    with served(tmp_path, {"id": "z", "title": "Zebras", "text": text}) as port:
        page.goto(f"http://127.0.0.1:{port}/?q=How+many+zebras%3F")
        page.get_by_role("button", name="No", exact=True).click()
        expect(page.get_by_label("Correct answer")).to_be_focused()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Is this answer right?")).to_be_visible()
        expect(page.get_by_role("button", name="No", exact=True)).to_be_focused()
        assert httpx2.get(f"http://127.0.0.1:{port}/v1/feedback").text == ""
        page.get_by_role("button", name="No", exact=True).click()
        page.get_by_label("Correct answer").fill("forty")
        accessible(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved. Thank you.")).to_be_visible()
        gold = httpx2.get(f"http://127.0.0.1:{port}/v1/feedback").json()
        assert gold == {"question": "How many zebras?", "answers": ["forty"], "article_ids": []}


def test_confidence_is_put_in_the_words_of_the_command_line() -> None:
    from qa.cli.terminal import _WORDS

    told = re.search(r"const CERTAINTY = (.*);", (WEB / "main.js").read_text("utf-8"))
    assert told is not None
    assert json.loads(told[1]) == [[least, word] for least, word in _WORDS]


@pytest.mark.parametrize(
    "state",
    [
        "?q=How+many+H200+chips+were+approved%3F&source=Sample+Strait+Observer&source=Nobody&as_of=2026-03-01",
        "?q=How+many+H200+chips+did+Chinese+companies+order%3F",
        "?q=Who+won+the+football+match+in+Lisbon%3F",
        "?q=chips&article=strait-observer-2026-01-28-approval&start=0&end=40&words=4-9",
        "?article=nowhere",
        "?view=add",
    ],
)
def test_nothing_stands_out_to_the_side(page: Page, sample_port: int, state: str) -> None:
    page.goto(f"http://127.0.0.1:{sample_port}/{state}")
    page.locator(".answer, .drop").first.wait_for(timeout=20_000)
    for width in (1920, 1280, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.locator("#filters").evaluate("one => { one.open = !one.open; }")
        assert fits(page), width
        page.emulate_media(media="print", color_scheme="dark")
        assert fits(page), width
        page.emulate_media(media="screen")
