"""How training changes on its way: the learning rate, and what it learns from."""

from qa.reader.training.groups import Mix

WARM_UP = 0.03
WHOLE_FROM, WHOLE_TO = 0.62, 0.78
"""Between these parts of the way, whole passages take the place of a few sentences."""


def learning_rate(done: float, peak: float) -> float:
    """Up to ``peak``, then down to nothing in a straight line; ``done`` is the part of the way, 0 to 1."""
    return peak * min(done / WARM_UP, (1 - done) / (1 - WARM_UP)) if done < 1 else 0.0


def mix(done: float) -> Mix:
    """Short texts first, which teach more a second; at the end passages as they are read."""
    late = min(1.0, max(0.0, (done - WHOLE_FROM) / (WHOLE_TO - WHOLE_FROM)))
    return Mix(whole=0.75 * late, negative=0.45 + 0.1 * late, swapped=0.25 + 0.1 * late, mined=0.5 + 0.2 * late)
