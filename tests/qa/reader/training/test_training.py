"""How the reader is trained: on a set of questions small enough to be read here."""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from index.embedding import packaged_model
from qa.reader.inputs import WINDOW, Marks, packaged_tokenizer
from qa.reader.network import Logits, ReaderNetwork
from qa.reader.training.batches import Batch, batches
from qa.reader.training.corpora import squad_train
from qa.reader.training.encoding import encode
from qa.reader.training.examples import Example, example, unanswering
from qa.reader.training.groups import Mix, Pool
from qa.reader.training.likeness import Likeness
from qa.reader.training.loss import Tensors, loss
from qa.reader.training.mine import mine
from qa.reader.training.schedule import learning_rate, mix
from qa.reader.training.sources import Source, Text, TrainingQuestion, records, squad, standing
from qa.reader.training.swaps import ALIKE, swap, swappable
from qa.reader.training.train import Recipe, Trainer, order
from qa.reader.weights import Stretch

FERRY = (
    "The ferry sank on Monday off Port Alder. It carried 300 people, said the harbour master, Ada Reed. "
    "Nobody was hurt. Divers will look at the wreck in March 2024."
)
DOCK = "The dock was built in 1911. It is 900 metres long, and the ferry from Lorn uses it."
QUESTIONS = [
    ("How many people did the ferry carry?", "300", False),
    ("Who is the harbour master?", "Ada Reed", False),
    ("When did the ferry sink?", "Monday", False),
    ("What sank off Port Alder?", "ferry", True),
]


def squad_file(path: Path) -> Path:
    """A file in SQuAD's form with two passages of one article, twenty times over under other names."""
    paragraphs = [
        {
            "context": FERRY,
            "qas": [
                {
                    "question": question,
                    "answers": [{"text": answer, "answer_start": FERRY.index(answer)}],
                    "start_ambiguous": ambiguous,
                }
                for question, answer, ambiguous in QUESTIONS
            ],
        },
        {
            "context": DOCK,
            "qas": [{"question": "How long is the dock?", "answers": [{"text": "900 metres", "answer_start": 34}]}],
        },
    ]
    articles = [{"title": f"Port_{number:02}", "paragraphs": paragraphs} for number in range(21)]
    with lzma.open(path, "wt", encoding="utf-8") as file:
        json.dump({"data": articles}, file)
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return squad(squad_file(tmp_path_factory.mktemp("data") / "squad-train-v1.1.json.xz"))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return packaged_tokenizer()


@pytest.fixture(scope="module")
def like(tokenizer: Tokenizer) -> Likeness:
    return Likeness.packaged(tokenizer, packaged_model())


@pytest.fixture(scope="module")
def pool(source: Source, tokenizer: Tokenizer, like: Likeness) -> Pool:
    texts, questions = encode(tokenizer, source)
    return Pool(tokenizer, Marks.of(tokenizer), texts, [text.text for text in source.texts], questions, {}, like)


def test_an_ambiguous_answer_is_right_wherever_it_stands(source: Source) -> None:
    assert source.texts[0] == Text("Port 00", FERRY, "Port_00")
    carried, _, _, sank, _ = source.asked[:5]
    assert [FERRY[a:b] for a, b in carried.spans] == ["300"]
    assert sank.spans == ((4, 9),)
    assert standing("ferry", "A ferry, the ferry-man and ferrying: ferry.") == [(2, 7), (13, 18), (37, 42)]
    assert standing("$5", "for $5, not $55") == [(4, 6)]
    assert standing(" ", "a b") == []


def test_every_twentieth_article_is_held_out(tmp_path: Path) -> None:
    squad_file(tmp_path / "squad-train-v1.1.json.xz")
    trained, held = squad_train(tmp_path)
    assert {text.article for text in held.texts} == {"Port_00", "Port_20"}
    assert {text.article for text in trained.texts}.isdisjoint({text.article for text in held.texts})
    for part in (trained, held):
        assert len(part.asked) == 5 * len(part.texts) // 2
        assert all(part.texts[one.text].text[a:b] for one in part.asked for a, b in one.spans)


