"""A new phone waits three days and for a second person's approval, and anybody can cancel it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.directory import services
from helpline.directory.phone_changes import PhoneChanges
from helpline.staff import contacts, people
from helpline.staff.contact import Contact
from helpline.staff.roles import Person, Role
from helpline.store import audit_log
from helpline.store.engine import Database
from helpline.store.schema import contact_change, person
from tests.helpline.directory.hsds.ground import directories, example, of, term, without, written
from tests.steps.desk import DESK, second_phone
from tests.world import MORNING, World

NEW = "+996000500777"
ONE, OTHER = "one", "other"
"""Ids of two coordinators' accounts."""


def changes(world: World) -> PhoneChanges:
    return PhoneChanges.of(world.work.ctx.config, world.work.ctx.audit_key)


def ask(world: World, phone: str = NEW, by: str = ONE, replaces: str = "") -> str:
    """Ask for a phone of the service that is asked first."""
    with world.db.write(world.clock()) as tx:
        first = contacts.get(tx, DESK)
        assert first is not None
        wanted = Contact("", "service", phone, first.names, "en", True, DESK)
        return changes(world).ask(tx, wanted, by, replaces)


def agree(world: World, id: str, by: str = OTHER) -> str:
    with world.db.write(world.clock()) as tx:
        return changes(world).agree(tx, id, by)


def call_off(world: World, id: str) -> bool:
    with world.db.write(world.clock()) as tx:
        return changes(world).call_off(tx, id, OTHER)


def phones(db: Database, service: str = DESK) -> list[str]:
    with db.read() as tx:
        return [each.phone for each in contacts.of_service(tx, service)]


def log(world: World, id: str) -> list[tuple[str, str]]:
    with world.db.read() as tx:
        return [(each.actor, each.action) for each in audit_log.search(tx, ref=id)]


@pytest.mark.engines
def test_r32_a_new_telephone_needs_three_days_and_a_second_approval(world: World) -> None:
    old, id = world.phone(DESK), ask(world)
    world.wait(hours=71)
    assert agree(world, id) == "agreed"
    with world.db.write(world.clock()) as tx:
        assert changes(world).look(tx, id) == MORNING + timedelta(hours=72)
    world.wait(minutes=59)
    assert phones(world.db) == [old], "an hour is missing"
    world.wait(minutes=2)
    assert phones(world.db) == [old, NEW]
    assert log(world, id) == [(ONE, "asked_contact"), (OTHER, "agreed_contact"), (OTHER, "counts_contact")]


def test_r32_a_telephone_never_counts_without_a_second_approval(world: World) -> None:
    old, id = world.phone(DESK), ask(world)
    assert agree(world, id, by=ONE) == "own"
    world.wait(days=30)
    assert phones(world.db) == [old]
    assert agree(world, id) == "agreed", "it is three days long since"
    world.run()
    assert phones(world.db) == [old, NEW]


def account(world: World, id: str, contact: str = "", *, disabled: bool = False) -> None:
    """Create a coordinator's account."""
    with world.db.write() as tx:
        if people.get(tx, id) is None:
            people.add(tx, Person(id, id, id, Role.COORDINATOR, "", "en", ""), "hash", b"", world.clock(), "test")
        people.change(tx, id, {"contact": contact, "disabled": world.clock() if disabled else None})


def test_r32_two_accounts_of_one_person_count_once(world: World) -> None:
    for id in (ONE, OTHER):
        account(world, id, "kg-coordinator-1")
    assert agree(world, ask(world)) == "own"


@pytest.mark.parametrize("who", [ONE, OTHER])
def test_r32_a_telephone_counts_only_while_both_accounts_are_active(world: World, who: str) -> None:
    """A person who was disabled within the three days does not count. Another may approve instead."""
    for each in (ONE, OTHER):
        account(world, each)
    old, id = world.phone(DESK), ask(world)
    assert agree(world, id) == "agreed"
    account(world, who, disabled=True)
    world.wait(hours=73)
    assert phones(world.db) == [old]
    assert agree(world, id, by="third") == ("gone" if who == ONE else "agreed")
    world.run()
    assert phones(world.db) == ([old] if who == ONE else [old, NEW])


