"""The outlet that a report names as its source: two outlets that both say "Reuters reported" have one origin."""

import re

_AGENCIES = (
    "Reuters|Associated Press|AP|Agence France[- ]Presse|AFP|Bloomberg(?: News)?|Xinhua|Kyodo(?: News)?|Yonhap|TASS"
    "|Interfax|Press Association|PA Media|dpa|EFE|ANSA|UPI|PTI|Anadolu|Al Jazeera|CNN|BBC(?: News)?|NBC(?: News)?"
    "|CBS(?: News)?|ABC News|Fox News|CNBC|NPR|Politico|Axios|Caixin|Nikkei(?: Asia)?|Der Spiegel|Le Monde"
)
_KINDS = (
    "Agency|News|Times|Post|Journal|Press|Wire|Herald|Tribune|Gazette|Guardian|Telegraph|Observer|Standard|Chronicle"
    "|Courier|Ledger|Dispatch|Broadcasting|Television|TV|Radio|Daily|Mail|Today|Review|Magazine|Examiner|Mirror|Globe"
)
_CAPITALS = r"(?:[A-Z][\w&’'-]*\s){0,3}"
_OUTLET = (
    rf"(?:[Tt]he\s)?(?P<outlet>(?:{_AGENCIES})\b|{_CAPITALS}(?:{_KINDS})\b(?:\s(?:Agency|News|Post|Times|Service))?)"
)
_SAID = "reported|reports|has reported|had reported|first reported|said|revealed|disclosed|wrote"
_ATTRIBUTED = (
    re.compile(
        rf"\b(?i:according to|citing|reported by|told|a report (?:by|in|from)|quoted by|in an interview with)\s"
        rf"(?:a\sreport\s(?:by|in|from)\s)?{_OUTLET}"
    ),
    re.compile(rf"(?<!\w){_OUTLET}(?:\s(?:news\s)?agency)?,?\s(?:{_SAID})\b"),
)
_AGENCY = re.compile(rf"(?:[Tt]he\s)?(?:{_AGENCIES}|.*\b(?:(?:News|Wire|Press) Agency|Wire))")
_FIRST_HAND = re.compile(
    r"\b(?:(?:seen|reviewed|obtained|verified|examined) by (?:us|this (?:newspaper|outlet)|our)"
    r"|told (?:us|this newspaper|our)|our (?:own )?(?:reporters?|correspondents?|count|analysis))\b",
    re.IGNORECASE,
)


def agency(source: str | None) -> str | None:
    """The news agency that a source is, by its plain name, or None: others copy from it."""
    return plain(source) if source and _AGENCY.fullmatch(source) else None


def attributed(text: str) -> str | None:
    """The outlet that ``text`` names as the one that found out, as it is written there; None where it names none, or
    says that it knows for itself.
    """
    if _FIRST_HAND.search(text):
        return None
    found = [match for pattern in _ATTRIBUTED if (match := pattern.search(text))]
    return min(found, key=lambda match: match.start())["outlet"] if found else None


def plain(outlet: str) -> str:
    """An outlet's name in lower case, without "the" and "news": "Bloomberg News" and "Bloomberg" are one."""
    words = outlet.casefold().removeprefix("the ").split()
    short = {"ap": "associated press", "afp": "agence france-presse", "pa media": "press association"}
    name = " ".join(words[:-1] if len(words) > 1 and words[-1] == "news" else words)
    return short.get(name, name)
