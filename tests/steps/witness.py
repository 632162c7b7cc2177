"""Promises that must always hold, checked by a witness who knows only what callers did and saw, and what left by SMS.

The witness reads time windows off the clock independently, so that the deciding code does not judge itself.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from helpline.request.model import State
from helpline.request.offers import OfferState
from helpline.store.schema import attempt, audit, contact, message, offer, request, vault
from tests.world import Call, World

HOURS = {"1": (8, 21), "2": (8, 12), "3": (12, 17), "4": (17, 21)}
"""Key on the second consent screen, and the local hours it stands for."""
BISHKEK = ZoneInfo("Asia/Bishkek")
SPAN = re.compile(r"\d\d\.\d\d \d\d:\d\d-\d\d:\d\d")
CODE = re.compile(r"\b[0-9]{5}\b")
KEPT = re.compile(r"Помните (\d{6})\. Мы скажем (\S+), вы (\S+)\.")
OVER = (State.CLOSED.value, State.EXPIRED.value)
STRANGER = ("someone_else_answered", "wrong_code_word")
"""Reports that freeze all requests of a telephone (R8)."""
HELD_TWICE = (
    sa.select(offer.c.line, offer.c.state)
    .where(offer.c.state.in_((OfferState.OPEN.value, OfferState.CLAIMED.value)))
    .group_by(offer.c.line, offer.c.state)
    .having(sa.func.count() > 1)
)
WITHDRAWN = (
    sa.select(vault.c.request).join(request, request.c.id == vault.c.request).where(request.c.outcome == "withdrew")
)
"""Queries whose results must always be empty. They run after each event, thousands of times, so they are built once."""


@dataclass(slots=True)
class Asked:
    """One request as its caller knows it."""

    phone: str
    window: str
    code: str
    word: str
    ours: str
    made: datetime
    promise: str = ""
    silent: bool = False
    """The caller stopped or withdrew it, and has not resumed it."""
    gone: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether the caller may be called now."""
        begins, ends = HOURS[self.window]
        here = now.astimezone(BISHKEK)
        return not self.silent and begins <= here.hour < ends and now < self.made + timedelta(days=14, hours=1)


