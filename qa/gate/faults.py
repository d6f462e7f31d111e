"""Faults: the reasons why the gate stops a sentence."""

from dataclasses import dataclass
from typing import Literal

FaultReason = Literal[
    "no_citation",
    "quote",
    "markup",
    "instruction",
    "figure",
    "date",
    "name",
    "roles",
    "attribution",
    "negation",
    "hedge",
    "direction",
    "added",
    "cause",
]
"""Why a sentence is stopped.

``no_citation``: it cites nothing. ``quote``: a quote does not stand where it says, or a passage between
quotation marks stands in none of them. ``markup``: it holds a link, an
image, HTML or hidden characters. ``instruction``: it speaks to its reader. ``figure``, ``date``, ``name``: one that the
quotes do not say so. ``roles``: who did it is exchanged. ``attribution``: who said so is left out, or another.
``negation``: one is lost or added. ``hedge``: one is lost or added. ``direction``: it says the opposite. ``added``:
words that the quotes do not say. ``cause``: a cause that they do not give.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sentence is stopped, with the words at fault."""

    reason: FaultReason
    words: str
