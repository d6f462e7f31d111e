"""Capitals that stand for their governments: "Beijing warned" means "China warned"."""

from qa.gate.text.word_classes import is_verb
from qa.gate.text.words import Word, stem, words

_SEATS = (
    "Washington America, Beijing China, Moscow Russia, Kremlin Russia, London Britain, Westminster Britain, "
    "Paris France, Berlin Germany, Tokyo Japan, Seoul Korea, Pyongyang Korea, Delhi India, "
    "Islamabad Pakistan, Dhaka Bangladesh, "
    "Brussels Europe, Kyiv Ukraine, Minsk Belarus, Tehran Iran, Baghdad Iraq, Jerusalem Israel, Ankara Turkey, "
    "Damascus Syria, Riyadh Arabia, Cairo Egypt, Ottawa Canada, Canberra Australia, Wellington Zealand, Taipei Taiwan, "
    "Rome Italy, Madrid Spain, Lisbon Portugal, Athens Greece, Warsaw Poland, Prague Czech, Budapest Hungary, "
    "Vienna Austria, Bern Switzerland, Hague Netherlands, Stockholm Sweden, Oslo Norway, Copenhagen Denmark, "
    "Helsinki Finland, Dublin Ireland, Belgrade Serbia, Bucharest Romania, Brasilia Brazil, Caracas Venezuela, "
    "Havana Cuba, Bogota Colombia, Lima Peru, Santiago Chile, Jakarta Indonesia, Manila Philippines, Hanoi Vietnam, "
    "Bangkok Thailand, Pretoria Africa, Nairobi Kenya, Abuja Nigeria, Addis Ethiopia"
)
_PLACING = frozenset("in at near from to through around outside via of".split())
_DOING = frozenset(
    "says wants warns bans forbids allows bars lets plans expects denies accuses sees hopes fears continues keeps "
    "takes gets officials authorities government regulators leaders".split()
)
"""What may stand behind the name of a government."""
_STANDS_FOR: dict[str, frozenset[str]] = {}
_CAPITALS = set()
_NAMES = {"us", "u.s", "usa", "uk", "u.k", "eu"}
"""In small letters; "Norwegian" may be said of what is not of Oslo."""
for _pair in _SEATS.split(", "):
    _capital, _country = map(stem, _pair.split())
    _CAPITALS.add(_capital)
    _NAMES |= {*_pair.casefold().split()}
    _STANDS_FOR[_capital] = _STANDS_FOR.get(_capital, frozenset()) | {_country}
    _STANDS_FOR[_country] = _STANDS_FOR.get(_country, frozenset()) | {_capital}


def governments(word: Word) -> frozenset[str]:
    """The stems of the capitals that a country is told by, or of the country that a capital stands for."""
    return _STANDS_FOR.get(word.stem, frozenset()) if word.lower in _NAMES else frozenset()


def is_place(text: str, word: Word) -> bool:
    """Whether a word of a text names a capital as a place: "in Beijing", "the Beijing market"."""
    if word.stem not in _CAPITALS:
        return False
    told = words(text)
    at = next(place for place, one in enumerate(told) if one.start == word.start)
    if at and told[at - 1].lower in _PLACING:
        return True
    behind = told[at + 1] if at + 1 < len(told) and text[word.end : told[at + 1].start] == " " else None
    return bool(behind and behind.content and not behind.name and not is_verb(behind) and behind.lower not in _DOING)
