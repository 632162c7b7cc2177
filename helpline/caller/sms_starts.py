"""On which screen a dialogue by SMS begins: by its word, by danger, and by the hour that was said with it.

"Call me in the evening" begins with a question that names the hours, so that they are not asked again. The screens are
in `content/menus/sms.yaml`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from helpline.caller.sms_hours import window_of
from helpline.core.call_windows import ONE_DAY, TO_BE_CALLED, WINDOWS, times_of
from menus.keywords import NO_OTHER_TIME, TODAY, TOMORROW, Ask
from menus.tree import Choice, Screen

FIRST, DANGER = "sms.ask", "sms.danger"
"""The screens on which a dialogue begins. Their words are the same, but a request in danger is offered at once."""
STARTS: Mapping[str, str] = {
    "": FIRST, "family": "sms.close", "language": "sms.language", "topics": "sms.topics", "time": "sms.time",
    "over": "sms.over",
}  # fmt: skip
"""Where a dialogue begins, by the flow of the keyword."""
CLOSE_STARTS: Mapping[str, str] = {
    **STARTS, "language": "sms.close_language", "topics": "sms.close", "over": "sms.close_over",
}  # fmt: skip
"""Likewise in a dialogue about somebody close. Only a word for the caller's own call ends that."""
DANGER_STARTS: Mapping[str, str] = {
    "": DANGER,
    "family": "sms.close_danger",
    "language": "sms.danger_language",
    "topics": DANGER,
    "time": DANGER,
    "over": "sms.danger_over",
}
"""Likewise after a word of danger: whatever is asked for later, the request stays in danger."""
CLOSE_DANGER_STARTS: Mapping[str, str] = {
    **dict.fromkeys(("", "family", "topics", "time"), "sms.close_danger"), "language": "sms.close_danger_language",
    "over": "sms.close_danger_over",
}  # fmt: skip
"""Likewise for somebody close. What they write of danger is about that person, and the call stays about them (R25).

Not so "they beat me", which is the sender's own danger (R1): the dialogue is then one of `DANGER_STARTS`.
"""
AGAIN: Mapping[str, str] = {
    FIRST: "sms.ask_again", DANGER: "sms.danger_again", "sms.close": "sms.close_again",
    "sms.close_danger": "sms.close_danger_again",
}  # fmt: skip
"""The screen that begins a dialogue, and the one for a word that is repeated before an answer: it says what to send."""
IN_DANGER = frozenset({
    *DANGER_STARTS.values(), *CLOSE_DANGER_STARTS.values(), AGAIN[DANGER], AGAIN["sms.close_danger"]
})  # fmt: skip
ABOUT_SOMEONE = frozenset({
    STARTS["family"], CLOSE_STARTS["language"], CLOSE_STARTS["over"], *CLOSE_DANGER_STARTS.values(),
    AGAIN["sms.close"], AGAIN["sms.close_danger"],
})  # fmt: skip
DAYS = (TOMORROW, TODAY)


def starts(before: str, *, in_danger: bool) -> Mapping[str, str]:
    """Return where a dialogue begins, by its flow, after one that began on the screen `before`."""
    if before in ABOUT_SOMEONE:
        return CLOSE_DANGER_STARTS if in_danger else CLOSE_STARTS
    return DANGER_STARTS if in_danger else STARTS


def flow_of(asked: Ask, before: str) -> str:
    """Return the flow of what a text asks for, after a dialogue that began on the screen `before`.

    A cry about somebody close does not end a dialogue in which the caller is in danger: they have not taken that back.
    """
    own = before in IN_DANGER and before not in ABOUT_SOMEONE
    return "" if asked.danger and own else asked.flow


def repeated(start: str, open_at: str) -> str:
    """Return where a dialogue begins at `start` if the open question of the last one is `open_at`."""
    again = AGAIN.get(start, start)
    return again if open_at in (start, again) else start


def another_time(start: str, hours: Collection[str]) -> Ask | None:
    """Return what "not now" or "tomorrow" asks for if no question is open: how to get another time."""
    return Ask("", flow="time") if not start and not NO_OTHER_TIME.issuperset(hours) else None


def at_hours(hours: Sequence[str], zone: str, now: datetime, screens: Collection[str]) -> str:
    """Return the screen that says these hours back, or the one that names none.

    `zone` is where the caller is, or "" if that is not known: then *today* and *tomorrow* are not known either.
    """
    days, parts = [hour for hour in hours if hour in DAYS], [hour for hour in hours if hour not in DAYS]
    if len(days) > 1 or len(parts) > 1 or not hours or (days and not zone):
        return FIRST
    name = "_".join([FIRST, *days, *(window_of(part) for part in parts)])
    return name if name in screens and not is_past(name, now, zone, now) else FIRST


def is_past(start: str, asked: datetime, zone: str, now: datetime) -> bool:
    """Whether a question that names a day is about another day by now, or about hours that are over.

    `asked` is when the question was sent.
    """
    day, _, part = start.removeprefix(f"{FIRST}_").partition("_")
    if day not in ONE_DAY:
        return False
    local = now.astimezone(ZoneInfo(zone))
    if asked.astimezone(ZoneInfo(zone)).date() != local.date():
        return True
    last = local + TO_BE_CALLED
    return day == TODAY and (last.date() != local.date() or last.time() > WINDOWS[part][1])


def hours_said_back(screen: Screen | None) -> dict[str, str]:
    """Return the hours that the text of a screen names: those of the time that its first option keeps."""
    kept = dict(screen.options[0].keep) if isinstance(screen, Choice) and screen.options else {}
    times = times_of(kept.get("window", ""))
    return {"from": f"{times[0]:%H:%M}", "to": f"{times[1]:%H:%M}"} if times and "consent" in kept else {}
