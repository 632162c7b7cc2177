"""What a person narrows the list of their service to, and in which order it is. Danger is in every list, on top."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from helpline.oversight.desk_list import DUE, Placed, When
from helpline.oversight.worklist_rows import Caller
from helpline.staff.roles import Person

WHOSE = ("all", "mine", "free")
"""All cases, the person's own, or those that nobody in particular does."""
SHOWS = ("all", "danger", "due", "today", "offered", "missing")
"""All cases, or those in danger, due now, due before midnight, offered to the service, or without an outcome after the
number was shown."""
ORDERS = ("urgent", "oldest")
CHOICES = {"whose": WHOSE, "show": SHOWS, "order": ORDERS}
LONGEST = 16
"""Letters of the code of a language or a place."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters and the order of a list. A field has the name that it has in the address of the page."""

    whose: str = "all"
    show: str = "all"
    language: str = ""
    """Of the caller; empty for every language."""
    place: str = ""
    """The code of a place; empty for every place."""
    order: str = "urgent"

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "Narrowing":
        """Return what an address asks for. A choice that does not exist counts as not made."""
        chosen = {name: typed.get(name, "")[:LONGEST] for name in ("language", "place")}
        chosen |= {name: typed[name] for name, those in CHOICES.items() if typed.get(name) in those}
        return cls(**chosen)

    @property
    def choices(self) -> dict[str, str]:
        """What differs from the whole list, as it is in an address."""
        usual = {each.name: each.default for each in fields(self)}
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def has(
        self, line: Placed, owner: Person | None, person: Person, callers: Mapping[str, Caller], midnight: int
    ) -> bool:  # fmt: skip
        """Whether a line is in the narrowed list. Danger always is. `callers` may be empty where no filter needs it.

        `midnight`: the end of the person's day, in microseconds.
        """
        if line.when is When.DANGER:
            return True
        if self.language or self.place:
            caller = callers.get(line.id)
            if not caller or self.language not in ("", caller.language) or self.place not in ("", caller.place):
                return False
        return is_of(line, owner, person, self.whose) and is_shown(line, self.show, midnight)

    def sorted(self, lines: Sequence[Placed]) -> list[Placed]:
        """Return lines in the chosen order. They come with the most urgent first."""
        if self.order == "urgent":
            return list(lines)
        return sorted(lines, key=lambda line: (line.when is not When.DANGER, line.asked))


def own_first(lines: Sequence[Placed], owners: Mapping[str, Person], person: Person) -> list[Placed]:
    """Return the lines with the cases first, within their part, that a person does and was reminded of."""

    def is_late(line: Placed) -> bool:
        return bool(line.reminded) and line.id in owners and owners[line.id].id == person.id

    return sorted(lines, key=lambda line: (line.when, not is_late(line)))


def is_of(line: Placed, owner: Person | None, person: Person, whose: str) -> bool:
    """Whether a line belongs to one of `WHOSE`.

    Among one's own is also what is due and nobody does: else nobody might look at it.
    """
    if whose == "all":
        return True
    if whose == "free":
        return owner is None
    return owner.id == person.id if owner else line.when in DUE


def is_shown(line: Placed, show: str, midnight: int) -> bool:
    """Whether a line belongs to one of `SHOWS`. `midnight`: the end of the person's day, in microseconds."""
    match show:
        case "danger":
            return line.when is When.DANGER
        case "due":
            return line.when in DUE
        case "today":
            return line.when in DUE or line.by < midnight
        case "offered":
            return line.offered
        case "missing":
            return line.silent
        case _:
            return True
