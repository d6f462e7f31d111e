"""Groups: the rows of one question that are normalised together, a passage that answers and one that doesn't."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from qa.reader.inputs import Marks
from qa.reader.training.encoding import EncodedQuestion, EncodedText, question_ids
from qa.reader.training.examples import LONGEST, SHORTEST, Example, cut, example, grown, unanswering
from qa.reader.training.swaps import Like, swap

NEGATIVES = 2
"""Passages without an answer that a group has at most."""
TRIES = 3
"""Siblings looked at for one that shares words with the question."""
OWN = 0.6
"""How often a passage without an answer is the rest of the one that has it, rather than a sibling."""
NEAREST = 0.7
"""How often it has the sentence that shares most words with the question, rather than any."""


class Mix(NamedTuple):
    """How groups are made at one point of training, as probabilities."""

    whole: float
    """Passages that are read whole, not cut to some sentences."""
    negative: float
    """For each of ``NEGATIVES`` passages without an answer, that it stands in the group."""
    swapped: float
    """Groups followed by one of a swapped question."""
    mined: float
    """Of the passages without an answer, those that the retriever took for one."""


@dataclass(frozen=True)
class Pool:
    """All that groups are made of. ``mined`` names, for some questions, texts that look like an answer and are none."""

    tokenizer: Tokenizer
    marks: Marks
    texts: Sequence[EncodedText]
    words: Sequence[str]
    questions: Sequence[EncodedQuestion]
    mined: Mapping[str, Sequence[int]]
    like: Like
    siblings: Mapping[str, list[int]] = field(init=False)
    asked: Mapping[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        siblings: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self.texts):
            siblings[text.article].append(number)
        asked: dict[str, list[int]] = defaultdict(list)
        for number, question in enumerate(self.questions):
            asked[self.texts[question.text].article].append(number)
        object.__setattr__(self, "siblings", siblings)
        object.__setattr__(self, "asked", asked)

    def groups(self, number: int, mix: Mix, rng: np.random.Generator) -> list[list[Example]]:
        """The group of this question, and sometimes a second one of the question swapped."""
        question = self.questions[number]
        text = self.texts[question.text]
        if not question.spans:
            return [[self._unanswered(question, text, mix, rng)]]
        sentences = None if rng.random() < mix.whole else cut(text, question.spans, rng)
        positive = example(self.marks, question.ids, text, question.spans, sentences)
        if not positive.spans:  # the window cut the answer off, or it stands across sentences that were not both taken
            positive = example(self.marks, question.ids, text, question.spans, cut(text, question.spans, rng))
            if not positive.spans:
                return []
        # Of the same length, so that no row of a batch is mostly padding.
        wanted = len(positive.ids) - positive.start
        negatives = (
            self._negative(question, wanted, mix, rng) for _ in range(NEGATIVES) if rng.random() < mix.negative
        )
        groups = [[positive, *filter(None, negatives)]]
        if rng.random() < mix.swapped and (other := self._swapped(question, rng)):
            row = example(self.marks, question_ids(other), text, (), sentences)
            groups.append([row])
        return groups

    def _unanswered(self, question: EncodedQuestion, text: EncodedText, mix: Mix, rng: np.random.Generator) -> Example:
        """The text that comes nearest to answering a question which it does not answer, whole or the nearest of it; or,
        as often as of other questions, a mined one.
        """
        if self.mined.get(question.words) and rng.random() < mix.mined * mix.negative:
            text = self.texts[int(rng.choice(self.mined[question.words]))]
        if rng.random() < mix.whole:
            return example(self.marks, question.ids, text, ())
        wanted = int(rng.integers(SHORTEST, LONGEST + 1))
        return example(self.marks, question.ids, text, (), grown(text, [self._nearest(question, text)], wanted, rng))

    def _negative(self, question: EncodedQuestion, wanted: int, mix: Mix, rng: np.random.Generator) -> Example | None:
        """Some ``wanted`` pieces without an answer: of a mined text, the rest of the question's own, or a sibling's."""
        own = self.texts[question.text]
        rest = unanswering(own, question.spans)
        if self.mined.get(question.words) and rng.random() < mix.mined:
            text = self.texts[int(rng.choice(self.mined[question.words]))]
        elif rest and rng.random() < OWN:
            text = own._replace(sentences=tuple(own.sentences[row] for row in rest))
        elif found := self._sibling(question, rng):
            text = found
        else:
            return None
        first = self._nearest(question, text) if rng.random() < NEAREST else int(rng.integers(len(text.sentences)))
        return example(self.marks, question.ids, text, (), grown(text, [first], wanted, rng))

    def _sibling(self, question: EncodedQuestion, rng: np.random.Generator) -> EncodedText | None:
        """Another text of the same article that no answer's pieces stand in: the nearest of some."""
        own = self.texts[question.text]
        siblings = self.siblings[own.article]
        answers = [own.ids[start:end].tolist() for start, end in question.spans]
        words = set(question.ids.tolist())
        best: tuple[int, EncodedText] | None = None
        for _ in range(TRIES):
            text = self.texts[siblings[int(rng.integers(len(siblings)))]]
            if text is own or any(_holds(text.ids.tolist(), answer) for answer in answers):
                continue
            shared = len(words & set(text.ids.tolist()))
            if best is None or shared > best[0]:
                best = (shared, text)
        return best[1] if best else None

    def _nearest(self, question: EncodedQuestion, text: EncodedText) -> int:
        """The sentence that shares most pieces with the question."""
        words = set(question.ids.tolist())
        return max(
            range(len(text.sentences)), key=lambda row: len(words & set(text.ids[slice(*text.sentences[row])].tolist()))
        )

    def _swapped(self, question: EncodedQuestion, rng: np.random.Generator) -> list[int] | None:
        asked = self.asked[self.texts[question.text].article]
        others = [self.questions[asked[int(rng.integers(len(asked)))]].words for _ in range(4)]
        other = swap(question.words, self.words[question.text], others, self.like, rng)
        return self.tokenizer.encode(other, add_special_tokens=False).ids if other else None


def _holds(ids: list[int], part: list[int]) -> bool:
    """Whether ``part`` stands in ``ids`` in one run."""
    size = len(part)
    return any(ids[row] == part[0] and ids[row : row + size] == part for row in range(len(ids) - size + 1))
