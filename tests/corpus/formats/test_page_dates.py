"""The day of a page, among the days of all else that the page speaks of."""

import json

import pytest

from corpus.formats import Read
from corpus.formats.html.linked_data import parse_linked_data
from corpus.formats.html.page import article_from_html

HEADLINE = "Lighthouse at Ossum sold to its keeper"
ADDRESS = "https://fjord.example/news/lighthouse"
OWN = "2025-04-17T08:00:00+00:00"
STORY = (
    "<p>The lighthouse at Ossum was sold to its keeper Brita Lunde for one crown, the harbour board said in a letter."
    "</p><p>She has lived in it since the autumn of the great storm, and means to paint the tower again in the spring."
    "</p>"
)
UNDATED = "no date is stated, so that questions limited to a period do not find it"


def read(head: str = "", *, before: str = "", inside: str = "", after: str = "", scope: str = "") -> Read:
    page = (
        f'<!doctype html><html lang="en"><head><title>{HEADLINE} | Fjord Mail</title>'
        f'<link rel="canonical" href="{ADDRESS}">{head}</head><body>{before}<article {scope}><h1>{HEADLINE}</h1>'
        f"{inside}{STORY}</article>{after}</body></html>"
    )
    found = article_from_html(page, where="w", article_id="a")
    assert isinstance(found, Read), found
    assert "one crown" in found.article.text
    return found


def block(*values: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)


def article(**fields: object) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", **fields}


OLD = "2011-02-03T10:00:00Z"
ANOTHER = article(headline="Ferry to Skarvik runs aground", url="https://fjord.example/news/ferry", datePublished=OLD)
MINE = article(headline=HEADLINE, datePublished=OWN)


@pytest.mark.parametrize(
    "head",
    [
        block({"@type": "ItemList", "itemListElement": [ANOTHER]}, MINE),
        block({"@type": "WebSite", "name": "Fjord Mail", "datePublished": "1999-01-01"}, MINE),
        block(
            [{"@type": "Organization", "foundingDate": "1900-01-01"}, {"@type": "Person", "datePublished": OLD}, MINE]
        ),
        block({"@graph": [{"@type": "VideoObject", "name": HEADLINE, "datePublished": OLD}, MINE]}),
        block({"@type": "Comment", "text": "Well!", "datePublished": OLD}, MINE),
        block({"@type": "CollectionPage", "url": ADDRESS, "datePublished": OLD, "hasPart": [ANOTHER]}, MINE),
        # Other articles that stand on their own, before and beside the page's.
        block(ANOTHER, MINE),
        block([ANOTHER, article(headline="Snow closes the pass", datePublished=OLD), MINE]),
        block(article(datePublished=OWN, relatedLink=[ANOTHER], isPartOf={"@type": "WebSite", "datePublished": OLD})),
        block(article(datePublished=OWN, comment=[{"@type": "Comment", "datePublished": OLD}])),
        block(article(headline="Keeper buys Ossum lighthouse", url=ADDRESS, datePublished=OWN), ANOTHER),
        block(ANOTHER, article(headline="Ossum: one crown", mainEntityOfPage={"@id": ADDRESS}, datePublished=OWN)),
        block(ANOTHER, article(headline="Ossum", mainEntityOfPage=f"{ADDRESS}/?from=mail", datePublished=OWN)),
        block(ANOTHER, {"@type": "BlogPosting", "url": "/news/lighthouse/", "datePublished": OWN}),
        block(ANOTHER, {"@type": ["ReportageNewsArticle"], "headline": HEADLINE.upper(), "datePublished": [OWN]}),
        block({"@type": "WebPage", "datePublished": OLD, "url": "https://fjord.example/other"}, MINE),
        # What the page is about, by its word.
        block({"@type": "WebPage", "url": ADDRESS, "mainEntity": article(datePublished=OWN)}),
        block({"@graph": [{"@type": "WebPage", "@id": ADDRESS, "datePublished": OWN}, ANOTHER]}),
        block({"@type": "schema:NewsArticle", "schema:datePublished": {"@value": OWN}}),
        block({"@type": "http://schema.org/OpinionNewsArticle", "datePublished": OWN}),
        # An entry of a live blog has its own day, and the blog's address with a place in it.
        block(
            {
                "@type": "LiveBlogPosting",
                "headline": HEADLINE,
                "datePublished": OWN,
                "liveBlogUpdate": [{"@type": "BlogPosting", "url": f"{ADDRESS}#post-2", "datePublished": OLD}],
            }
        ),
        # The list of the front page names this article too.
        block({"@type": "ItemList", "itemListElement": [ANOTHER, {"@type": "ListItem", "item": MINE}]}),
    ],
)
def test_the_day_of_the_pages_own_article_is_taken(head: str) -> None:
    assert read(head).article.published_at == OWN


