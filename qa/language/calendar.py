"""Arithmetic of the calendar: runs of days, and what is cut from them."""

from datetime import date, timedelta

Run = tuple[date, date]
"""A first and a last day, both included."""

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def day_in(year: int, month: int, day: int) -> Run:
    """One day as a run; ValueError where the month has no such day."""
    one = date(year, month, day)
    return one, one


def months(year: int, month: int, count: int) -> Run:
    """From the first day of a month to the last day of the ``count``-th from it on."""
    return date(year, month, 1), _first_of(year * 12 + month - 1 + count) - DAY


def week(day: date) -> Run:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + 6 * DAY


def moved(day: date, count: int) -> date:
    """The same day so many months later; the month's last one where it is shorter."""
    index = day.year * 12 + day.month - 1 + count
    last = _first_of(index + 1) - DAY
    return last.replace(day=min(day.day, last.day))


def back_from(last: date, count: int) -> Run:
    """So many whole months up to a day: the year to 31 March begins on 1 April."""
    return (moved(last + DAY, -count), last)


def easter(year: int) -> date:
    """Easter Sunday in the west, by the anonymous Gregorian algorithm (Nature, 20 April 1876)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + weekday - 7 * ((year % 19 + 11 * moon + 22 * weekday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)


def nth_weekday(run: Run, weekday: int, nth: int) -> date:
    """The ``nth`` Monday (0) to Sunday (6) of a run, from its end where ``nth`` is negative."""
    if nth > 0:
        day = run[0] + timedelta(days=(weekday - run[0].weekday()) % 7) + (nth - 1) * WEEK
    else:
        day = run[1] - timedelta(days=(run[1].weekday() - weekday) % 7) + (nth + 1) * WEEK
    if not run[0] <= day <= run[1]:
        raise ValueError("so many of this weekday do not fit")
    return day


def early(run: Run) -> Run:
    """A third, and some more for what is early to others; of a week, to Wednesday."""
    first, last = run
    return (first, first + 2 * DAY) if _days(run) == 7 else (first, last - timedelta(days=-(-_days(run) * 3 // 5)))


def middle(run: Run) -> Run:
    """All but a quarter at each end; of a week, Tuesday to Thursday."""
    first, last = run
    if _days(run) == 7:
        return first + DAY, first + 3 * DAY
    return first + timedelta(days=_days(run) // 4), last - timedelta(days=_days(run) // 4)


def late(run: Run) -> Run:
    """As much as is early; of a week, from Thursday on."""
    first, last = run
    return (first + 3 * DAY, last) if _days(run) == 7 else (first + timedelta(days=-(-_days(run) * 3 // 5)), last)


def piece(run: Run, unit: str, count: int, nth: int) -> Run:
    """The ``nth`` run of ``count`` days, weeks, months ... in a longer one; the last where ``nth`` is -1.

    "The second quarter of 2025" is ``piece`` of 2025 with "quarter", 1 and 2. ValueError where it does not fit.
    """
    first, last = run
    if unit == "half" and first.year == last.year and first.month == last.month:
        half = first + timedelta(days=_days(run) // 2)
        return (half, last) if nth in (2, -1) else (first, half - DAY)
    if unit in UNIT_DAYS:
        size = UNIT_DAYS[unit] * count * DAY
        begin = first + (nth - 1) * size if nth > 0 else last + DAY - size
        cut = (begin, begin + size - DAY)
    else:
        size_in_months = UNIT_MONTHS[unit] * count
        begin = moved(first, (nth - 1) * size_in_months) if nth > 0 else moved(last + DAY, -size_in_months)
        cut = (begin, moved(begin, size_in_months) - DAY)
    if not first <= cut[0] <= cut[1] <= last:
        raise ValueError("the piece does not fit")
    return cut


UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14}
UNIT_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}


def _days(run: Run) -> int:
    return (run[1] - run[0]).days + 1


def _first_of(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
