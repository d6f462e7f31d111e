from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.languages import detect

TEXTS = {
    "en": "The council voted on Monday to build a bridge across the river, the mayor said.",
    "de": "Der Stadtrat stimmte am Montag für den Bau einer Brücke über den Fluss, sagte die Bürgermeisterin.",
    "fr": "Le conseil a voté lundi la construction d'un pont sur la rivière, a déclaré le maire.",
    "ru": "Городской совет проголосовал в понедельник за строительство моста через реку.",
    "zh": "市议会星期一投票决定在河上建造一座新的大桥，市长对记者说。",
    "ar": "صوت مجلس المدينة يوم الاثنين على بناء جسر جديد فوق النهر كما قال رئيس البلدية.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_the_language_of_a_sentence(code: str) -> None:
    assert detect(TEXTS[code]) == code


@pytest.mark.parametrize("text", ["", "😀😀😀 🎉", "12,345 67.8 %", "Hello", "London", "xqzt vbnm plok wrty qqxz"])
def test_what_is_uncertain_has_none(text: str) -> None:
    assert detect(text) is None


def test_only_the_beginning_counts() -> None:
    assert detect(TEXTS["de"] * 12 + TEXTS["en"] * 500) == "de"


def test_many_threads_get_the_same_answers() -> None:
    texts = list(TEXTS.values()) * 20
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == list(TEXTS) * 20
