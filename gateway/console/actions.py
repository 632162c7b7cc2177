"""The words for what stands in the audit log: the log keeps short names, people read a sentence."""

from collections.abc import Container, Mapping

WITH_WHY: Mapping[str, tuple[str, str]] = {
    "give": ("audit.did.give", "requests.ground"),
    "pass": ("cases.outcome.pass", "cases.reason"),
    "edited": ("audit.did.edited", "edit.topics"),
}
"""Actions that carry a reason in their name (`pass_full`): the text of the action, and where those of reasons are."""


def texts_of(action: str, known: Container[str]) -> tuple[str, ...]:
    """Give the texts that say an action: one, or two where it has a reason; none where it is not `known`."""
    kind, _, why = action.partition("_")
    first, reasons = WITH_WHY.get(kind, ("", ""))
    ways = ((f"audit.did.{action}",), (f"cases.outcome.{action}",), (first, f"{reasons}.{why}"))
    return next((way for way in ways if all(f"console.{each}" in known for each in way)), ())