def test_records_without_their_answer_in_the_text_are_left_out(tmp_path: Path) -> None:
    lines = [
        {"split": "train", "title": "Dock", "context": DOCK, "question": "how long", "answers": ["900 metres"]},
        {"split": "train", "title": "Dock", "context": DOCK, "question": "how wide", "answers": ["90 metres"]},
        {"split": "dev", "title": "Dock", "context": DOCK, "question": "when built", "answers": ["1911"]},
    ]
    with lzma.open(tmp_path / "set.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write("\n\n".join(map(json.dumps, lines)))
    found = records(tmp_path / "set.jsonl.xz", split="train")
    assert [one.question for one in found.asked] == ["how long"]
    assert len(records(tmp_path / "set.jsonl.xz").asked) == 2
    assert len(found.texts) == 1


def decoded(tokenizer: Tokenizer, row: Example) -> list[str]:
    return [tokenizer.decode(row.ids[start:end]) for start, end in row.spans]


def test_an_example_of_some_sentences_keeps_the_answer_in_its_place(pool: Pool, tokenizer: Tokenizer) -> None:
    question, text = pool.questions[0], pool.texts[0]
    assert [tokenizer.decode(text.ids[a:b].tolist()) for a, b in text.sentences][2:] == [
        "nobody was hurt.",
        "divers will look at the wreck in march 2024.",
    ]
    whole = example(pool.marks, question.ids, text, question.spans)
    some = example(pool.marks, question.ids, text, question.spans, [1, 3])
    none = example(pool.marks, question.ids, text, question.spans, unanswering(text, question.spans))
    assert decoded(tokenizer, whole) == decoded(tokenizer, some) == ["300"]
    assert none.spans == ()
    assert tokenizer.decode(none.ids, skip_special_tokens=False) == (
        "[CLS] how many people did the ferry carry? [SEP] port 00 [SEP] the ferry sank on monday off port alder. "
        "nobody was hurt. divers will look at the wreck in march 2024. [SEP]"
    )
    assert len(some.ids) < len(whole.ids)


@pytest.mark.parametrize("whole", [0.0, 1.0])
def test_every_group_answers_its_question_once_and_no_negative_holds_the_answer(
    pool: Pool, tokenizer: Tokenizer, whole: float
) -> None:
    negatives = swapped = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        for number in range(5):
            group, *others = pool.groups(number, Mix(whole, 1.0, 1.0, 0.0), rng)
            answer = [*QUESTIONS, ("", "900 metres", False)][number][1]
            assert decoded(tokenizer, group[0]) == [answer.lower()]
            for row in group[1:]:
                negatives += 1
                assert row.spans == ()
                assert answer.lower() not in tokenizer.decode(row.ids[row.start :])
            for (row,) in others:
                swapped += 1
                assert row.spans == ()
                assert row.ids[: row.start] != group[0].ids[: group[0].start]
                assert row.ids[row.start :] == group[0].ids[group[0].start :]
            assert max(len(row.ids) for row in group) <= WINDOW
    assert negatives > 80
    assert swapped > 10


def test_mined_texts_stand_in_for_other_negatives(pool: Pool, tokenizer: Tokenizer) -> None:
    mined = Pool(tokenizer, pool.marks, pool.texts, pool.words, pool.questions, {QUESTIONS[0][0]: [1]}, pool.like)
    (group,) = mined.groups(0, Mix(1.0, 1.0, 0.0, 1.0), np.random.default_rng(0))
    assert "dock was built" in tokenizer.decode(group[1].ids)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Who led Port Alder in 1911?", [("Port Alder", "name"), ("1911", "year")]),
        (
            "Which ferry carried 1,300 people in March?",
            [("ferry", "word"), ("carried", "word"), ("1,300", "number"), ("people", "word"), ("March", "month")],
        ),
        ("Who named it, What or Ada?", [("Ada", "name")]),
        ("What is a multi-layer board?", [("board", "word")]),
    ],
)
def test_what_can_be_swapped(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[one.start : one.end], one.kind) for one in swappable(text)] == found


def test_a_swapped_question_asks_about_something_else(like: Likeness) -> None:
    asked = "Who led Port Alder in 1911?"
    swaps = [swap(asked, FERRY, ["What did Lorn build?"], like, np.random.default_rng(seed)) for seed in range(60)]
    seen = {one for one in swaps if one}
    assert asked not in seen
    assert "Who led Ada Reed in 1911?" in seen
    assert "Who led Lorn in 1911?" in seen
    years = {one.split()[-1] for one in seen if "Port Alder" in one}
    assert len(years) > 3
    assert "1911?" not in years
    assert all(swap("Who led?", FERRY, [], like, np.random.default_rng(seed)) is None for seed in range(20))
    firsts = {swap("Which was the first?", FERRY, [], like, np.random.default_rng(seed)) for seed in range(60)}
    assert firsts == {None, "Which was not the first?"}
    firsts = {swap("Which was the first one?", "", [], like, np.random.default_rng(seed)) for seed in range(60)}
    assert firsts == {"Which was the last one?", "Which was the second one?", "Which was not the first one?"}
    assert all(swap("How long?", "", [], like, np.random.default_rng(seed)) is None for seed in range(20))
    assert all(swap("Who sank?", "", [], like, np.random.default_rng(seed)) is None for seed in range(20))
    lasting = {swap("How long did it last?", FERRY, [], like, np.random.default_rng(seed)) for seed in range(60)}
    assert lasting == {None, "How long did not it last?"}


