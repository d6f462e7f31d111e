"""All that the reader learns from, put together; and what is held out of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from index.embedding import packaged_model
from qa.reader.inputs import Marks
from qa.reader.training.encoding import EncodedQuestion, EncodedText, encode
from qa.reader.training.groups import Pool
from qa.reader.training.likeness import Likeness
from qa.reader.training.mine import mine
from qa.reader.training.news import news
from qa.reader.training.sources import Source, records, squad
from qa.reader.training.written import written

HELD_OUT = 20
"""Every so many of SQuAD's training articles are kept for choosing by, and never trained on."""


def squad_train(data: Path) -> tuple[Source, Source]:
    """SQuAD's training set: what is trained on, and what is held out."""
    whole = squad(data / "squad-train-v1.1.json.xz")
    held = set(sorted({text.article for text in whole.texts})[::HELD_OUT])
    parts: list[Source] = []
    for keep in (False, True):
        numbers = [number for number, text in enumerate(whole.texts) if (text.article in held) is keep]
        renumbered = {number: row for row, number in enumerate(numbers)}
        parts.append(
            Source(
                [whole.texts[number] for number in numbers],
                [one._replace(text=renumbered[one.text]) for one in whole.asked if one.text in renumbered],
            )
        )
    return parts[0], parts[1]


STAGES: Mapping[str, Mapping[str, float]] = {
    "first": {"squad": 1.0, "queries": 2.0, "sentences": 0.5, "cloze": 1.0},
    "last": {"queries": 0.3, "sentences": 0.03, "refusals": 0.3, "written": 2.0},
}
"""How often an epoch has the questions of each source. First what teaches reading; last what is asked of news, and when
to refuse, with some of the rest so that nothing is forgotten.
"""


def corpora(
    data: Path, tokenizer: Tokenizer, marks: Marks, stage: str
) -> tuple[Pool, list[tuple[Sequence[int], float]]]:
    """The training questions of a stage, and the numbers of each source's with how often an epoch has them."""
    texts: list[EncodedText] = []
    words: list[str] = []
    questions: list[EncodedQuestion] = []
    sources: list[tuple[Sequence[int], float]] = []
    unanswering: dict[str, list[int]] = {}
    for name, weight in STAGES[stage].items():
        source, found = _source(data, name)
        encoded, asked = encode(tokenizer, source)
        sources.append((range(len(questions), len(questions) + len(asked)), weight))
        questions += [one._replace(text=one.text + len(texts)) for one in asked]
        unanswering |= {asking: [number + len(texts) for number in numbers] for asking, numbers in found.items()}
        texts += encoded
        words += [text.text for text in source.texts]
    like = Likeness.packaged(tokenizer, packaged_model())
    return Pool(tokenizer, marks, texts, words, questions, unanswering, like), sources


def _source(data: Path, name: str) -> tuple[Source, Mapping[str, Sequence[int]]]:
    """A source by its name in ``STAGES``, and for its questions the numbers of texts that look like an answer."""
    articles = data / "news-articles-10k.jsonl.xz"
    match name:
        case "squad":
            source, _ = squad_train(data)
            return source, mine(source.texts, source.asked)
        case "queries":
            source = records(data / "qed_nq.jsonl.xz", split="train")
            return source, mine(source.texts, source.asked)
        case "sentences":
            return records(data / "qamr_sentences.jsonl.xz"), {}
        case "cloze":
            return news(articles)
        case "refusals":
            source = records(data / "more" / "squad2_unansw.jsonl.xz", split="train")
            held = {text.title for text in squad_train(data)[1].texts}
            return source._replace(asked=[one for one in source.asked if source.texts[one.text].title not in held]), {}
        case "written":
            return written(data / "reader_train.jsonl.xz", articles, "train")
    raise ValueError(f"there is no source {name}")
