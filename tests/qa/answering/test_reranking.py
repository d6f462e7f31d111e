from collections.abc import Sequence
from dataclasses import replace

from corpus.types import Article
from index.types import Hit
from qa.answering.reranking import FIRST, RETRIEVED, merit, order_by_merit, read_all, read_until_sure
from qa.answering.types import RetrievedPassage
from qa.reader.types import Passage, Reading


class Counting:
    """A reader whose score for a passage is its text, and that notes how many it has read at a time."""

    name = "counting"

    def __init__(self) -> None:
        self.counts: list[int] = []

    def load(self) -> None:
        """Nothing to load."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.counts.append(len(passages))
        return [Reading(float(passage.text), ()) for passage in passages]

    def confidence(self, score: float) -> float:
        return score


def found(*scores: float) -> list[RetrievedPassage]:
    articles = [Article(f"a{row}", "", str(score)) for row, score in enumerate(scores)]
    return [
        RetrievedPassage(Hit(row, row, article.id, 0, len(article.text), 0.0, row + 1, None, None), article)
        for row, article in enumerate(articles)
    ]


def test_the_rest_is_read_only_where_the_first_leave_doubt() -> None:
    unsure, sure = Counting(), Counting()
    assert len(read_until_sure(unsure, "?", found(*[0.5] * 9))) == 9
    assert unsure.counts == [FIRST, 9 - FIRST]
    assert len(read_until_sure(sure, "?", found(0.1, 0.99, *[0.5] * 7))) == FIRST
    assert sure.counts == [FIRST]


def test_few_passages_are_read_at_once_and_none_is_no_error() -> None:
    reader = Counting()
    assert len(read_until_sure(reader, "?", found(0.1, 0.2))) == 2
    assert read_until_sure(reader, "?", []) == []
    assert reader.counts == [2, 0]


def test_the_best_reading_stands_first_and_ties_by_article() -> None:
    read = read_all(Counting(), "?", found(0.5, 0.9, 0.5))
    assert [one.found.article.id for one in order_by_merit(reversed(read))] == ["a1", "a0", "a2"]


def test_a_passage_that_was_found_well_outdoes_one_that_reads_a_little_better() -> None:
    second, first = read_all(Counting(), "?", found(1.0, 1.5))
    second = second._replace(found=replace(second.found, hit=replace(second.found.hit, score=0.3)))
    assert [one.found.article.id for one in order_by_merit([first, second])] == ["a0", "a1"]
    assert merit(1.0, 0.3) == 1.0 + 0.3 * RETRIEVED