def test_a_word_is_swapped_for_one_of_its_kind_that_means_something_else(like: Likeness) -> None:
    assert like("ferry", ["boat"])[0] > ALIKE[1]
    passage = "The ship was repaired, and quickly sold to a museum, where visitors admired the cabins and the engine."
    found = {swap("Who painted it?", passage, [], like, np.random.default_rng(seed)) for seed in range(60)}
    assert found <= {None, "Who repaired it?", "Who admired it?"}
    assert len(found) > 1


def test_likeness_is_the_cosine_of_mean_embeddings(tokenizer: Tokenizer) -> None:
    rng = np.random.default_rng(0)
    table = rng.standard_normal((tokenizer.get_vocab_size(), 8)).astype(np.float32)
    like = Likeness(tokenizer, table.copy())
    unit = table - table.mean(0)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    first, second = (
        unit[tokenizer.encode(words, add_special_tokens=False).ids].mean(0) for words in ("old dock", "ferry")
    )
    assert like("old dock", ["ferry", "old dock"]) == pytest.approx(
        [first @ second / np.linalg.norm(first) / np.linalg.norm(second), 1.0], abs=1e-5
    )
    assert like("", ["ferry"])[0] == 0.0


def rows(*groups: list[Example]) -> Batch:
    (batch,) = batches(groups, 10_000, np.random.default_rng(0))
    return batch


