"""What waits for a second person's yes, and could have it from the reader: counted on their first page and in the menu.

Otherwise an invitation or a new telephone would wait until somebody happened to open its page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.console.context import Visit
from helpline.casework import freeze
from helpline.staff import approvals, people, raid_lock
from helpline.staff.raid_lock import Way
from helpline.staff.roles import Permission
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class SecondYes:
    """One kind of thing that waits."""

    text: str
    """The name of its text in `console.frame`."""
    place: str
    """Where it can be approved."""
    count: int

    @property
    def menu(self) -> str:
        """The address in the menu that leads there."""
        return "/" + self.place.split("#")[0].split("/")[1]


def waiting(tx: Tx, visit: Visit) -> list[SecondYes]:
    """Return what waits for a yes that the reader may give: nothing that they asked for or approved themselves."""
    if not visit.person.may(Permission.PEOPLE):
        return []
    counts = {place: (text, count) for place, text, count in _counts(tx, visit)}
    return [SecondYes(text, place, count) for place, (text, count) in counts.items() if count]


def by_menu(found: Sequence[SecondYes]) -> Mapping[str, int]:
    """Return how much waits behind each address of the menu."""
    return {each.menu: sum(other.count for other in found if other.menu == each.menu) for each in found}


def _counts(tx: Tx, visit: Visit) -> Iterator[tuple[str, str, int]]:
    """Yield what waits. Each page asks this, and mostly nothing does: then three statements are enough."""
    invited, approved = visit.console.invitations.vetting.waiting(tx), approvals.are_stored(tx)
    phones = [each for each in visit.console.phone_changes.waiting(tx) if not each.agreed_by]
    if not (invited or phones or approved):
        return
    me, now = people.person_of(tx, visit.person.id), visit.console.sign_in.now()
    yield "/people#waiting", "yes_people", sum(people.person_of(tx, each.invited_by) != me for each in invited)
    links = [each for each in visit.console.linking.waiting(tx) if each.ready <= now] if approved else []
    yield "/people#joins", "yes_joins", sum(people.person_of(tx, each.by) != me for each in links)
    yield "/directory#waiting", "yes_phones", sum(people.person_of(tx, each.by) != me for each in phones)
    if approved:
        agreed = {people.person_of(tx, by) for way in Way for by in raid_lock.agreed(tx, way)}
        yield "/lock", "yes_unlock", int(bool(agreed) and me not in agreed)
        yield from _freezes(tx, visit, me)


def _freezes(tx: Tx, visit: Visit, me: str) -> Iterator[tuple[str, str, int]]:
    """Yield the requests of which one coordinator says that they were frozen by mistake."""
    for id, approvers in freeze.half_agreed(visit.console.case_context.cases.ctx, tx).items():
        yield f"/requests/{id}#lift", "yes_lift", int(me not in approvers)
