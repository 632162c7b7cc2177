"""The caller's answers so far, as columns of their request. A missing answer is read in the restrictive way (R1)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from helpline.content.country import Country
from helpline.core.call_windows import weekdays_of, zone_at
from helpline.core.phone_numbers import Msisdn, foreign_country_of, home_prefix, parse_typed
from helpline.matching.criteria import CHILD
from helpline.request.model import ABOUT_SOMEONE, CallbackRequest, State
from menus.draft import NO, NOT_SAID, PERMISSIONS, YES, Draft

COPIED = (
    "language", "window", "need", "risk", "kind", "cover", "operator_sex", "operator_language",
)  # fmt: skip
"""Answers that are stored as they are."""


@dataclass(frozen=True, slots=True)
class NumberToCall:
    """The number that a service will call."""

    number: Msisdn
    mark: str | None
    """Identifies another number than the caller's within their session. None for the caller's own number."""
    confirmed: bool = False
    """Whether the caller has confirmed another number, even if it cannot be called."""

    @property
    def is_another(self) -> bool | None:
        """Whether the other number that the caller confirmed will be called. None if they confirmed none."""
        return bool(self.mark) if self.confirmed else None


def number_to_call(
    draft: Draft, caller: Msisdn, typed: Msisdn | None, stored: str | None, salt: bytes
) -> NumberToCall:  # fmt: skip
    """Return the number to call: another than `caller` only if the caller has confirmed its digits.

    `stored` is the mark of the number stored so far. It stays while the caller checks other digits. It is dropped if
    the caller rejects its own digits.
    """
    mark = mark_of(typed, salt) if typed else None
    confirmed = draft.number_ok == YES
    if typed is not None and confirmed:
        return NumberToCall(typed, mark, confirmed)
    if draft.number_ok == NO and mark == stored:
        return NumberToCall(caller, None)
    return NumberToCall(caller, stored, confirmed)


def mark_of(number: Msisdn, salt: bytes) -> str:
    """Return a hash by which a session recognizes a number. Its key is the session's salt, which is not stored."""
    return hashlib.blake2b(number.reveal().encode(), key=salt, digest_size=16, person=b"another").hexdigest()


def typed_number(draft: Draft, country: Country, made_up: str) -> Msisdn | None:
    """Return the other number that the caller typed, or None if there is none that can be called."""
    return parse_typed(draft.number, country.code, made_up, country.abroad) if draft.number else None


def columns(
    draft: Draft, to_call: NumberToCall, zones: Sequence[str], country: Country, stored: CallbackRequest | None,
    now: datetime, *, short_form: bool,
) -> dict[str, Any]:  # fmt: skip
    """Return the columns of a request that come from the draft.

    `zones` are those of the foreign country that the caller calls from; empty at home. If another number than the
    caller's own is to be called, all permissions are *no*, whatever was answered.
    """
    copied = {name: getattr(draft, name) for name in COPIED}
    permitted = {name: NO if to_call.mark else getattr(draft, name) for name in PERMISSIONS}
    permitted["state_line"] = state_line(draft, to_call, short_form=short_form)
    where = place_and_zone(draft, to_call, zones, country, stored, now)
    days = weekdays_of(draft.days, where["zone"] or country.zone, stored.created if stored else now)
    return {**copied, **permitted, **where, **_of_the_person(draft), "days": days, "other": to_call.mark}


def _of_the_person(draft: Draft) -> dict[str, str]:
    """Return age and sex of the person who needs help.

    A caller who asks about somebody close may have answered for themselves, earlier in the call. Both are then unknown:
    they would keep services away that fit the other person (R25). Only a child stays one, because a child will be
    called (R23).
    """
    if draft.kind == ABOUT_SOMEONE:
        return {"age_band": CHILD if draft.age_band == CHILD else NOT_SAID, "sex": NOT_SAID}
    return {"age_band": draft.age_band or NOT_SAID, "sex": draft.sex}


def state_line(draft: Draft, to_call: NumberToCall, *, short_form: bool) -> str:
    """Return whether a line of the state may receive the request (R21): only if the caller read what may follow.

    By SMS nobody can read that (R28, the short form). Nor may a line of the state learn another number, whose owner
    has agreed to nothing.
    """
    return YES if draft.state_line == YES and not (short_form or to_call.mark) else NO