@pytest.mark.parametrize(
    "head",
    [
        block({"@type": "ItemList", "itemListElement": [ANOTHER]}),
        block(ANOTHER),
        block({"@type": "WebSite", "datePublished": OLD}, {"@type": "VideoObject", "datePublished": OLD}),
        block(article(comment={"@type": "Comment", "datePublished": OLD})),
        block({"@type": "Person", "name": HEADLINE, "datePublished": OLD}),
        block(
            [article(headline="Snow closes the pass", datePublished=OLD), article(headline="Rain", datePublished=OLD)]
        ),
    ],
)
def test_the_day_of_something_else_is_no_day_of_the_page(head: str) -> None:
    found = read(head)
    assert (found.article.published_at, found.warnings) == (None, (UNDATED,))
    meta = f'<meta property="article:published_time" content="{OWN}">'
    assert read(head + meta).article.published_at == OWN
    assert read(f'<meta name="pubdate" content="{OWN}">{head}').article.published_at == OWN


def test_a_lone_article_with_another_headline_gives_way_to_what_the_page_states_otherwise() -> None:
    other = block(article(headline="Why everybody talks about Brita", datePublished="2025-04-16"))
    assert read(other).article.published_at == "2025-04-16"
    assert read(f'{other}<meta name="date" content="2025-04-17">').article.published_at == "2025-04-17"


def test_an_articles_day_of_making_stands_in_where_nothing_else_is_said() -> None:
    made = block(article(dateCreated="2025-04-16"))
    assert read(made).article.published_at == "2025-04-16"
    assert read(f'{made}<meta name="date" content="2025-04-17">').article.published_at == "2025-04-17"


@pytest.mark.parametrize(
    "text",
    [
        "//<![CDATA[\nJSON\n//]]>",
        "/* <![CDATA[ */ JSON /* ]]> */",
        "<![CDATA[JSON]]>",
        "<!-- JSON -->",
        "<!--\nJSON\n//-->",
        "JSON;",
        "JSON ;\n",
        '{"@type": "Organization"}\nJSON',
        '{"@type": "Organization"}; JSON;',
        '{"@type": "Organization",}, JSON',
        "/* made by a program */ JSON // the end",
        "[JSON,]",
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        f'{{"@type": "NewsArticle", "datePublished": "{OWN}"}}',
        f'{{"@type": "NewsArticle", "datePublished": "{OWN}",}}',
        f'{{"@type": "NewsArticle",\n"description": "One // two,\n}} three", "datePublished": "{OWN}", }}',
    ],
)
@pytest.mark.parametrize("kind", ["application/ld+json", "Application/LD+JSON", "application/ld+json; charset=utf-8"])
def test_json_in_wrappers(text: str, value: str, kind: str) -> None:
    assert read(f'<script type="{kind}">{text.replace("JSON", value)}</script>').article.published_at == OWN


def test_json_is_read_up_to_its_fault_and_mended_in_time() -> None:
    assert parse_linked_data('{"a": 1} {"b": ') == [{"a": 1}]
    assert parse_linked_data("{&quot;a&quot;: &quot;b&quot;}") == [{"a": "b"}]
    assert parse_linked_data('{"a": "/* no comment */ ,]", /* one */ "b": [1, 2,],}') == [
        {"a": "/* no comment */ ,]", "b": [1, 2]}
    ]
    for text in ('{"a": "' + '\\"' * 200_000, "{" + "/*" * 200_000, "[" * 200_000, '{"a":' * 50_000, "," * 200_000):
        assert parse_linked_data(text) == []


def time(day: str, prop: str = "datePublished") -> str:
    return f'<time itemprop="{prop}" datetime="{day}">that day</time>'


SCOPE = 'itemscope itemtype="https://schema.org/NewsArticle"'
TEASER = f'<div {SCOPE}><a itemprop="url" href="/news/ferry">Ferry aground</a>{time(OLD)}</div>'