@pytest.mark.parametrize("who", [ONE, OTHER])
def test_r32_a_request_of_an_unsealed_account_counts_once_it_is_sealed(world: World, who: str) -> None:
    """After an update no account is sealed: nothing is cancelled, and nothing counts before a person has checked it."""
    for each in (ONE, OTHER):
        account(world, each)
    old, id = world.phone(DESK), ask(world)
    assert agree(world, id) == "agreed"
    with world.db.write() as tx:
        tx.execute(sa.update(person).where(person.c.id == who).values(mac=""))
    world.wait(hours=100)
    assert phones(world.db) == [old]
    with world.db.write() as tx:
        people.seal(tx, who)
    world.wait(hours=1)
    assert phones(world.db) == [old, NEW]
    assert (who, "off_contact") not in log(world, id)


def test_r32_a_telephone_of_a_removed_service_never_counts(world: World) -> None:
    id = ask(world)
    agree(world, id)
    with world.db.write() as tx:
        there = services.service_by_id(tx, DESK)
        assert there is not None
        services.write(tx, "KG", replace(there, status=services.GONE))
    world.wait(hours=73)
    assert NEW not in phones(world.db)


def test_r32_an_approval_written_by_sql_does_not_count(world: World) -> None:
    """Nor does a change count that seems old according to a row written without the key."""
    old, id = world.phone(DESK), ask(world)
    for values in ({"agreed_by": OTHER}, {"at": world.clock() - timedelta(days=9)}, {"by": "somebody"}):
        with world.db.write() as tx:
            tx.execute(sa.update(contact_change).where(contact_change.c.id == id).values(**values))
        assert agree(world, id) == "gone"
        with world.db.write(world.clock() + timedelta(days=9)) as tx:
            assert changes(world).look(tx, id) is None
    assert phones(world.db) == [old]


def test_r32_a_cancelled_change_cannot_be_restored(world: World) -> None:
    old, id = world.phone(DESK), ask(world)
    agree(world, id)
    with world.db.read() as tx:
        (row,) = tx.execute(sa.select(contact_change)).all()
    assert call_off(world, id)
    with world.db.write(world.clock() + timedelta(days=9)) as tx:
        tx.execute(sa.insert(contact_change).values(**row._mapping))
        changes(world).look(tx, id)
    assert phones(world.db) == [old]


def test_the_service_is_told_on_its_old_telephones_only(world: World) -> None:
    old, more = world.phone(DESK), second_phone(world)
    ask(world)
    world.run()
    for phone in (old, more):
        assert world.inbox(phone) == ["Someone asked to change your phones. Not you? Call the coordinator."]
    assert world.inbox(NEW) == []


def test_any_coordinator_can_cancel_an_approved_change(world: World) -> None:
    old, id = world.phone(DESK), ask(world)
    agree(world, id)
    assert call_off(world, id)
    assert not call_off(world, id)
    assert agree(world, id) == "gone"
    world.wait(days=4)
    assert phones(world.db) == [old]
    assert log(world, id)[-1] == (OTHER, "off_contact")


def test_a_new_telephone_may_replace_another_and_its_duty(world: World) -> None:
    old = world.phone(DESK)
    agree(world, ask(world, replaces=DESK))
    world.wait(hours=71)
    assert phones(world.db) == [old]
    world.wait(hours=2)
    assert phones(world.db) == [NEW]
    world.ask()
    world.run()
    assert world.offered()[0] == NEW


def test_the_same_request_twice_is_one_change(world: World) -> None:
    assert ask(world) == ask(world, by=OTHER)
    world.run()
    assert len(world.inbox(world.phone(DESK))) == 1


def test_a_telephone_that_another_service_got_first_is_not_moved(world: World) -> None:
    id = ask(world, phone=world.phone("kg-osh"))
    agree(world, id)
    world.wait(days=4)
    assert world.phone("kg-osh") in phones(world.db, "kg-osh")
    assert world.phone("kg-osh") not in phones(world.db)


