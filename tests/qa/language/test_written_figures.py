"""Figures written from a known value in every form are read back as that value, and digits of no form as none."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.quantity_extraction import quantities

Writer = Callable[[Decimal], str]

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
SPACES = " \u00a0\u2009\u202f"
MAGNITUDES = [(10**9, "billion"), (10**6, "million"), (10**3, "thousand")]
SHARED = [(10**12, ("tn", "trn")), (10**9, ("bn",)), (10**6, ("m", "mln")), (10**3, ("k",))]


@dataclass(frozen=True, slots=True)
class Form:
    """A unit as a writer puts it around a number: how many of the unit named one of it is."""

    before: str
    behind: str
    unit: str
    factor: Decimal = Decimal(1)
    signed: bool = True
    whole: bool = False


FORMS = [
    Form("$", "", "USD"),
    Form("US$", "", "USD"),
    Form("€", "", "EUR"),
    Form("£", "", "GBP"),
    Form("Rs ", "", "INR"),
    Form("EUR ", "", "EUR"),
    Form("", " euros", "EUR"),
    Form("", " Hong Kong dollars", "HKD"),
    Form("", " cents", "USD", Decimal("0.01")),
    Form("", " euro cents", "EUR", Decimal("0.01")),
    Form("", " pence", "GBP", Decimal("0.01")),
    Form("", " paise", "INR", Decimal("0.01")),
    Form("", " basis points", "percentage points", Decimal("0.01")),
    Form("", " percentage points", "percentage points"),
    Form("", " per cent", "%"),
    Form("", "%", "%"),
    Form("", " degrees", "degrees"),
    Form("", " °C", "°C"),
    Form("", " degrees Fahrenheit", "°F"),
    Form("", " km", "km"),
    Form("", " barges", "barges", signed=False, whole=True),
]
BOUNDS = [
    ("", True, True),
    ("more than ", True, False),
    ("at least ", True, False),
    ("up to ", False, True),
    ("below ", False, True),
    ("about ", True, True),
]


def grouped(value: Decimal, space: str) -> str:
    return f"{value:,}".replace(",", space)


def indian(value: Decimal) -> str:
    whole, dot, part = f"{value}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    while len(head) > 2:
        tail, head = f"{head[-2:]},{tail}", head[:-2]
    return (f"{head},{tail}" if head else tail) + dot + part


def continental(value: Decimal) -> str:
    return f"{value:,}".replace(",", " ").replace(".", ",").replace(" ", ".")


def spelled(value: int) -> str:
    """A whole number in words, as the British write it."""
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (f"-{ONES[value % 10]}" if value % 10 else "")
    if value < 1_000:
        rest = f" and {spelled(value % 100)}" if value % 100 else ""
        return f"{ONES[value // 100]} hundred{rest}"
    for factor, word in MAGNITUDES:
        if value >= factor:
            count, more = divmod(value, factor)
            joint = " and " if more < 100 else " "
            return f"{spelled(count)} {word}{joint + spelled(more) if more else ''}"
    raise AssertionError(value)


def in_words(value: Decimal) -> str:
    whole, _, part = f"{value}".partition(".")
    return spelled(int(whole)) + (" point " + " ".join(ONES[int(one)] for one in part) if part else "")


def writers(value: Decimal) -> list[Writer]:
    """The ways to write a value; some are for large ones, some for whole ones."""
    found: list[Writer] = [str, lambda one: f"{one:,}", in_words]
    whole = value == value.to_integral_value()
    if value >= 1_000:
        found += [lambda one, space=space: grouped(one, space) for space in (*SPACES, "'", "’")]  # type: ignore[misc]
        found.append(indian)
    if value >= 10**6 and (whole or -value.as_tuple().exponent != 3):  # type: ignore[operator]
        found.append(continental)
    return found


@st.composite
def numbers(draw: st.DrawFn, *, whole: bool = False) -> tuple[Decimal, str]:
    """A value and how somebody wrote it."""
    kind = draw(st.sampled_from(["plain", "magnitude", "short", "half", "comma", "part"]))
    if kind == "plain":
        places = 0 if whole else draw(st.integers(0, 2))
        value = Decimal(draw(st.integers(2 * 10**places, 10 ** draw(st.integers(places + 2, 11))))).scaleb(-places)
        value = Decimal(f"{value.normalize():f}")
        return value, draw(st.sampled_from(writers(value)))(value)
    factor, word = draw(st.sampled_from(MAGNITUDES))
    few = Decimal(draw(st.integers(11, 9_999))).scaleb(-draw(st.integers(0, 2)))
    few = Decimal(f"{few.normalize():f}")
    if kind == "magnitude":
        some: list[Writer] = [str, in_words] if few < 1_000 else [str]
        writer = draw(st.sampled_from(some))
        return few * factor, f"{writer(few)} {word}"
    if kind == "short":
        factor, forms = draw(st.sampled_from(SHARED))
        return few * factor, f"{few}{draw(st.sampled_from(forms))}"
    if kind == "comma":
        return few * factor, f"{few} {word}".replace(".", ",")
    count = draw(st.integers(1, 99))
    part, said = draw(st.sampled_from([("0.5", "a half"), ("0.25", "a quarter"), ("0.75", "three-quarters")]))
    value = (count + Decimal(part)) * factor
    if kind == "half":
        return value, f"{spelled(count)} and {said} {word}"
    return value, f"{'a' if count == 1 else spelled(count)} {word} and {said}"


@settings(max_examples=400)
@given(numbers(), st.sampled_from(FORMS), st.sampled_from(["", "-", "−", "minus "]), st.sampled_from(BOUNDS))
def test_a_written_figure_is_read_back(
    number: tuple[Decimal, str], form: Form, sign: str, bound: tuple[str, bool, bool]
) -> None:
    value, digits = number
    if not digits[0].isdigit() and (form.before or sign in ("-", "−")):
        return  # nobody writes "-$twelve"
    if form.whole and value % 1:
        return
    sign = sign if form.signed else ""
    wording, low, high = bound
    written = f"{wording}{sign}{form.before}{digits}{form.behind}"
    text = f"In Vorn it was {written} on the day."
    (found,) = quantities(text)
    value = (-value if sign else value) * form.factor
    assert text[found.start : found.end] == written
    assert found.told == (float(value) if low else None, float(value) if high else None)
    assert found.unit is not None
    assert found.unit.name == form.unit


@settings(max_examples=200)
@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.sampled_from(FORMS),
    st.sampled_from([(1, 1), (-1, 1), (-1, -1)]),
    st.sampled_from(["between {} and {}", "{} to {}", "{}{}"]),
    st.sampled_from([str, "{:,}".format, *(lambda one, space=space: grouped(Decimal(one), space) for space in SPACES)]),
)
def test_a_written_range_is_read_back(
    low: int, more: int, form: Form, signs: tuple[int, int], joint: str, write: Callable[[int], str]
) -> None:
    signs = signs if form.signed else (1, 1)
    low, high = low * signs[0], low * signs[0] + more
    if (signs[1] < 0) != (high < 0) or (joint == "{}{}" and low < 0):
        return
    joint = joint if joint != "{}{}" else "{}-{}"

    def end(value: int) -> str:
        return ("-" if value < 0 else "") + form.before + write(abs(value))

    written = joint.format(end(low), end(high)) + form.behind
    (found,) = quantities(f"In Vorn it was {written} on the day.")
    assert found.told == (float(low * form.factor), float(high * form.factor))
    assert found.end - found.start == len(written)


SEPARATORS = [*" .,'’:/_-–−·+*=;\u00a0\u2009\u202f", "  ", ",,", "..", "--", "-−", ".,"]


@settings(max_examples=400)
@given(
    st.lists(st.tuples(st.text("0123456789", min_size=1, max_size=6), st.sampled_from(SEPARATORS)), max_size=6),
    st.text("0123456789", min_size=1, max_size=6),
    st.sampled_from(["", "$", "€", "-", "about ", "in ", "at ", "March "]),
    st.sampled_from(["", "%", " million", " barges", " euros", "-year"]),
)
def test_a_run_of_digits_is_one_figure_at_most(run: list[tuple[str, str]], last: str, before: str, behind: str) -> None:
    written = before + "".join(digits + separator for digits, separator in run) + last + behind
    text = f"In Vorn {written}, she said."
    assert len(quantities(text)) <= 1
    assert len(quantities(written)) <= 1
