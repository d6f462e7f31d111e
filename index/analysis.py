"""The words that are searched: tokenized, folded and stemmed by tantivy."""

from unicodedata import normalize

import tantivy
from tantivy import Filter as TokenFilter

# Numbers keep their separators (400,000 is one word), scripts without spaces are cut by character.
_WORD = (
    r"\p{N}+(?:[.,]\p{N}+)+|[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]|"
    r"[\p{L}\p{M}\p{N}&&[^\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]+"
)
_APOSTROPHES = str.maketrans(dict.fromkeys("ʼʻʽ", "'"))
_QUESTION_WORDS = (
    "a an and are as at be been by can did do does for from had has have how in is it its many much of on or that the "
    "their them they this to was we were what when where which who whom whose why will with would you"
).split()


def analyzer(*, stop: bool = False) -> tantivy.TextAnalyzer:
    """Make what cuts a text into words as the index holds them; with ``stop`` without those of any question."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_WORD)).filter(TokenFilter.remove_long(120))
    builder = builder.filter(TokenFilter.lowercase()).filter(TokenFilter.ascii_fold())
    if stop:
        builder = builder.filter(TokenFilter.custom_stopword(_QUESTION_WORDS))
    return builder.filter(TokenFilter.stemmer("english")).build()


_QUESTION = analyzer(stop=True)
_ANY = analyzer()


def compose(text: str) -> str:
    """A text as it is given to an analyzer: accents in one encoding (NFC), and letters that are apostrophes as such."""
    return normalize("NFC", text).translate(_APOSTROPHES)


def terms(text: str) -> frozenset[str]:
    """What a search for ``text`` looks for: its words' stems, those of any question left out."""
    return frozenset(_QUESTION.analyze(compose(text)))


def query_terms(text: str) -> list[str]:
    """The same, in order. Words that every question has say nothing; one made of nothing else is searched as it is.

    With accents, words are looked for as they stand in indexes of earlier versions too, which took texts as they came.
    """
    found = terms(text) or {*_ANY.analyze(compose(text))}
    return sorted(found if text.isascii() else found | {*_QUESTION.analyze(normalize("NFD", text))})


def analyze(text: str) -> list[str]:
    """The words of a text as the index holds them, in order, as often as they come."""
    return _ANY.analyze(compose(text))
