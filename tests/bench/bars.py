"""What a benchmark does with a bar: it prints whether the bar is met, and ends with 1 only if it is missed by far.

A wrong answer, a lost caller or a control ends with 1 at once.
"""

FAILS_AT = 3
"""How many times a bar is too much. Figures of a machine with other work on it differ by less."""


def judged(measured: float, bar: float) -> str:
    """Return the verdict on a measurement that must not be greater than its bar."""
    return "met" if measured <= bar else "NOT MET"


def far_beyond(*measured: tuple[float, float]) -> bool:
    """Whether one of these measurements is more than `FAILS_AT` times its bar."""
    return any(value > FAILS_AT * bar for value, bar in measured)