@pytest.mark.parametrize(
    "parts",
    [
        {"scope": SCOPE, "inside": time(OWN), "before": f"<aside>{time(OLD)}</aside>"},
        {"scope": SCOPE, "inside": time(OWN), "before": f"<aside><div {SCOPE}>{time(OLD)}</div></aside>"},
        {"scope": SCOPE, "inside": time(OWN), "before": TEASER},
        {
            "scope": SCOPE,
            "inside": f'<div itemprop="comment" itemscope itemtype="x/Comment">{time(OLD)}</div>{time(OWN)}',
        },
        {
            "scope": SCOPE,
            "inside": f'<div itemprop="video" itemscope itemtype="x/VideoObject">{time(OLD)}</div>{time(OWN)}',
        },
        {"inside": time(OWN), "before": f"<nav><ul><li>{time(OLD)}</li></ul></nav>"},
        {"inside": time(OWN), "before": f'<div class="teaser-list"><h3>Ferry aground</h3>{time(OLD)}</div>'},
        {"inside": time(OWN), "before": f'<a href="/news/ferry">Ferry aground {time(OLD)}</a>'},
        {
            "inside": f'<time pubdate datetime="{OWN}">',
            "before": f'<aside><time pubdate datetime="{OLD}"></time></aside>',
        },
        {"inside": f'<time class="entry-date published" datetime="{OWN}">that day</time>'},
        {"before": f'<div itemscope itemtype="x/Blog"><div itemprop="blogPost" {SCOPE}>{time(OWN)}</div></div>'},
    ],
)
def test_microdata_counts_within_the_article(parts: dict[str, str]) -> None:
    assert read(**parts).article.published_at == OWN


@pytest.mark.parametrize(
    "parts",
    [
        {"after": f"<aside><h4>More</h4>{time(OLD)}</aside>"},
        {"after": f'<section class="related-stories"><h4>More</h4>{time(OLD)}</section>'},
        {"after": f'<ul itemscope itemtype="x/ItemList"><li itemprop="itemListElement" {SCOPE}>{time(OLD)}</li></ul>'},
        {"after": f'<div itemscope itemtype="x/Comment">{time(OLD)}</div>'},
        {"after": TEASER},
    ],
)
def test_microdata_beside_the_article_does_not(parts: dict[str, str]) -> None:
    assert read(**parts).article.published_at is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://fjord.example/2019/08/26/lighthouse", "2019-08-26"),
        ("https://fjord.example/news/2019-08-26-lighthouse.html", "2019-08-26"),
        ("https://fjord.example/20190826/lighthouse", "2019-08-26"),
    ],
)
def test_a_day_in_the_address_is_taken_and_said(url: str, day: str) -> None:
    page = f"<html><head><title>{HEADLINE}</title></head><body><article>{STORY}</article></body></html>"
    found = article_from_html(page, where="w", url=url)
    assert isinstance(found, Read)
    assert found.article.published_at == day
    assert found.warnings == (f"no date is stated; {day} was taken from its address",)
    # What the page states goes before it.
    stated = article_from_html(page.replace("<title>", block(MINE) + "<title>"), where="w", url=url)
    assert isinstance(stated, Read)
    assert (stated.article.published_at, stated.warnings) == (OWN, ())


@pytest.mark.parametrize(
    "dateline",
    ["OSSUM, April 17, 2025 (Fjord Wire) — ", "Ossum, 17 April 2025 - ", "OSSUM, Norfold, 17 April 2025 /FW/ -- "],
)
def test_a_day_in_the_dateline_is_taken_and_said(dateline: str) -> None:
    text = f"{dateline}The lighthouse was sold to its keeper for one crown, the harbour board said in a letter."
    found = article_from_html(f"<p>{text}</p>", where="w")
    assert isinstance(found, Read)
    assert (found.article.published_at, found.article.text) == ("2025-04-17", text)
    assert found.warnings == ("no date is stated; 2025-04-17 was taken from its dateline",)


@pytest.mark.parametrize(
    "beginning",
    [
        "On 17 April 2025 - the day of the storm - the tower fell.",
        "The treaty of 17 April 2025 - signed in Ossum - is void.",
        "17 April 2025 - 19 April 2025: the fair is open.",
        "Since April 17, 2025 — the day of the storm — the tower is shut.",
        "OSSUM, 4/5/2025 - The tower fell.",
        "It was built on 17 April 2025.",
    ],
)
def test_another_day_at_the_beginning_is_no_dateline(beginning: str) -> None:
    found = article_from_html(f"<p>{beginning} Nobody was hurt, the harbour board said.</p>", where="w")
    assert isinstance(found, Read)
    assert (found.article.published_at, found.warnings) == (None, (UNDATED,))
