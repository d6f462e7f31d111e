from corpus.storage.view import Copy, Outlet, Overview, State, Version
from corpus.types import Article, Chunk
from index.types import Hit
from qa.answering.normalization import expected_answer, interpret
from qa.answering.types import Answer, Candidate, Citation, ReadPassage, Reply, RetrievedPassage
from qa.ingestion.outcomes import Outcome
from qa.reader.types import Reading, Span
from qa.schemas.answers import CitationOut, QuantityOut, ask_response
from qa.schemas.articles import ArchiveResponse, ArticleResponse, ArticleSummary, OutcomeOut

TEXT = "Chips 😀 wait. China approved more than 400,000 chips. Prices rose."
ARTICLE = Article("a", "Approved", TEXT, "Ledger", "https://l.example/a", "2026-01-28", ("Jo",), "en")
COPY = Article("b", "Approved too", TEXT, None, None, "2026-01-29T08:00:00+08:00")
START, END = TEXT.index("China"), TEXT.index(" Prices")
SPAN = (TEXT.index("more"), TEXT.index(" chips."))


def citation(article: Article = ARTICLE, origin: str = "a", score: float = 7.5) -> Citation:
    copies = (Copy("b", None, None),)
    return Citation(
        article, START, END, *SPAN, score, TEXT[:START], TEXT[END:], "https://l.example/a#x", origin, copies
    )


def hit(start: int = 0, end: int = len(TEXT)) -> RetrievedPassage:
    return RetrievedPassage(Hit(3, 1, "a", start, end, 0.25, 1, None, 2), ARTICLE)


def reply(**fields: object) -> Reply:
    return Reply("How many?", "answered", State(12, 5, 31), **fields)  # type: ignore[arg-type]


def test_the_quantity_of_a_date_is_its_days() -> None:
    said = interpret("on Monday", expected_answer("When was it?"), ARTICLE.day)
    assert QuantityOut.of(said) == QuantityOut(low="2026-01-26", high="2026-01-26", unit="date", wording="on Monday")
    assert QuantityOut.of(interpret("Beijing", expected_answer("Where was it?"), ARTICLE.day)) is None
    assert QuantityOut.of(None) is None


def test_a_citation_says_what_its_relative_dates_mean() -> None:
    text = "First this. 😀 On Monday the dam broke; it was built in May 1911, and mended last year."
    article = Article("a", "Dam", text, published_at="2026-01-28")
    start = text.index("On Monday")
    said = CitationOut.of(Citation(article, start, len(text), start, start + 9, 1.0, "", "", None, "a"))
    assert [(one.text, one.first, one.last) for one in said.dates] == [
        ("On Monday", "2026-01-26", "2026-01-26"),
        ("last year", "2025-01-01", "2025-12-31"),
    ]
    assert [text[one.start : one.end] for one in said.dates] == ["On Monday", "last year"]


def test_an_answer_has_every_field_of_the_contract() -> None:
    said = interpret("more than 400,000", expected_answer("How many chips were approved?"), ARTICLE.day)
    answers = (Answer(0.93, (citation(), citation(COPY, "b", 6.5)), meaning=said, about="Beijing, 2026-01-28"),)
    assert ask_response(reply(answers=answers, timings_ms={"total": 70.2})).model_dump() == {
        "question": "How many?",
        "status": "answered",
        "reason": None,
        "passing": None,
        "undated_left_out": 0,
        "answers": [
            {
                "text": "more than 400,000",
                "confidence": 0.93,
                "role": "current",
                "quantity": {"low": 400_000, "high": None, "unit": "chips", "wording": "more than"},
                "about": "Beijing, 2026-01-28",
                "origins": 2,
                "first_published": "2026-01-28",
                "last_published": "2026-01-29T08:00:00+08:00",
                "citations": [
                    {
                        "article_id": "a",
                        "title": "Approved",
                        "source": "Ledger",
                        "authors": ["Jo"],
                        "url": "https://l.example/a",
                        "published_at": "2026-01-28",
                        "quote": "China approved more than 400,000 chips.",
                        "start": 14,
                        "end": 53,
                        "answer_start": 29,
                        "answer_end": 46,
                        "page": None,
                        "prefix": "Chips 😀 wait. ",
                        "suffix": " Prices rose.",
                        "article_sha256": ARTICLE.sha256,
                        "deep_link": "https://l.example/a#x",
                        "origin": "a",
                        "first_report": None,
                        "copies": [{"article_id": "b", "source": None, "url": None, "title": "", "published_at": None}],
                        "dates": [],
                        "score": 7.5,
                    },
                    ask_response(reply(answers=answers)).model_dump()["answers"][0]["citations"][1],
                ],
            }
        ],
        "candidates": [],
        "nearest": [],
        "prose": None,
        "archive": {"generation": 12, "articles": 5, "chunks": 31},
        "timings_ms": {"total": 70.2},
    }


