"""What a caller has answered so far, as the columns of her request. Everything left unsaid is read the restrictive
way (R1)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helpline.content.country import Country
from helpline.core.call_windows import zone_at
from helpline.core.phone_numbers import Msisdn, country_of, parse_typed
from helpline.request.model import CallbackRequest, State
from menus.draft import NO, NOT_SAID, PERMISSIONS, YES, Draft

AS_SAID = (
    "language", "window", "days", "need", "risk", "kind", "cover", "operator_sex", "operator_language", "sex",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """The number to be rung, and `mark`: None for the telephone she calls from.

    `named`: she has said yes to another telephone, whether or not it can be rung.
    """

    number: Msisdn
    mark: str | None
    named: bool = False

    @property
    def is_another(self) -> bool | None:
        """Tell whether the other telephone that she has named is rung; None where she has named none."""
        return bool(self.mark) if self.named else None


def number_told(draft: Draft, caller: Msisdn, typed: Msisdn | None, held: str | None, salt: bytes) -> Told:
    """Give which telephone to ring: another than `caller` only where she has said yes to its digits.

    `held` is the mark of the one kept so far. It stays while she looks at other digits; a no to its own ends it.
    """
    mark = mark_of(typed, salt) if typed else None
    named = draft.number_ok == YES
    if typed is not None and named:
        return Told(typed, mark, named)
    if draft.number_ok == NO and mark == held:
        return Told(caller, None)
    return Told(caller, held, named)


def mark_of(number: Msisdn, salt: bytes) -> str:
    """Give what tells a session whether it has kept this number: made with its salt, which is stored nowhere."""
    return hashlib.blake2b(number.reveal().encode(), key=salt, digest_size=16, person=b"another").hexdigest()


def typed_number(draft: Draft, country: Country, made_up: str) -> Msisdn | None:
    """Read the digits of another telephone, if there are any that can be rung."""
    return parse_typed(draft.number, country.code, made_up, country.abroad) if draft.number else None


def columns(
    draft: Draft, told: Told, zones: Sequence[str], country: Country, held: CallbackRequest | None, now: datetime,
    *, short_form: bool,
) -> dict[str, Any]:  # fmt: skip
    """Give what the row of a request says of it. `zones`: of the country that she calls from, none at home.

    Another telephone than her own is rung with every permission at *no*, whatever was said.
    """
    said = {name: getattr(draft, name) for name in AS_SAID}
    permitted = {name: NO if told.mark else getattr(draft, name) for name in PERMISSIONS}
    permitted["state_line"] = by_the_state(draft, told, short_form=short_form)
    where = whereabouts(draft, told, zones, country, held, now)
    return {**said, **permitted, **where, "age_band": draft.age_band or NOT_SAID, "other": told.mark}


def by_the_state(draft: Draft, told: Told, *, short_form: bool) -> str:
    """Tell whether a line of the state may receive the request (R21): only where she has read what may follow.

    By SMS nobody can read it (R28, the short form). Nor may it learn the number of another telephone, whose owner has
    agreed to nothing.
    """
    return YES if draft.state_line == YES and not (short_form or told.mark) else NO


def whereabouts(
    draft: Draft, told: Told, zones: Sequence[str], country: Country, held: CallbackRequest | None, now: datetime
) -> dict[str, str]:
    """Give place, zone and hour. Abroad the zone is empty until she has told her hour, and then found once (R3)."""
    number_from = country_of(told.number)
    zones = zones or country.abroad.get(number_from or "", ())
    place = draft.place or (number_from if zones and number_from != country.code else "") or ""
    away = country.is_abroad(place)
    if not (zones or away):
        return {"place": place, "zone": country.zone, "hour": ""}
    if held and held.zone and draft.hour == held.hour:
        return {"place": place, "zone": held.zone if held.hour else "", "hour": held.hour}
    there = country.abroad.get(place, zones) if away else (country.zone, *zones)
    return {"place": place, "zone": zone_at(draft.hour, there, now), "hour": draft.hour}


def preview(draft: Draft, country: Country, now: datetime) -> CallbackRequest:
    """Give a request as a draft would make it now, for what may be said before it exists."""
    zones = country.abroad.get(draft.place, ())
    there = zone_at(draft.hour, zones, now) if draft.abroad == YES or country.is_abroad(draft.place) else country.zone
    return CallbackRequest(
        "", State.WAITING, now, now, now + timedelta(days=1), draft.language, draft.window or "any", there,
        draft.place, draft.need, NO, NO, NO, NO, 0, 0, age_band=draft.age_band or NOT_SAID, days=draft.days,
        operator_sex=draft.operator_sex, operator_language=draft.operator_language, sex=draft.sex,
        state_line=draft.state_line,
    )  # fmt: skip
