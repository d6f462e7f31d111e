"""What is counted or measured: currencies, shares, measures -> one unit for each kind, with the factor to it."""

from typing import NamedTuple


class Unit(NamedTuple):
    """A unit's name and how many of the ``base`` one of it is: what makes 5 miles and 8 km comparable.

    Hundredths of a currency and basis points go by the name of their base: what is told of them is told in that.
    ``zero`` is where its nought lies in the base: that of Fahrenheit is below that of Celsius.
    """

    name: str
    base: str
    factor: float = 1.0
    zero: float = 0.0


PERCENT, POINTS, TIMES, DATE = "%", "percentage points", "times", "date"

SIGNS = {
    "us$": "USD",
    "$": "USD",
    "a$": "AUD",
    "c$": "CAD",
    "hk$": "HKD",
    "nz$": "NZD",
    "s$": "SGD",
    "nt$": "TWD",
    "r$": "BRL",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "₪": "ILS",
    "₦": "NGN",
}
"""What stands in front of an amount. "¥" is yen; Chinese amounts are written in yuan or with RMB."""

_MONEY = {
    "USD": "usd dollar dollars buck bucks",
    "EUR": "eur euro euros",
    "GBP": "gbp pound pounds sterling quid",
    "CNY": "cny rmb yuan renminbi",
    "JPY": "jpy yen",
    "KRW": "krw won",
    "INR": "inr rupee rupees rs",
    "CHF": "chf franc francs",
    "RUB": "rub rouble roubles ruble rubles",
    "HKD": "hkd",
    "AUD": "aud",
    "CAD": "cad",
    "SGD": "sgd",
    "TWD": "twd",
    "BRL": "brl real reais",
    "MXN": "mxn peso pesos",
    "ZAR": "zar rand",
    "TRY": "try lira",
    "SEK": "sek krona kronor",
    "NOK": "nok krone kroner",
    "ILS": "ils shekel shekels",
    "NGN": "ngn naira",
}
CURRENCIES = frozenset(_MONEY)
_CENTS = {
    "USD": "cent cents ¢",
    "EUR": "eurocent eurocents",
    "GBP": "penny pence",
    "INR": "paisa paise",
    "RUB": "kopeck kopecks",
    "NGN": "kobo",
}
_MEASURES: dict[str, dict[str, tuple[str, float]]] = {
    "seconds": {
        "milliseconds": ("millisecond milliseconds ms", 0.001),
        "seconds": ("second seconds sec secs", 1),
        "minutes": ("minute minutes min mins", 60),
        "hours": ("hour hours hr hrs", 3_600),
        "days": ("day days", 86_400),
        "weeks": ("week weeks", 604_800),
        "months": ("month months", 2_629_746),
        "years": ("year years yr yrs", 31_556_952),
        "decades": ("decade decades", 315_569_520),
        "centuries": ("century centuries", 3_155_695_200),
    },
    "metres": {
        "mm": ("mm millimetre millimetres millimeter millimeters", 0.001),
        "cm": ("cm centimetre centimetres centimeter centimeters", 0.01),
        "metres": ("metre metres meter meters m", 1),
        "km": ("km kms kilometre kilometres kilometer kilometers", 1_000),
        "inches": ("inch inches", 0.0254),
        "feet": ("foot feet ft", 0.3048),
        "yards": ("yard yards", 0.9144),
        "miles": ("mile miles", 1_609.344),
    },
    "kg": {
        "grams": ("gram grams g", 0.001),
        "kg": ("kg kilo kilos kilogram kilograms", 1),
        "tonnes": ("tonne tonnes", 1_000),
        "tons": ("ton tons", 907.18474),
        "lb": ("lb lbs", 0.45359237),
        "ounces": ("ounce ounces oz", 0.0283495),
    },
    "square metres": {
        "acres": ("acre acres", 4_046.8564),
        "hectares": ("hectare hectares ha", 10_000),
        "sq km": ("km2 km²", 1_000_000),
    },
    "litres": {
        "litres": ("litre litres liter liters", 1),
        "gallons": ("gallon gallons", 3.785411784),
        "barrels": ("barrel barrels", 158.987),
    },
    "watts": {
        "kW": ("kw kilowatt kilowatts", 1_000),
        "MW": ("mw megawatt megawatts", 1_000_000),
        "GW": ("gw gigawatt gigawatts", 1e9),
    },
    "bytes": {
        "MB": ("mb megabyte megabytes", 1e6),
        "GB": ("gb gigabyte gigabytes", 1e9),
        "TB": ("tb terabyte terabytes", 1e12),
    },
    "kelvin": {"degrees": ("degree degrees °", 1)},
    "km/h": {"km/h": ("kmh kph", 1), "mph": ("mph", 1.609344)},
}
_RATIOS = {PERCENT: "% percent pct", TIMES: "times fold x"}
_SQUARE = {"metres": 1.0, "km": 1e6, "miles": 2_589_988.11, "feet": 0.09290304, "yards": 0.83612736}


def hundredth(code: str) -> Unit:
    """A cent of a currency, or a basis point of percentage points."""
    return Unit(code, code, 0.01)


def _table() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for code, words in _MONEY.items():
        table |= {word: Unit(code, code) for word in words.split()}
    for code, words in _CENTS.items():
        table |= {word: hundredth(code) for word in words.split()}
    for base, measures in _MEASURES.items():
        for name, (words, factor) in measures.items():
            table |= {word: Unit(name, base, factor) for word in words.split()}
    for name, words in _RATIOS.items():
        table |= {word: Unit(name, name) for word in words.split()}
    return table | {word: hundredth(POINTS) for word in ("bps",)}


UNITS = _table()
"""Unit by the word for it."""
DEGREES, CELSIUS = UNITS["degrees"], Unit("°C", UNITS["degrees"].base)
FAHRENHEIT = Unit("°F", DEGREES.base, 5 / 9, -160 / 9)
SCALES = dict.fromkeys(("c", "celsius", "centigrade"), CELSIUS) | dict.fromkeys(("f", "fahrenheit"), FAHRENHEIT)
"""What stands behind degrees, which are of either scale without it."""


def square(unit: Unit) -> Unit | None:
    """The unit of area that "square" makes of a length, or None."""
    factor = _SQUARE.get(unit.name)
    return Unit(f"square {unit.name}", "square metres", factor) if factor else None