def test_a_candidate_has_every_field_of_the_contract() -> None:
    (dumped,) = ask_response(reply(candidates=(Candidate("300,000", 0.2, citation(), True),))).model_dump()[
        "candidates"
    ]
    assert dumped.pop("citation")["quote"] == "China approved more than 400,000 chips."
    assert dumped == {"text": "300,000", "confidence": 0.2, "in_headline": True}


def test_without_an_answer_the_nearest_come_along() -> None:
    dumped = ask_response(
        Reply("Q?", "not_found", State(1, 1, 1), "low_confidence", nearest=(hit(14, 53),))
    ).model_dump()
    assert (dumped["reason"], dumped["answers"]) == ("low_confidence", [])
    assert dumped["nearest"] == [
        {
            "article_id": "a",
            "title": "Approved",
            "source": "Ledger",
            "url": "https://l.example/a",
            "published_at": "2026-01-28",
            "start": 14,
            "end": 53,
            "text": "China approved more than 400,000 chips.",
            "score": 0.25,
            "rank": 1,
            "dense_rank": None,
            "lexical_rank": 2,
        }
    ]


def test_an_explanation_counts_spans_from_the_front_of_the_article() -> None:
    read = (ReadPassage(hit(14, 53), Reading(2.5, (Span(15, 32, 7.5), Span(0, 5, 1.0)))),)
    assert "read" not in ask_response(reply(read=read)).model_dump()
    explained = ask_response(reply(read=read), explain=True).model_dump()["read"]
    assert explained[0]["reader_score"] == 2.5
    assert explained[0]["spans"] == [
        {"start": 29, "end": 46, "text": "more than 400,000", "score": 7.5},
        {"start": 14, "end": 19, "text": "China", "score": 1.0},
    ]
    assert ask_response(reply(), explain=True).model_dump()["read"] == []


def test_an_outcome_says_back_the_id_that_was_given() -> None:
    rejected = Outcome("article 1", None, "rejected", "the text is empty")
    assert OutcomeOut.of(rejected, given="x").model_dump() == {
        "id": "x",
        "outcome": "rejected",
        "reason": "the text is empty",
        "warnings": [],
    }
    assert OutcomeOut.of(Outcome("article 1", "derived", "added", None, ("w",)), given=None).id == "derived"


def test_articles_are_shown_with_and_without_their_text() -> None:
    family = [Copy("o", "Post", None, "Before all", "2026-01-27"), Copy("a", "Ledger", "https://l.example/a")]
    before = Version("f" * 64, "Before", None)
    whole = ArticleResponse.of(ARTICLE, [Chunk(0, 13, 5), Chunk(14, 53, 9)], family, [before]).model_dump()
    assert whole["chunks"] == [{"start": 0, "end": 13, "tokens": 5}, {"start": 14, "end": 53, "tokens": 9}]
    assert (whole["text"], whole["sha256"], whole["origin"]) == (TEXT, ARTICLE.sha256, "o")
    assert whole["copies"] == [
        {"article_id": "o", "source": "Post", "url": None, "title": "Before all", "published_at": "2026-01-27"}
    ]
    assert whole["versions"] == [{"sha256": "f" * 64, "title": "Before", "published_at": None}]
    earlier = ArticleResponse.of(ARTICLE, [Chunk(0, 13, 5)], family, [before], (before, "Not yet.")).model_dump()
    assert (earlier["text"], earlier["sha256"], earlier["current"]) == ("Not yet.", before.sha256, ARTICLE.sha256)
    assert earlier["chunks"] == []
    summary = ArticleSummary.of(ARTICLE, 2).model_dump()
    assert summary == {name: whole[name] for name in summary if name != "chunks"} | {"chunks": 2}
    assert "text" not in summary


def test_an_archive_names_only_the_sources_that_a_filter_can() -> None:
    overview = Overview(State(2, 6, 9), None, None, (Outlet("L", 3), Outlet(None, 2), Outlet("M", 1)))
    dumped = ArchiveResponse.of(
        overview, model="m", precision=None, index="exact", recall=None, writer=False, may_write=True
    ).model_dump()
    assert dumped["sources"] == [{"source": "L", "articles": 3}, {"source": "M", "articles": 1}]
    assert dumped["articles_without_source"] == 2
    assert (dumped["generation"], dumped["articles"], dumped["chunks"]) == (2, 6, 9)
