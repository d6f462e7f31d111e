import hashlib
import json
from pathlib import Path

import pytest

from qa.cli.input_files import read_citations
from qa.errors import CitationsError

FIRST = "Chips 😀 were approved. Beijing said so."
SECOND = "Chips were not approved, it turned out."


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


CITATION = {"article_id": "a", "start": 0, "end": 7, "quote": FIRST[:7], "article_sha256": sha256(FIRST)}


@pytest.mark.parametrize(
    "content",
    [
        {"citations": [CITATION, CITATION]},
        {"status": "answered", "answers": [{"citations": [{**CITATION, "prefix": ""}]}, {"citations": [CITATION]}]},
        [CITATION, CITATION],
    ],
)
def test_citations_are_read_from_a_list_or_a_reply(tmp_path: Path, content: object) -> None:
    path = tmp_path / "citations.json"
    path.write_text(json.dumps(content))
    assert [one.model_dump() for one in read_citations(path)] == [CITATION, CITATION]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "can't be read as JSON"),
        ("[" * 100_000, "can't be read as JSON"),
        ("7", "has no citations"),
        ('{"citations": 7}', "has no citations"),
        ('{"citations": [7]}', "citation 1: the citation: "),
        ('{"citations": [{"article_id": "a", "start": 0, "end": 1, "quote": "C"}]}', "citation 1: article_sha256: "),
        (json.dumps([CITATION, {**CITATION, "start": "0"}]), "citation 2: start: "),
        (json.dumps([{**CITATION, "quote": "\ud800"}]), "citation 1: quote: holds a lone surrogate"),
    ],
)
def test_what_is_wrong_with_a_file_of_citations_is_told(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "citations.json"
    path.write_text(content)
    with pytest.raises(CitationsError) as error:
        read_citations(path)
    assert said in str(error.value)