def test_removing_a_telephone_takes_effect_at_once(world: World) -> None:
    """If it was the last one, the service is not asked and not promised any more (R39)."""
    with world.db.write(world.clock()) as tx:
        assert changes(world).take_out(tx, DESK, ONE)
        assert not changes(world).take_out(tx, DESK, ONE)
        service = services.service_by_id(tx, DESK)
    assert service is not None
    assert not service.reached
    world.ask()
    world.run()
    assert DESK not in {row.recipient for row in world.rows(sa.Table("message", contact_change.metadata))}
    agree(world, ask_again(world))
    world.wait(days=3, hours=1)
    with world.db.read() as tx:
        again = services.service_by_id(tx, DESK)
    assert again is not None
    assert again.reached


def ask_again(world: World) -> str:
    with world.db.write(world.clock()) as tx:
        return changes(world).ask(tx, Contact("", "service", NEW, {"en": "X"}, "en", True, DESK), ONE)


class TestImport:
    """A table may contain one more number. What is new in it waits too."""

    def take(self, world: World, folder: Path, *telephones: tuple[str, str]) -> list[str]:
        rows = example()
        for id, number in telephones:
            rows["phone"].append({"id": id, "number": number, "type": "cell", "service_id": "north-wages"})
        taken = directories(world.db).take(written(rows, folder))
        return [who.phone for who in taken.waiting]

    def test_the_first_directory_counts_at_once(self, world: World, tmp_path: Path) -> None:
        assert self.take(world, tmp_path, ("more", NEW)) == []
        assert NEW in phones(world.db, "north-wages")

    def test_r32_a_later_telephone_waits_for_a_coordinator(self, world: World, tmp_path: Path) -> None:
        self.take(world, tmp_path)
        assert self.take(world, tmp_path, ("more", NEW)) == [NEW]
        assert self.take(world, tmp_path, ("more", NEW)) == [NEW], "it waits still, once"
        with world.db.read() as tx:
            (asked,) = changes(world).waiting(tx, "north-wages")
        world.wait(days=9)
        assert NEW not in phones(world.db, "north-wages")
        agree(world, asked.id)
        world.run()
        assert NEW in phones(world.db, "north-wages")
        assert self.take(world, tmp_path, ("more", NEW)) == []

    def test_r32_on_the_server_another_person_than_the_importer_approves(self, world: World, tmp_path: Path) -> None:
        """By name. If the importer gave no name, nobody can be known as the second person."""
        self.take(world, tmp_path)
        rows, now = example(), world.clock()
        rows["phone"].append({"id": "more", "number": NEW, "type": "cell", "service_id": "north-wages"})
        for by in ("", "aida"):
            self.take(world, tmp_path)  # what waited is cancelled
            directories(world.db).take(written(rows, tmp_path), by=by)
            with world.db.write(now) as tx:
                (asked,) = changes(world).waiting(tx, "north-wages")
                answers = [changes(world).agree_here(tx, asked.id, name) for name in ("aida", "bek")]
            assert answers == (["own", "agreed"] if by else ["nameless", "nameless"])
        world.wait(days=9)
        world.run()
        assert NEW in phones(world.db, "north-wages")

    def test_a_waiting_telephone_missing_in_the_next_import_is_cancelled(self, world: World, tmp_path: Path) -> None:
        self.take(world, tmp_path)
        self.take(world, tmp_path, ("more", NEW))
        self.take(world, tmp_path)
        with world.db.read() as tx:
            assert changes(world).waiting(tx) == []

    def test_r32_an_agreement_to_numbers_by_sms_waits_like_a_new_telephone(self, world: World, tmp_path: Path) -> None:
        rows = example()
        without(rows, "north-wages", "accepts_numbers_by_sms")
        directories(world.db).take(written(rows, tmp_path))
        assert self.take(world, tmp_path) == ["+996000400001", "+996000400002"]
        with world.db.read() as tx:
            assert not any(each.accepts_numbers_by_sms for each in contacts.of_service(tx, "north-wages"))
            waiting = changes(world).waiting(tx)
        for each in waiting:
            agree(world, each.id)
        world.wait(hours=73)
        with world.db.read() as tx:
            assert all(each.accepts_numbers_by_sms for each in contacts.of_service(tx, "north-wages"))

    def test_r39_a_new_service_is_not_asked_before_its_telephone_counts(self, world: World, tmp_path: Path) -> None:
        self.take(world, tmp_path)
        rows = example()
        of(rows, "phone", "house-1")["number"] = NEW
        taken = directories(world.db).take(written(rows, tmp_path))
        assert [who.phone for who in taken.waiting] == [NEW]
        with world.db.read() as tx:
            house = services.service_by_id(tx, "south-house")
        assert house is not None
        assert not house.reached

    def test_an_export_contains_the_changes_of_the_console(self, world: World, tmp_path: Path) -> None:
        """So importing it again changes nothing about phones that count or wait."""
        self.take(world, tmp_path)
        with world.db.write(world.clock()) as tx:
            first = contacts.of_service(tx, "north-wages")[0]
            wanted = Contact("", "service", NEW, first.names, "ru", True, "north-wages")
            id = changes(world).ask(tx, wanted, ONE, replaces=first.id)
        agree(world, id)
        world.wait(hours=73)
        with world.db.write(world.clock()) as tx:
            second = contacts.by_phone(tx, "+996000400002")
            assert second is not None
            assert changes(world).take_out(tx, second.id, ONE)
            before = contacts.of_service(tx, "north-wages"), services.service_by_id(tx, "north-wages")
        assert [each.phone for each in before[0]] == [NEW]
        taken = directories(world.db).take(written(directories(world.db).rows(), tmp_path))
        assert (taken.changes, taken.waiting, taken.gone) == ([], [], [])
        with world.db.read() as tx:
            after = contacts.of_service(tx, "north-wages"), services.service_by_id(tx, "north-wages")
        assert after == before

    def test_a_telephone_adds_no_language_to_its_service(self, world: World, tmp_path: Path) -> None:
        self.take(world, tmp_path)
        with world.db.write(world.clock()) as tx:
            names = contacts.of_service(tx, "north-wages")[0].names
            wanted = Contact("", "service", NEW, names, "en", True, "north-wages")
            id = changes(world).ask(tx, wanted, ONE)
        agree(world, id)
        world.wait(hours=73)
        directories(world.db).take(written(directories(world.db).rows(), tmp_path))
        with world.db.read() as tx:
            service = services.service_by_id(tx, "north-wages")
        assert service is not None
        assert "en" not in service.languages

    def test_a_public_telephone_stays_public_after_removal(self, world: World, tmp_path: Path) -> None:
        """After removal it gets no texts, but callers are still told it (R15)."""
        rows = example()
        term(rows, "phone", "north-1", "phone_use:public")
        directories(world.db).take(written(rows, tmp_path))
        with world.db.write(world.clock()) as tx:
            who = contacts.by_phone(tx, "+996000400001")
            assert who is not None
            changes(world).take_out(tx, who.id, ONE)
        exported = directories(world.db).rows()
        assert next(row for row in exported["phone"] if row["id"] == "north-1")["type"] == "voice"
        assert directories(world.db).take(written(exported, tmp_path)).changes == []

    def test_a_dry_run_prints_what_would_wait(self, world: World, tmp_path: Path) -> None:
        self.take(world, tmp_path)
        rows = example()
        rows["phone"].append({"id": "x", "number": NEW, "type": "cell", "service_id": "north-wages"})
        taken = directories(world.db).take(written(rows, tmp_path), dry=True)
        assert [who.phone for who in taken.waiting] == [NEW]
        with world.db.read() as tx:
            assert changes(world).waiting(tx) == []


@pytest.fixture(autouse=True)
def _morning(world: World) -> None:
    """The import uses this clock too."""
    assert world.clock() == MORNING
