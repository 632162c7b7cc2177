"""Who may come to a service, from where, and who runs it: three topics of forms (R42), as in `topics`."""

from dataclasses import dataclass

from helpline.core.typed_text import strip_invisible
from helpline.directory.hsds.draft import Draft
from helpline.directory.hsds.tables import Row, as_text
from helpline.directory.hsds.topics import Typed, first

AGES = ("minimum_age", "maximum_age")


@dataclass(frozen=True, slots=True)
class Areas:
    """The places that the service is for."""

    name: str = "areas"
    beside: str = "areas"

    def shown(self, draft: Draft) -> Typed:
        """Return the codes of regions, districts, towns and countries; the country's own code for all of it."""
        return {"areas": tuple(dict.fromkeys(_code(row) for row in draft.of_service("service_area")))}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Remove the places that are no longer served, and add the new ones."""
        there = {row.id: _code(row) for row in draft.of_service("service_area")}
        draft.keep_only("service_area", "uri", there, typed["areas"], "areas")


@dataclass(frozen=True, slots=True)
class People:
    """Whom the service takes: their ages, groups of people, and the papers that it wants to see."""

    name: str = "people"
    beside: str = "minimum_age"

    def shown(self, draft: Draft) -> Typed:
        """Return the ages, the groups (none means everybody), and one paper on each line."""
        ages = {name: (as_text(draft.row.get(name)).removesuffix(".0"),) for name in AGES}
        papers = (row.text("document") for row in draft.of_service("required_document"))
        groups = tuple(sorted(draft.terms("serves")))
        return {**ages, "serves": groups, "papers": ("\n".join(filter(None, papers)),)}

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save what differs."""
        self._save_ages(draft, typed)
        draft.say("serves", dict.fromkeys(typed["serves"], ""), dict.fromkeys(typed["serves"], "serves"))
        wanted = [" ".join(strip_invisible(line).split()) for line in first(typed, "papers").splitlines()]
        there = {row.id: row.text("document") for row in draft.of_service("required_document")}
        for id in (id for id, paper in there.items() if paper not in wanted):
            draft.drop("required_document", id)
        for paper in (paper for paper in dict.fromkeys(wanted) if paper and paper not in there.values()):
            draft.write("required_document", {"service_id": draft.service, "document": paper}, "papers")

    def _save_ages(self, draft: Draft, typed: Typed) -> None:
        was, body = self.shown(draft), dict(draft.row)
        for name in AGES:
            age = strip_invisible(first(typed, name))
            if age == first(was, name):
                continue
            body.pop(name, None)
            body |= {name: int(age) if age.isascii() and age.isdigit() else age} if age else {}
        draft.rows["service"][draft.service] = body  # without a place: an older flaw of the row stays an older one


@dataclass(frozen=True, slots=True)
class Runs:
    """Who runs the service, who answers there, and what a telephone shows when it calls (R10, R20, R44)."""

    name: str = "runs"
    beside: str = "kind"

    def shown(self, draft: Draft) -> Typed:
        """Return the kind, the sexes (none means not known), and what a telephone shows."""
        kind, shows = draft.terms("kind"), draft.terms("caller_shows")
        return {
            "kind": (next(iter(kind), ""),),
            "sexes": tuple(sorted(draft.terms("operator_sex"))),
            "shows": (next(iter(shows), "number"),),
        }

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Save what differs."""
        was = self.shown(draft)
        for field, taxonomy in (("kind", "kind"), ("sexes", "operator_sex"), ("shows", "caller_shows")):
            codes = [code for code in typed[field] if code]
            if list(was[field]) != codes:
                draft.say(taxonomy, dict.fromkeys(codes, ""), dict.fromkeys(codes, field))


def _code(row: Row) -> str:
    return row.text("uri").replace("/", ":").rpartition(":")[2].upper()
