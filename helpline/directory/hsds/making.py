"""Make each service from its rows: its own row, and all that link to it.

Two checks are here as well. Hours of one service must not overlap, because then one row is a mistake and nobody knows
which. And a service must be able to serve somebody: one that cannot is a mistake in the tables.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from helpline.content.language_pack import LONGEST_NAME
from helpline.core.languages import base_of
from helpline.directory.hsds.checks import age_of, day, number_of
from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.hours import opening_of
from helpline.directory.hsds.loose_links import LooseLinks
from helpline.directory.hsds.profile import NOTHING_FOLLOWS, Terms
from helpline.directory.hsds.reach import IN_TEXTS, areas, language_of, phones_of, point, public, texted
from helpline.directory.hsds.shelters import hides_place
from helpline.directory.hsds.tables import Flaw, Row, Tables
from helpline.directory.opening_hours import WEEKLY, Opening
from helpline.directory.service import Service
from helpline.staff.contact import Contact

NEVER = date.min
"""In place of a date if nobody ever checked a service: it is not offered (R40)."""
NO_PAPERS = ("none", "no", "нет", "-")
"""What people write into `required_document.document` if no papers are needed."""
SHORTEST_CODE, LONGEST_CODE = 2, 3
Desk = tuple[Row, Contact]
"""A telephone that gets texts: its row, and its contact."""


@dataclass(frozen=True, slots=True)
class Making:
    """Makes services from tables. What is wrong is added to `flaws`."""

    tables: Tables
    terms: Terms
    ground: Ground
    loose: LooseLinks
    flaws: list[Flaw]

    def service(self, row: Row) -> tuple[Service, list[Desk]]:
        """Return a service and its telephones. A service that is not active may lack what only offers need."""
        phones = phones_of(row, self.tables)
        service = self._placed(row, self._bare(row, phones))
        faulty = self._faulty(row)
        desks = self._desks(row, service, texted(phones), faulty)
        if service.status == "active" and row.place not in self.loose.meant:
            places = self.tables.linked("service_area", "service_id", row.id)
            self.flaws.extend(lacking(row, service, len(desks), places, faulty))
            self.flaws.extend(unnamed(row, service, self.ground, faulty))
        first = desks[0][1] if desks else None
        return replace(service, phone=first.phone if first else "", language=first.language if first else ""), desks

    def coordinators(self) -> Iterator[Desk]:
        """Yield the coordinators: of each, the first telephone that gets texts."""
        for row in self.tables.of("contact"):
            if not self.terms.yes("contact", row.id, "coordinator"):
                continue
            phones = texted(self.tables.linked("phone", "contact_id", row.id))
            if not phones and row.place not in self.loose.meant:
                self.flaws.append(row.flaw("", f"this coordinator has no telephone of type {IN_TEXTS}"))
            for phone in phones[:1]:
                language = language_of(phone, self.ground.country.languages, self.tables, self.ground)
                number = self.ground.number(phone.text("number"))
                yield phone, Contact(row.id, "coordinator", number, self._called(row), language, False)

    def _faulty(self, row: Row) -> set[str]:
        """Return the tables in which a row of a service has a flaw: once fixed, it may give what is lacking."""
        wrong = {flaw.place for flaw in self.flaws} | self.loose.places
        phones = phones_of(row, self.tables)
        rows = [*self._attributes_of(row), *phones]
        rows += [each for table in NEEDED for each in self.tables.linked(table, "service_id", row.id)]
        rows += [each for phone in phones for each in self.tables.linked("language", "phone_id", phone.id)]
        return {each.table for each in rows if each.place in wrong}

    def _attributes_of(self, row: Row) -> list[Row]:
        return [each for each in self.tables.of("attribute") if each.text("link_id") == row.id] if self.flaws else []

    def _bare(self, row: Row, phones: Sequence[Row]) -> Service:
        """Make the parts of a service that need no place and no clock."""
        yes, terms = self.terms.yes, self._terms
        ways, after = terms(row, "channel_ok"), terms(row, "after_contact")
        return Service(
            id=row.id, names=dict(self.terms.of("service", row.id, "short_name")),
            kind=next(iter(terms(row, "kind")), ""), phone="", languages=self._languages(row, phones),
            needs=terms(row, "need"), regions=frozenset(), at=(0.0, 0.0), zone="", schedule=(),
            assured=day(row.text("assured_date")[:10]) or NEVER, status=row.text("status"),
            child_safeguarding=yes("service", row.id, "child_safeguarding"),
            accepts_numbers_by_sms=yes("service", row.id, "accepts_numbers_by_sms"),
            sexes=terms(row, "operator_sex"), shows=next(iter(terms(row, "caller_shows")), "number"),
            public_phone=public(phones, self.terms, self.ground), serves=terms(row, "serves"),
            documents=self._documents(row), minimum_age=age_of(row.text("minimum_age")),
            maximum_age=age_of(row.text("maximum_age")), capacity=self._capacity(row),
            after_contact=after - {NOTHING_FOLLOWS} if after else None, callback=not ways or "callback" in ways,
            hides_place=hides_place(row, self.terms),
        )  # fmt: skip

    def _placed(self, row: Row, bare: Service) -> Service:
        """Add where it is and when it is open. Its zone is that of its first hours."""
        rows = self.tables.linked("service_area", "service_id", row.id)
        regions, abroad = areas(rows, self.ground, self.flaws)
        schedule = self._schedule(row)
        zone = next((line.zone for line in schedule if line.zone), self.ground.country.zone)
        lines = tuple(replace(line, zone="" if line.zone == zone else line.zone) for line in schedule)
        always = self.terms.yes("service", row.id, "open_on_holidays")
        holidays = frozenset(() if always else (each.on for each in self.ground.country.holidays))
        at = point(row, regions, self.tables, self.ground.country)
        return replace(bare, regions=regions, abroad=abroad, at=at, zone=zone, schedule=lines, holidays=holidays)

    def _desks(self, row: Row, service: Service, phones: Sequence[Row], faulty: Collection[str]) -> list[Desk]:
        found = []
        for at, phone in enumerate(phones):
            language = language_of(phone, service.languages, self.tables, self.ground)
            number, accepts = self.ground.number(phone.text("number")), service.accepts_numbers_by_sms
            if not language and "language" not in faulty:
                offered = ", ".join(self.ground.country.languages)
                self.flaws.append(phone.flaw("", f"texts to it can be in {offered}; give it one of these languages"))
            desk = Contact(phone.id, "service", number, service.names, language, accepts, row.id, at == 0)
            found.append((phone, desk))
        return found

    def _called(self, row: Row) -> dict[str, str]:
        """Return the names of a coordinator: short names, else the one in the row."""
        name = (row.text("name") or row.text("title") or row.id)[:LONGEST_NAME]
        return dict.fromkeys(self.ground.bases, name) | dict(self.terms.of("contact", row.id, "short_name"))

    def _terms(self, row: Row, taxonomy: str) -> frozenset[str]:
        return frozenset(self.terms.of("service", row.id, taxonomy))

    def _languages(self, row: Row, phones: Sequence[Row]) -> tuple[str, ...]:
        own = self.tables.linked("language", "service_id", row.id)
        at_phones = (self.tables.linked("language", "phone_id", phone.id) for phone in phones)
        rows = [*own, *(each for listed in at_phones for each in listed)]
        for each in rows:
            bare = each.text("code").replace("-", "_").partition("_")[0]
            if not bare.isalpha() or not SHORTEST_CODE <= len(bare) <= LONGEST_CODE:
                self.flaws.append(each.flaw("code", f"{bare!r} is not a language of ISO 639; write ky, ru, uz"))
        return tuple(dict.fromkeys(self.ground.language(each.text("code")) for each in rows))

    def _schedule(self, row: Row) -> list[Opening]:
        there = self.tables.linked("service_at_location", "service_id", row.id)
        at_locations = (self.tables.linked("schedule", "service_at_location_id", each.id) for each in there)
        own = self.tables.linked("schedule", "service_id", row.id)
        read = []
        for each in {each.id: each for listed in (own, *at_locations) for each in listed}.values():
            line = opening_of(each, self._closes(each), self.flaws)
            read += [(each, line)] if line else []
        self.flaws.extend(overlaps(read, self.ground.country.zone, self.ground.today))
        return [line for _, line in read]

    def _closes(self, row: Row) -> bool:
        """Whether a row closes what others open. One without hours does, too, if what says so may be what is wrong."""
        if self.terms.yes("schedule", row.id, "closed") or row.text("opens_at") or row.text("closes_at"):
            return self.terms.yes("schedule", row.id, "closed")
        wrong = {flaw.place for flaw in self.flaws} | self.loose.places
        return row.place in self.loose.meant or any(each.place in wrong for each in self._attributes_of(row))

    def _documents(self, row: Row) -> frozenset[str]:
        rows = self.tables.linked("required_document", "service_id", row.id)
        return frozenset(each.text("document") for each in rows) - {"", *NO_PAPERS}

    def _capacity(self, row: Row) -> int | None:
        """Return how many requests it can hold: the least of several capacities (HSDS 3.1 `service_capacity`)."""
        rooms = []
        for each in self.tables.linked("service_capacity", "service_id", row.id):
            number = number_of(each.text("maximum") or each.text("available"))
            if number is None or number < 0 or number != int(number):
                self.flaws.append(each.flaw("available", "available and maximum are whole numbers from 0"))
            else:
                rooms.append(int(number))
        return min(rooms, default=None)


LOOKED_AT_DAYS = 63
"""How far ahead overlaps are searched: it holds every weekday, and every nth weekday of a month."""


def overlaps(lines: Sequence[tuple[Row, Opening]], zone: str, today: date) -> Iterator[Flaw]:
    """Yield a flaw for rows of one service that are open at the same time: one of them is a mistake."""
    opening = [(row, line) for row, line in lines if not line.closed]
    for at, (row, line) in enumerate(opening):
        for other, earlier in opening[:at]:
            if met := None if _apart(earlier, line) else _meet(earlier, line, zone, today):
                what = f"on {met} these hours overlap with {other.place}; make them one row, or separate them"
                yield row.flaw("opens_at", what)


def _apart(one: Opening, other: Opening) -> bool:
    """Whether two rows obviously never meet: other hours or other weekdays, none past midnight."""
    if one.zone != other.zone or one.opens >= one.closes or other.opens >= other.closes:
        return False
    weekly = one.freq == other.freq == WEEKLY and bool(one.days) and bool(other.days)
    return one.closes <= other.opens or other.closes <= one.opens or (weekly and not one.days & other.days)


def _meet(one: Opening, other: Opening, zone: str, today: date) -> date | None:
    """Return the first day on which two rows are open at the same time; None if there is none."""
    starts = [start for line in (one, other) for start in (line.since, line.starts) if start]
    first = max([today, *starts])
    now = datetime.combine(first, time(), UTC)
    first_spans = list(one.spans(zone, now, LOOKED_AT_DAYS))
    for span in other.spans(zone, now, LOOKED_AT_DAYS):
        if found := next((met for each in first_spans if (met := each.overlap(span))), None):
            return found.start.astimezone(ZoneInfo(zone)).date()
    return None


NEEDED = ("language", "schedule", "service_area")
"""Tables in which an active service needs a row, besides attributes and telephones."""


def lacking(
    row: Row, service: Service, telephones: int, areas: Sequence[Row], faulty: Collection[str]
) -> Iterator[Flaw]:
    """Yield what an active service lacks so that it can serve nobody.

    Nothing is said of what rows with a flaw would give it (`faulty`: their tables): that flaw is reported already.
    """
    for lacks, table, what in (
        (
            not service.kind,
            "attribute",
            "nobody knows who runs it: give it an attribute kind:ngo, kind:state or kind:police",
        ),
        (not service.needs, "attribute", "it helps with nothing: give it an attribute need:…"),
        (not service.languages, "language", "nobody there speaks a language: give it a row in language"),
        (all(line.closed for line in service.schedule), "schedule", "it is never open: give it a row in schedule"),
        (service.callback and not telephones, "phone", f"no telephone gets our texts: give it one of type {IN_TEXTS}"),
        (not service.callback and not service.public_phone, "phone", "it calls nobody back, and nobody can call it"),
        (not areas, "service_area", "it serves no place: give it a row in service_area"),
    ):
        if lacks and table not in faulty:
            yield row.flaw("", f"{row.id} serves nobody: {what}")


def unnamed(row: Row, service: Service, ground: Ground, faulty: Collection[str]) -> Iterator[Flaw]:
    """Yield the languages of the country in which a service has no name that fits into texts.

    In those of people from next door it may lack one: another name is shown (`name_in`).
    """
    needed = set(map(base_of, ground.country.own_languages))
    for base in ground.bases:
        name = service.names.get(base, "")
        units = len(name.encode("utf-16-le")) // 2
        if not name and base not in needed:
            continue
        if not name and "attribute" not in faulty:
            yield row.flaw("", f"it has no short name in {base}: give it an attribute short_name:{base}")
        elif name and (units > LONGEST_NAME or not name.isprintable()):
            yield row.flaw("", f"its short_name:{base} has {units} units; {LONGEST_NAME} at most, in one line")
