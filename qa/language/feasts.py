"""Feasts and days of note that news names instead of a date -> the days they fall on in a year.

Only those that fall on one day wherever they are kept, or that one country alone calls so: Mother's Day and Labour Day
are left out, because which day it is depends on where.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from qa.language.calendar import DAY, Run, months, nth_weekday
from qa.language.calendar import easter as _easter

_FIXED = """
1 1 New Year's Day|New Years Day
1 6 Epiphany|Three Kings' Day
1 25 Burns Night
1 26 Australia Day
2 2 Candlemas|Groundhog Day
2 14 Valentine's Day|St Valentine's Day|St. Valentine's Day
3 1 St David's Day|St. David's Day
3 17 St Patrick's Day|St. Patrick's Day|Saint Patrick's Day
4 1 April Fools' Day|April Fool's Day|April Fools Day
4 23 St George's Day|St. George's Day
4 25 Anzac Day|ANZAC Day
5 1 May Day
6 19 Juneteenth
7 1 Canada Day
7 4 Fourth of July|July Fourth
7 14 Bastille Day
8 15 Assumption Day
10 31 Halloween|Hallowe'en
11 1 All Saints' Day|All Saints Day
11 2 All Souls' Day|All Souls Day
11 5 Bonfire Night|Guy Fawkes Night
11 11 Armistice Day|Remembrance Day|Veterans Day
11 30 St Andrew's Day|St. Andrew's Day
12 24 Christmas Eve
12 25 Christmas Day|Christmas
12 26 Boxing Day|St Stephen's Day|St. Stephen's Day
12 31 New Year's Eve|New Years Eve|Hogmanay
"""
_FROM_EASTER = """
-47 -47 Shrove Tuesday|Pancake Day|Mardi Gras|Fat Tuesday
-48 -48 Rose Monday
-46 -46 Ash Wednesday
-7 -7 Palm Sunday
-7 -1 Holy Week
-3 -3 Maundy Thursday|Holy Thursday
-2 -2 Good Friday
-1 -1 Holy Saturday|Easter Saturday|Easter Eve
0 0 Easter Sunday|Easter Day
-2 1 Easter weekend|Easter
1 1 Easter Monday
2 2 Easter Tuesday
39 39 Ascension Day|Ascension Thursday
49 49 Whit Sunday|Pentecost Sunday|Pentecost
50 50 Whit Monday|Pentecost Monday
56 56 Trinity Sunday
"""
_WEEKDAYS = """
1 0 3 0 Martin Luther King Jr. Day|Martin Luther King Day|MLK Day
2 0 3 0 Presidents' Day|Presidents Day
5 0 -1 0 Memorial Day
9 0 1 0 Labor Day
11 3 4 0 Thanksgiving Day|Thanksgiving
11 3 4 1 Black Friday
11 3 4 4 Cyber Monday
11 3 4 5 Giving Tuesday
11 6 2 0 Remembrance Sunday
"""
"""Month, weekday from Monday 0, which of them in the month, days after it."""

_Falls = Callable[[int], Run]


def _fixed(month: int, day: int) -> _Falls:
    return lambda year: (date(year, month, day), date(year, month, day))


def _after_easter(first: int, last: int) -> _Falls:
    return lambda year: (_easter(year) + timedelta(days=first), _easter(year) + timedelta(days=last))


def _on_weekday(month: int, weekday: int, nth: int, shift: int) -> _Falls:
    def falls(year: int) -> Run:
        day = nth_weekday(months(year, month, 1), weekday, nth) + shift * DAY
        return day, day

    return falls


def _table() -> dict[str, _Falls]:
    made: dict[str, _Falls] = {}
    for lines, count, rule in ((_FIXED, 2, _fixed), (_FROM_EASTER, 2, _after_easter), (_WEEKDAYS, 4, _on_weekday)):
        for line in lines.strip().splitlines():
            *numbers, names = line.split(maxsplit=count)
            falls: _Falls = rule(*map(int, numbers))
            made.update((_plain(name), falls) for name in names.split("|"))
    return made


def _plain(name: str) -> str:
    return " ".join(name.replace("’", "'").split())


_FEASTS = _table()
_BARE = r"|".join(sorted((name for name in _FEASTS if " " not in name or name == "Mardi Gras"), key=len, reverse=True))
_WHOLE = "|".join(
    re.escape(name).replace(r"\ ", r"\s").replace("'", "['’]")
    for name in sorted(_FEASTS, key=len, reverse=True)
    if not re.fullmatch(_BARE, name)
)
_OTHER = r"(?:Orthodox|Greek|Coptic|Canadian|Russian|Ukrainian|Julian|Old|Eastern)\s"
_AFTER_BARE = (
    r"(?=\s*$|\s*[^\w\s’'-]|\s(?:[0-9]|(?:and|or|but|when|as|with|in|at|on|the|a|an|this|last|next|because|to|until|if|"
    r"while|after|before|for|that|which|who|will|would|is|was|has|had|it|he|she|they|we|of|by|from|so)\b)"
    r"|['’]s\b)"
)
"""What may follow a bare name: "after Christmas the court ..." is a day, a "Christmas market" is none."""

FEAST = rf"(?-i:(?P<other>{_OTHER})?(?P<feast>{_WHOLE}|(?:{_BARE})(?!\w){_AFTER_BARE}))"
"""A feast by its name, ``feast``; ``other`` is set where another calendar or country keeps it on another day."""
FEAST_HINTS = tuple(sorted({re.split(r"\W", name.lower())[0] for name in _FEASTS}))


def feast(name: str, year: int) -> Run:
    """The days on which a feast of this name, as ``FEAST`` finds it, falls in a year."""
    return _FEASTS[_plain(name)](year)
