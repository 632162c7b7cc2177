"""DRILL: a practice request from end to end, for one desk alone, so that the first real one is not the first.

It is of a kind of its own, is marked in every text, is asked of nobody else, calls no coordinator, is not counted,
and ends by itself after a day. Its number rings nobody: a made-up one, or the desk's own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.claims import Claims
from helpline.contact import NOW
from helpline.directory import Contact
from helpline.languages import base_of
from helpline.numbers import Msisdn, msisdn
from helpline.request import DRILL, State, Way
from helpline.store import numbers, offers, outbox, requests
from helpline.store.rows import new_id
from helpline.vault import Sealing
from menus.draft import NOT_SAID, PERMISSIONS, YES
from menus.salt import CALLER_WORDS

LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drills:
    """Its fields are all it needs. `languages`: those whose words it can show; `made_up`: what no real number is."""

    claims: Claims
    sealing: Sealing
    languages: tuple[str, ...]
    made_up: str

    def begin(self, tx: Connection, who: Contact, now: datetime, *, daily: Way | None = None) -> None:
        """Offer a practice request to a desk; one that runs already is over. `daily`: nobody asked for it.

        One at the console has no text, so that whoever finds it has looked there.
        """
        if who.kind != "service":
            return self.claims.answer(tx, who, "to_ngo.help", "", now)
        self._end_earlier(tx, who, now)
        id, line = new_id(), new_id()
        requests.add(tx, self._practice(id, who, now) | ({"content": daily.value} if daily else {}))
        numbers.put(tx, id, self.sealing.seal(id, self._number(who)))
        numbers.set_line(tx, id, line)
        offer, draws = self.claims.referral.new_code(tx, who.desk)
        offers.add(tx, id, line, who.desk, draws, now, offer)
        outbox.wake(tx, "expire", id, now + LASTS)
        made = offers.get(tx, offer) if daily is not Way.ACCOUNT else None
        return ending.tell_service(tx, made, "to_ngo.offer", now, who) if made else None

    def _end_earlier(self, tx: Connection, who: Contact, now: datetime) -> None:
        for offer in offers.live_of_service(tx, who.desk):
            request = requests.get(tx, offer.request)
            if request and request.kind == DRILL:
                ending.end_drill(tx, request, now)

    def _number(self, who: Contact) -> Msisdn:
        """Give a number that is nobody's; in production, where none is, that of whoever practises."""
        return msisdn(self.made_up.ljust(len(who.phone), "0") if self.made_up else who.phone)

    def _practice(self, id: str, who: Contact, now: datetime) -> dict[str, Any]:
        """Give a request as somebody might have made it, who may be rung at once."""
        base = base_of(who.language)
        language = base if base in self.languages else self.languages[0]
        word = int(id[:4], 16) % CALLER_WORDS
        return {
            "id": id, "session": None, "keys_seen": 0, "state": State.OFFERED.value, "due": now, "created": now,
            "updated": now, "expires": now + LASTS, "content": "", "language": language, "short_form": False,
            "window": NOW, "days": "", "zone": self.claims.referral.country.zone, "hour": "", "since": now,
            "place": self.claims.referral.country.capital, "need": "talk", **dict.fromkeys(PERMISSIONS, YES),
            "age_band": "adult", "risk": "", "kind": DRILL, "cover": "", "operator_sex": "", "operator_language": "",
            "felt": "", "word": word, "ours": word, "draws": 0, "reveals": 0, "code_mac": None, "sex": NOT_SAID,
        }  # fmt: skip