def place_and_zone(
    draft: Draft, to_call: NumberToCall, zones: Sequence[str], country: Country, stored: CallbackRequest | None,
    now: datetime,
) -> dict[str, str]:  # fmt: skip
    """Return place, time zone and hour.

    Abroad, the zone is empty until the caller has said what time it is there. It is then found once (R3). The place of
    somebody close says nothing of the caller's clock, and where the caller is says nothing of that place (R25).
    """
    is_close = draft.kind == ABOUT_SOMEONE
    number_from = foreign_country_of(to_call.number, country.code, _home(country.code, tuple(country.abroad)))
    zones = zones or country.abroad.get(number_from, ())
    place = draft.place or (number_from if zones and not is_close else "")
    is_abroad = country.is_abroad(place) and (not is_close or bool(draft.hour))
    if not (zones or is_abroad):
        return {"place": place, "zone": country.zone, "hour": ""}
    if stored and stored.zone and draft.hour == stored.hour:
        return {"place": place, "zone": stored.zone if stored.hour else "", "hour": stored.hour}
    if is_close and zones:
        possible = zones
    else:
        possible = country.abroad.get(place, zones) if is_abroad else (country.zone, *zones)
    return {"place": place, "zone": zone_at(draft.hour, possible, now), "hour": draft.hour}


@cache
def _home(country: str, abroad: tuple[str, ...]) -> tuple[str, ...]:
    """Return the prefix of numbers at home, if it tells them: to parse a number takes a sixth of a hop that stores."""
    return (home_prefix(country, abroad),)


def later_answers(draft: Draft, request: CallbackRequest, country: Country, now: datetime) -> dict[str, str]:
    """Return the columns that the caller's wish changes in an earlier request, which they open with code and word."""
    match draft.wish:
        case "need":
            return _given(need=draft.new_need)
        case "who":
            return _given(operator_sex=draft.new_operator_sex, operator_language=draft.new_operator_language)
        case "place" if draft.new_place and request.kind == ABOUT_SOMEONE:
            return _clock_at(draft, request, country, now)
        case "place" if draft.new_place:
            return {"place": draft.new_place, **_clock_at(draft, request, country, now)}
        case "their_place" if request.kind == ABOUT_SOMEONE:
            return _given(place=draft.new_place)
        case _:
            return {}


def _given(**answers: str) -> dict[str, str]:
    return {name: value for name, value in answers.items() if value}


def _clock_at(draft: Draft, request: CallbackRequest, country: Country, now: datetime) -> dict[str, str]:
    """Return hour and zone at another place. Abroad nobody may call until the caller says what time it is there (R3).

    The zone stays if it is the same country, and the caller did not say the hour again. A request about somebody close
    knows the caller's place by its zone only: the stored place is the other person's.
    """
    place, is_close = draft.new_place, request.kind == ABOUT_SOMEONE
    is_abroad = country.is_abroad(place)
    if not is_abroad and draft.abroad == NO:
        return {} if is_close and request.zone == country.zone else {"zone": country.zone, "hour": ""}
    zones = country.abroad.get(place, ()) if is_abroad else (country.zone,)
    is_same = request.zone in zones if is_close else place == request.place and request.zone != ""
    if is_same and not draft.hour:
        return {}
    return {"zone": zone_at(draft.hour, zones, now), "hour": draft.hour}


def preview(draft: Draft, country: Country, now: datetime) -> CallbackRequest:
    """Return the request that a draft would make now, for what is said before it exists."""
    zones = country.abroad.get(draft.place, ())
    is_abroad = draft.abroad == YES or (country.is_abroad(draft.place) and draft.kind != ABOUT_SOMEONE)
    zone = zone_at(draft.hour, zones, now) if is_abroad else country.zone
    days = weekdays_of(draft.days, zone or country.zone, now)
    return CallbackRequest(
        "", State.WAITING, now, now, now + timedelta(days=1), draft.language, draft.window or "any", zone,
        draft.place, draft.need, NO, NO, NO, NO, 0, 0, age_band=draft.age_band or NOT_SAID, days=days,
        operator_sex=draft.operator_sex, operator_language=draft.operator_language, sex=draft.sex,
        state_line=draft.state_line,
    )  # fmt: skip