@dataclass(slots=True)
class Witness:
    """Checks each new text and the tables."""

    world: World
    requests: list[Asked] = field(default_factory=list)
    seen: int = 0
    earned: dict[str, int] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)
    lifts: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """Which coordinators wrote LIFT about a frozen request since the last report, by its id, and when (R8)."""
    reports: set[int] = field(default_factory=set)
    """The reports so far that a stranger answered."""
    shown: dict[str, set[date]] = field(default_factory=dict)
    """The days on which the number of a telephone was sent. Its window of that day is used up (R11)."""
    recipients: dict[str, set[str]] = field(default_factory=dict)
    """The desks that were sent the number of a request, by its id. Overrides do not count (R29)."""
    agreed: dict[str, int] = field(default_factory=dict)
    """How many services more the caller of a request has agreed to, by the hash of its code (R30)."""

    def asked(self, phone: str, window: str, call: Call) -> None:
        """Record that a caller has seen the code of their saved request."""
        code, ours, word = KEPT.search(call.text).groups()  # type: ignore[union-attr]
        self.requests.append(Asked(phone, window, code, word, ours, self.world.clock.at))

    def promised(self, screen: str) -> None:
        """Record the time window that the last screen named, if any."""
        found = SPAN.search(screen)
        self.requests[-1].promise = found.group() if found else ""

    def wrote(self, phone: str) -> None:
        """Record a caller's text, which earns them one reply."""
        self.earned[phone] = self.earned.get(phone, 0) + 1

    def stopped(self, phone: str) -> None:
        """Record that a caller stopped all requests of their phone."""
        for asked in self.requests:
            asked.silent |= asked.phone == phone

    def withdrew(self, asked: Asked) -> None:
        """Record that a caller ended a request for good."""
        asked.silent = asked.gone = True

    def moved(self, asked: Asked, window: str, screen: str) -> None:
        """Record that another time window resumes a request, unless it is over."""
        if "Позвонить могут" in screen and not asked.gone:
            asked.window, asked.silent, asked.promise = window, False, ""
            self.frozen.discard(asked.code)

    def agrees_to_another(self, asked: Asked, screen: str) -> None:
        """Record that a caller agreed to one more service, if the screen says so."""
        if "Номер может получить другой" in screen:
            mac = self._mac(asked) or ""
            self.agreed[mac] = self.agreed.get(mac, 0) + 1

    def noticed(self) -> None:
        """Record, after a desk's report, the frozen requests.

        They must not be called until the caller comes back, or two coordinators agree that it was a mistake.
        """
        ids, reports = self._ids(), self._reports()
        for asked in self.requests:
            on_line = {ids[each.code] for each in self.requests if each.phone == asked.phone}
            if any(reports[new] in on_line for new in reports.keys() - self.reports):
                self.lifts.pop(ids[asked.code], None)  # who agreed before did not know of this report
        self.reports |= reports.keys()
        frozen = self._frozen_now()
        self.frozen |= {code for code, id in ids.items() if id in frozen}

    def lifted(self, phone: str, text: str) -> None:
        """Record that a coordinator agrees, with the digits of their call, that a request was frozen by mistake.

        Each frozen request of the telephone that was reported needs two coordinators, within a day of each other.
        """
        code, world = CODE.search(text), self.world
        if not text.startswith("LIFT") or not code:
            return
        people = {row.id for row in world.rows(contact) if row.phone == phone and row.kind == "coordinator"}
        called = [row for row in world.rows(offer) if row.service in people and row.state == OfferState.CALLED.value]
        for row in called:
            if row.request in self._frozen_now() and world.work.ctx.offer_code(row.id, row.draws) == code.group():
                self.lifts.setdefault(row.request, {})[row.service] = world.clock.at
                self._unfreeze(row.request)

    def _unfreeze(self, id: str) -> None:
        """End the freeze of the line of a request, if two coordinators agree about each freeze of it."""
        ids, frozen = self._ids(), self._frozen_now()
        phones = {asked.phone for asked in self.requests if ids[asked.code] == id}
        line = {asked.code for asked in self.requests if asked.phone in phones}
        freezes = {ids[code] for code in line} & frozen & {id, *self._reports().values()}
        since = self.world.clock.at - timedelta(hours=24)
        if all(sum(at >= since for at in self.lifts.get(each, {}).values()) > 1 for each in freezes):
            self.frozen -= line

    def _reports(self) -> dict[int, str]:
        """Return the reports that a stranger answered, and the requests that were called."""
        rows = self.world.rows(attempt)
        return {row.id: row.request for row in rows if row.outcome in STRANGER and row.undone is None}

    def _frozen_now(self) -> set[str]:
        return {row.id for row in self.world.rows(request) if row.state == State.FROZEN.value}

    def _ids(self) -> dict[str, str]:
        """Return the id of each request by its code. It is "" if only what is counted is left."""
        of = {row.code_mac: row.id for row in self.world.rows(request)}
        return {asked.code: of.get(self._mac(asked), "") for asked in self.requests}

    def _mac(self, asked: Asked) -> str | None:
        words = {label: int(place) for place, label in self.world.public.ctx.book.locals["ru"].lists["words"]}
        return self.world.public.ctx.words.code(asked.code, words[asked.word])

    def texts(self) -> list[tuple[str, str, str]]:
        """Return (phone, five digits, whole text) of the texts to desks, oldest first."""
        phones = {asked.phone for asked in self.requests}
        sent = ((to, CODE.search(text), text) for to, text in self.world.gateway.sent if to not in phones)
        return [(to, found.group(), text) for to, found, text in sent if found]

    def codes(self) -> list[tuple[str, str]]:
        """Return (phone, five digits) of the texts to desks, oldest first."""
        return [(to, code) for to, code, _ in self.texts()]

    def states(self) -> list[tuple[str, str]]:
        """Return the states of all requests."""
        return sorted((row.id, row.state) for row in self.world.rows(request))

    def look(self) -> None:
        """Check what has left since the last check, and the tables."""
        gateway = self.world.gateway
        for (to, text), at in list(zip(gateway.sent, gateway.sent_at, strict=True))[self.seen :]:
            self._text(to, text, at)
        self.seen = len(gateway.sent)
        self._tables()

    def _text(self, to: str, text: str, at: datetime) -> None:
        phones = {asked.phone for asked in self.requests}
        if to in phones or to.startswith("+996000111"):
            self.replies[to] = self.replies.get(to, 0) + 1
            assert self.replies[to] <= self.earned.get(to, 0), "a text to a caller that they have not earned (R12)"
        for phone in phones:
            if phone in text:
                self._number_sent(phone, at)
                self._to_desk(to, text)
        cards = [
            a for a in self.requests if a.word in text and a.ours in text
        ]  # two requests may have drawn the same two words
        if "YES" not in text and cards:
            assert any(self._fits(each, text, at) for each in cards), "the card says another hour than the screen (R39)"

    def _number_sent(self, phone: str, at: datetime) -> None:
        may = [a for a in self.requests if a.phone == phone and a.is_open(at) and a.code not in self.frozen]
        self.shown.setdefault(phone, set()).add(at.astimezone(BISHKEK).date())
        assert may, "a number outside a window, or after a withdrawal, pause or freeze (R3, R8, R33, R48)"

    def _to_desk(self, to: str, text: str) -> None:
        """Check that no more desks have the number of this request than its caller has agreed to (R30)."""
        code, world = CODE.search(text), self.world
        assert code, "a number without the digits of an offer"
        desks = {row.id: row.service or row.id for row in world.rows(contact) if row.phone == to}
        given = [
            row for row in world.rows(offer)
            if row.service in {*desks, *desks.values()}
            and world.work.ctx.offer_code(row.id, row.draws) == code.group()
        ]  # fmt: skip
        overrides = {(row.actor, row.ref) for row in world.rows(audit) if row.action.startswith("override_")}
        for row in given:
            if (row.service, row.request) in overrides:
                continue
            have = self.recipients.setdefault(row.request, set())
            have.add(row.service)
            (of,) = [each for each in world.rows(request) if each.id == row.request]
            most = world.config.most_services + self.agreed.get(of.code_mac or "", 0)
            assert len(have) <= most, "more services have the number than the caller agreed to (R30)"

    def _fits(self, asked: Asked, text: str, at: datetime) -> bool:
        """Whether the card says what the last END screen promised, as long as that is in the future (R39).

        The screen does not know whether this telephone was called on that day about another request.
        """
        window = SPAN.search(text)
        if not asked.promise or window is None or asked.silent:
            return True
        day, month = int(asked.promise[:2]), int(asked.promise[3:5])
        hour, minute = map(int, asked.promise[-5:].split(":"))
        ends = datetime(2026 + (month == 1), month, day, hour, minute, tzinfo=BISHKEK)
        if ends.date() in self.shown.get(asked.phone, ()):
            return True
        return at >= ends - timedelta(minutes=65) or window.group() == asked.promise

    def _tables(self) -> None:
        with self.world.db.read() as tx:
            assert not tx.execute(HELD_TWICE).all(), "two open offers or two claims on a line (R11, R27)"
            assert not tx.execute(WITHDRAWN).all(), "a number that was withdrawn is still stored (R33)"

    def at_last(self) -> None:
        """A month later each request is over, or a person was told of it, and no number is left."""
        self.world.gateway.fails.clear()
        for _ in range(6):
            self.world.clock.at += timedelta(days=8)
            self.world.run()
            self.look()
        assert all(row.state in OVER for row in self.world.rows(request)), "a request that never ends"
        assert not self.world.rows(vault), "a number that is kept for ever (R34)"
        assert not [row for row in self.world.rows(message) if row.sealed], "a sealed text that is kept for ever"
