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


def corpora(data: Path, tokenizer: Tokenizer, marks: Marks) -> tuple[Pool, list[tuple[Sequence[int], float]]]:
    """Every training question, and the numbers of each source's with how often an epoch has them."""
    squad, _ = squad_train(data)
    queries = records(data / "qed_nq.jsonl.xz", split="train")
    told, lookalikes = news(data / "news-articles-10k.jsonl.xz")
    weighted: tuple[tuple[Source, float, Mapping[str, Sequence[int]]], ...] = (
        (squad, 1.0, mine(squad.texts, squad.asked)),
        (queries, 2.0, mine(queries.texts, queries.asked)),
        (records(data / "qamr_sentences.jsonl.xz"), 0.5, {}),
        (told, 1.0, lookalikes),
    )
    texts: list[EncodedText] = []
    words: list[str] = []
    questions: list[EncodedQuestion] = []
    sources: list[tuple[Sequence[int], float]] = []
    unanswering: dict[str, list[int]] = {}
    for source, weight, found in weighted:
        encoded, asked = encode(tokenizer, source)
        sources.append((range(len(questions), len(questions) + len(asked)), weight))
        questions += [one._replace(text=one.text + len(texts)) for one in asked]
        unanswering |= {asking: [number + len(texts) for number in numbers] for asking, numbers in found.items()}
        texts += encoded
        words += [text.text for text in source.texts]
    like = Likeness.packaged(tokenizer, packaged_model())
    return Pool(tokenizer, marks, texts, words, questions, unanswering, like), sources
