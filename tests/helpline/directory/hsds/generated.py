"""Made-up directories, each from a seed: every table, fields of every kind, and unused columns and tables."""

from collections.abc import Callable
from random import Random
from typing import Any

from helpline.directory.hsds.profile import NOTHING_FOLLOWS, PROFILE
from helpline.directory.opening_hours import DAYS
from tests.helpline.directory.hsds.ground import COUNTRY, Rows

LETTERS = "abc АБВ әөү ў 'ʻ\",;\n\t0=+"
BASES = ("ky", "ru", "uz_Cyrl", "en")
HOURS = (("00:00", "08:00"), ("09:00", "12:30:00"), ("13:00", "18:00"), ("20:00", "24:00"))
ZONES = ("Asia/Bishkek", 6, "6", "+06:00", "Europe/Moscow", "UTC")


def generated(seed: int) -> Rows:
    """Return a valid directory: one to three organizations, each with up to three services."""
    return Generated(Random(seed)).directory()


class Generated:
    """Makes rows from its own random numbers. Ids are numbered within a table."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.rows: Rows = {}

    def directory(self) -> Rows:
        """Make all rows and shuffle each table: order has no meaning, but is kept."""
        for _ in range(self.chance.randint(1, 3)):
            self.organization()
        self.coordinator()
        for table in self.rows.values():
            self.chance.shuffle(table)
        return self.rows

    def add(self, table: str, **fields: Any) -> str:
        """Add a row with an id and some unknown columns. Fields that are None are left out."""
        rows = self.rows.setdefault(table, [])
        id = f"{table[:4]}-{len(rows)}"
        extra = {"x_note": self.words(), "x_number": self.chance.choice([0, 1.5, True, "007", " 1"])}
        some = {name: value for name, value in extra.items() if value != "" and self.maybe()}
        rows.append({"id": id} | {name: value for name, value in fields.items() if value is not None} | some)
        return id

    def organization(self) -> None:
        others = [row["id"] for row in self.rows.get("organization", [])]
        parent = self.chance.choice(others) if others and self.maybe() else None
        id = self.add("organization", name=self.name(), description=self.name(), parent_organization_id=parent)
        for _ in range(self.chance.randint(0, 3)):
            self.service(id)

    def service(self, organization: str) -> None:
        hidden, days = self.maybe(), self.chance.randint(0, 200)
        id = self.add(
            "service", organization_id=organization, name=self.name(), status=self.chance.choice(["active", "inactive"]),
            minimum_age=self.some(lambda: self.chance.choice([0, 12, "12", "12.0"])), maximum_age=self.some(lambda: 99),
            assured_date=self.some(lambda: f"2026-{1 + days // 20:02}-{1 + days % 20:02}"), alert=self.some(self.words),
        )  # fmt: skip
        self.place(id, hidden=hidden)
        for code in self.chance.sample(["ky", "ru", "kir", "uz-Cyrl", "ur", "en"], self.chance.randint(2, 4)):
            self.add("language", service_id=id, code=code, name=self.some(self.words))
        for uri in self.chance.sample(["KG", "KG-O", "urn:iso:KG-GB", "RU", "KG-1222597"], self.chance.randint(1, 3)):
            self.add("service_area", service_id=id, uri=uri, extent=self.some(lambda: {"type": "Point"}))
        self.telephones(id)
        self.hours(id)
        self.terms(id, hidden=hidden)
        if self.maybe():
            unit = self.add("unit", name="Bed")
            self.add("service_capacity", service_id=id, unit_id=unit, available=3, updated="2026-11-01T09:00:00+06:00")
        if self.maybe():
            self.add(
                "required_document", service_id=id, document=self.chance.choice(["none", "passport", "Паспорт, ID"])
            )
            self.add("funding", service_id=id, source=self.words() or "a donor")

    def place(self, service: str, *, hidden: bool) -> None:
        kind = "virtual" if hidden else "physical"
        point = {"latitude": self.chance.choice([42.87, "42.8", 42]), "longitude": self.chance.choice([74.59, "74.50"])}
        location = self.add(
            "location", location_type=kind, name=self.some(self.name), **(point if self.maybe() else {})
        )
        self.add("service_at_location", service_id=service, location_id=location)
        if not hidden and self.maybe():
            self.add(
                "address", location_id=location, address_1=self.name(), city="Osh", state_province="Osh",
                postal_code="0723500", country="KG", address_type="physical",
            )  # fmt: skip

    def telephones(self, service: str) -> None:
        for kind in [*self.chance.sample(["cell", "text", "voice"], self.chance.randint(1, 3)), "cell"]:
            number = f"{COUNTRY.made_up} {100000 + len(self.rows.get('phone', []))}"
            id = self.add("phone", service_id=service, number=number, type=kind)
            if kind == "voice" and self.maybe():
                self.term("phone", id, "phone_use:public")
            if self.maybe():
                self.add("language", phone_id=id, code="ru")

    def hours(self, service: str) -> None:
        """Make hours that never overlap, and perhaps a closure."""
        zone = self.chance.choice(ZONES)
        for opens, closes in self.chance.sample(HOURS, self.chance.randint(1, 3)):
            monthly = self.maybe()
            named = self.chance.sample(DAYS, 2)
            byday = (
                ",".join(f"{self.chance.choice(['1', '-1', ''])}{day}" for day in named) if monthly else ",".join(named)
            )
            self.add(
                "schedule", service_id=service, freq="MONTHLY" if monthly else None, byday=byday, opens_at=opens,
                closes_at=closes, timezone=zone, interval=self.chance.choice([None, 1, "1"]), notes=self.some(self.words),
            )  # fmt: skip
        if self.maybe():
            shut = self.add("schedule", service_id=service, valid_from="2026-12-28", valid_to="2027-01-03")
            self.term("schedule", shut, "closed:yes")

    def terms(self, service: str, *, hidden: bool) -> None:
        self.term("service", service, self.chance.choice(["kind:ngo", "kind:state", "kind:police"]))
        self.term("service", service, "need:safe_place" if hidden else "need:talk")
        for taxonomy in ("serves", "after_contact", "operator_sex", "child_safeguarding", "open_on_holidays"):
            codes = self.chance.sample(PROFILE[taxonomy].codes, self.chance.randint(0, 2))
            for code in [NOTHING_FOLLOWS] if NOTHING_FOLLOWS in codes else codes:
                self.term("service", service, f"{taxonomy}:{code}")
        for base in BASES:
            self.term("service", service, f"short_name:{base}", self.name()[:24].strip() or "n")
        if self.maybe():
            self.term("service", service, "accepts_numbers_by_sms:yes", "2026-01-31")

    def coordinator(self) -> None:
        id = self.add("contact", name=self.name(), organization_id="orga-0")
        self.add("phone", contact_id=id, number=f"{COUNTRY.made_up}{900000}", type="cell")
        self.term("contact", id, "coordinator:yes")
        self.add(
            "metadata", resource_id="orga-0", resource_type="organization", last_action_date="2026-01-01",
            last_action_type="update", field_name="name", previous_value="a", replacement_value="b", updated_by="c",
        )  # fmt: skip

    def term(self, table: str, id: str, term: str, value: str | None = None) -> None:
        self.add("attribute", link_id=id, link_entity=table, taxonomy_term_id=term, value=value)

    def maybe(self) -> bool:
        return self.chance.random() < 0.5

    def some(self, make: Callable[[], Any]) -> Any:
        return (make() if self.maybe() else None) or None

    def words(self) -> str:
        return "".join(self.chance.choices(LETTERS, k=self.chance.randint(0, 12)))

    def name(self) -> str:
        return "".join(self.chance.choices("abc АБВ әөү ўқ'\",;", k=8)).strip() or "name"