def test_a_batch_pads_and_marks(pool: Pool) -> None:
    question, text = pool.questions[0], pool.texts[0]
    positive = example(pool.marks, question.ids, text, question.spans, [1])
    negative = example(pool.marks, question.ids, text, (), [2])
    batch = rows([positive, negative])
    assert batch.ids.shape == (2, -(-len(positive.ids) // 8) * 8)
    assert batch.mask.sum(1).tolist() == [len(positive.ids), len(negative.ids)]
    ((start, end),) = positive.spans
    assert np.argwhere(batch.starts).tolist() == [[0, start]]
    assert np.argwhere(batch.ends).tolist() == [[0, end - 1]]
    assert batch.text[0].nonzero()[0].tolist() == [*range(positive.start, len(positive.ids) - 1)]
    assert batch.types[0].nonzero()[0].tolist() == [*range(len(question.ids) + 2, len(positive.ids))]
    assert batch.groups.tolist() == [0, 0]


def test_batches_are_no_larger_than_asked(pool: Pool) -> None:
    groups = [group for number in range(40) for group in pool.groups(number, mix(0.9), np.random.default_rng(number))]
    found = batches(groups, 600, np.random.default_rng(0))
    assert max(batch.ids.size for batch in found) <= 600
    assert sum(batch.groups.max() + 1 for batch in found) == len(groups)


def test_the_loss_is_that_of_the_right_span_among_all_rows_of_its_group() -> None:
    # One group of two rows with two pieces of text each, of which the first of the first row answers; one group whose
    # only row has no answer.
    example_rows = [[Example([1, 2, 9, 7, 8, 2], 3, ((3, 4),)), Example([1, 2, 9, 7, 8, 2], 3, ())]]
    batch = rows(*example_rows, [Example([1, 2, 9, 7, 8, 2], 3, ())])
    first = int(np.argwhere(batch.starts)[0, 0])
    starts = torch.zeros(3, 8)
    starts[first, 3] = 2.0
    answers = torch.full((3,), -1.0)
    answers[first] = 3.0
    spans, answering = loss(Logits(starts, torch.zeros(3, 8), answers), Tensors.of(batch, "cpu"))
    start_loss = np.log(np.exp(2.0) + 3) - 2.0
    assert float(spans) == pytest.approx((start_loss + np.log(4)) / 2, abs=1e-5)
    assert float(answering) == pytest.approx((np.log1p(np.exp(-3.0)) + 2 * np.log1p(np.exp(-1.0))) / 3, abs=1e-5)
    unanswered = rows([Example([1, 2, 9, 7, 8, 2], 3, ())])
    assert (
        float(loss(Logits(torch.zeros(1, 8), torch.zeros(1, 8), torch.zeros(1)), Tensors.of(unanswered, "cpu"))[0])
        == 0.0
    )


def test_the_schedule_warms_up_and_ends_at_nothing() -> None:
    assert learning_rate(0.015, 2.0) == pytest.approx(1.0)
    assert learning_rate(0.03, 2.0) == pytest.approx(2.0)
    assert learning_rate(0.515, 2.0) == pytest.approx(1.0)
    assert learning_rate(1.0, 2.0) == 0.0
    assert (mix(0.2).whole, mix(0.9).whole) == (0.0, 0.75)


def test_an_epoch_has_every_source_as_often_as_its_weight_says() -> None:
    numbers = order([(range(10), 1.5), (range(10, 30), 0.5)], seed=1)
    first = numbers(0)
    assert len(first) == 25
    assert all(first.count(number) in (1, 2) for number in range(10))
    assert sorted(first) != list(first)
    assert list(numbers(0)) == list(first) != list(numbers(1))


def trainers(count: int) -> Iterator[Trainer]:
    for _ in range(count):
        torch.manual_seed(0)
        network = ReaderNetwork.from_packaged(packaged_model())
        yield Trainer(network, Recipe(pieces=6_000, batch_pieces=1_500, peak=5e-4), "cpu", torch.float32)


def test_training_learns_and_goes_on_from_a_checkpoint_as_if_it_had_not_stopped(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qa.reader.training.train.QUESTIONS", 16)
    numbers = order([(range(len(pool.questions)), 1.0)], seed=1)
    through, stopped, resumed = trainers(3)

    class Stopped(Exception):
        pass

    def stop(trainer: Trainer) -> None:
        trainer.save(tmp_path / "checkpoint.pt")
        raise Stopped

    stopped.earlier = [Stretch(questions=640, pieces=93_400, steps=35, seconds=49.5, peak=3e-4, seed=1)]
    through.train(pool, numbers, lambda _: None)
    with pytest.raises(Stopped):
        stopped.train(pool, numbers, stop)
    resumed.resume(tmp_path / "checkpoint.pt")
    assert (resumed.progress.questions, resumed.earlier) == (16, stopped.earlier)
    resumed.train(pool, numbers, lambda _: None)
    assert resumed.progress.pieces == through.progress.pieces >= 6_000
    for one, other in zip(through.network.parameters(), resumed.network.parameters(), strict=True):
        assert torch.equal(one, other)
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert said[0]["spans"] > said[-1]["spans"] > 0


def test_what_is_mined_shares_words_and_lacks_the_answer() -> None:
    texts = [
        Text("", "The ferry sank off Port Alder on Monday.", "one"),
        Text("", "The ferry came to Port Alder in spring.", "two"),
        Text("", "On Monday the ferry was seen off Port Alder.", "three"),
        *(Text("", f"Nothing of it stands in number {number}.", "four") for number in range(20)),
    ]
    found = mine(texts, [TrainingQuestion("When did the ferry sink off Port Alder?", 0, ((33, 39),))])
    assert found == {"When did the ferry sink off Port Alder?": [1]}


def test_batches_made_by_other_processes_are_those_made_here(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.reader.training.train.QUESTIONS", 16)
    here, there = trainers(2)
    numbers = order([(range(len(pool.questions)), 1.0)], seed=1)
    # The mix is that of the beginning in both: it changes towards the end alone.
    monkeypatch.setattr("qa.reader.training.train.mix", lambda _: mix(0.0))
    here.train(pool, numbers, lambda _: None)
    there.train(pool, numbers, lambda _: None, workers=2)
    assert here.progress.pieces == there.progress.pieces
    for one, other in zip(here.network.parameters(), there.network.parameters(), strict=True):
        assert torch.equal(one, other)


def test_training_comes_to_its_end_when_its_seconds_are_over(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.reader.training.train.QUESTIONS", 4)
    torch.manual_seed(0)
    recipe = Recipe(pieces=10**9, seconds=0.5, batch_pieces=1_500)
    trainer = Trainer(ReaderNetwork.from_packaged(packaged_model()), recipe, "cpu", torch.float32)
    rates: list[float] = []
    trainer.train(pool, order([(range(len(pool.questions)), 1.0)], seed=1), lambda one: rates.append(one.done))
    assert rates[-1] == 1.0
    assert trainer.progress.seconds >= 0.5
    assert rates == sorted(rates)
