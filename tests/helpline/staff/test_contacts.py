"""Only phones that were written with the contact key count. Any other row is ignored."""

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import Role
from helpline.directory import replace_directory, services
from helpline.keys.row_seal import NoContactKey
from helpline.keys.sealing import new_key
from helpline.staff import contacts
from helpline.store.engine import Database
from helpline.store.schema import contact, offer
from tests.helpline.directory.hsds.ground import directories, example, written
from tests.steps.desk import DESK, confirmed, only, says, second_phone
from tests.world import CALLER, World, keys

pytestmark = pytest.mark.engines

FORGER = "+996000500666"


def alter(world: World, **values: Any) -> None:
    """Change the row of the service that is asked first, as an attacker with write access would."""
    with world.db.write() as tx:
        tx.execute(sa.update(contact).where(contact.c.id == DESK).values(**values))


def forge(world: World, of: str = DESK, **values: Any) -> None:
    """Insert a copy of a row with its code."""
    with world.db.write() as tx:
        row = dict(tx.execute(sa.select(contact).where(contact.c.id == of)).one()._mapping)
        tx.execute(sa.insert(contact).values(**{**row, **values}))


def offered_to(world: World) -> list[str]:
    return [str(row.service) for row in world.rows(offer)]


@pytest.mark.parametrize("mac", [None, "", "0" * 64], ids=["that of another row", "none", "any"])
def test_r32_a_service_written_by_sql_gets_no_offers_and_cannot_claim(world: World, mac: str | None) -> None:
    """Its phone takes the place of the genuine one.

    Another service is asked instead, and the forged one cannot claim.
    """
    alter(world, phone=FORGER, **({} if mac is None else {"mac": mac}))
    world.ask()
    world.run()
    to, code = world.offered()
    assert to != FORGER
    assert DESK not in offered_to(world)
    says(world, f"YES {code}", FORGER)
    says(world, f"NUMBER {code}", FORGER)
    assert world.state() == "offered"
    assert not any(CALLER in text or re.search(r"\b[0-9]{5}\b", text) for text in world.inbox(FORGER))


@pytest.mark.parametrize(
    "values",
    [
        {"phone": FORGER},
        {"accepts_numbers_by_sms": False},
        {"service": "kg-osh"},
        {"kind": "coordinator", "service": ""},
        {"country": "KZ"},
        {"names": {"en": "Somebody else"}},
        {"language": "ky"},
        {"id": "somebody"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_r32_a_row_changed_by_sql_does_not_count(world: World, values: dict[str, Any]) -> None:
    alter(world, **values)
    with world.db.read() as tx:
        found = contacts.of_kind(tx, "service", "KG") + contacts.of_kind(tx, "coordinator", "KG")
        every = tx.execute(sa.select(sa.func.count()).select_from(contact)).scalar_one()
    assert len(found) == every - 1


def test_r32_a_second_telephone_written_by_sql_gets_no_texts(world: World) -> None:
    """Even if it is marked as on duty: the genuine one is asked."""
    forge(world, id="kg-more", phone=FORGER, on_duty=True)
    alter(world, on_duty=False)
    world.ask()
    world.run()
    assert world.offered()[0] == world.phone(DESK)
    assert world.inbox(FORGER) == []


def test_r32_an_agreement_to_get_numbers_by_sms_cannot_be_written_by_sql(world: World) -> None:
    alter(world, accepts_numbers_by_sms=True, mac="")
    world.ask()
    world.run()
    assert DESK not in offered_to(world)


def test_r48_a_row_written_by_sql_cannot_undo_a_callers_stop(world: World) -> None:
    """A service's phone cannot stop requests, so nobody may make a caller's phone one of a service."""
    world.ask()
    world.run()
    forge(world, id="forged", phone=CALLER)
    world.text(CALLER, "STOP")
    assert world.state() == "paused"


def test_a_coordinator_written_by_sql_gets_no_texts(world: World) -> None:
    only(world)
    with world.db.read() as tx:
        first = contacts.of_kind(tx, "coordinator", "KG")[0]
    forge(world, first.id, id="a-boss", phone=FORGER)
    world.ask()
    world.wait(hours=3)
    assert world.state() == "stranded"
    assert world.inbox(first.phone)
    assert world.inbox(FORGER) == []


def test_the_code_does_not_cover_who_is_on_duty(world: World) -> None:
    """A desk sets it by SMS. It chooses among phones that count."""
    phone = second_phone(world)
    confirmed(world, "DUTY", phone)
    world.ask()
    world.run()
    assert world.offered()[0] == phone


def test_without_the_key_there_are_no_contacts_and_none_can_be_written(world: World) -> None:
    """That is the case in the public process."""
    bare = Database(world.db.engine)
    with bare.write() as tx:
        assert contacts.of_kind(tx, "service", "KG") == []
        assert contacts.get(tx, DESK) is None
        assert contacts.by_phone(tx, world.phone(DESK)) is None
        with pytest.raises(NoContactKey):
            replace_directory.put(tx, "KG", services.services(tx, "KG"), [one_of(world)])


def one_of(world: World) -> Any:
    with world.db.read() as tx:
        return contacts.get(tx, DESK)


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.BACKUP])
def test_r32_a_process_that_writes_no_directory_refuses_the_contact_key(role: Role) -> None:
    with pytest.raises(ConfigError) as refused:
        Config.read({"KOMEK_CONTACT_KEY": keys()["contact_key"]}, role=role)
    assert "KOMEK_CONTACT_KEY must not be given" in str(refused.value)


def test_an_import_deletes_rows_that_do_not_count(db: Database, tmp_path: Path) -> None:
    """Also if the row has a phone or an id that the directory needs, which then waits like a new one."""
    directories(db).take(written(example(), tmp_path))
    with db.write() as tx:
        tx.execute(sa.update(contact).where(contact.c.id == "north-wages").values(mac=""))
        row = dict(tx.execute(sa.select(contact).where(contact.c.id == "north-2")).one()._mapping)
        tx.execute(sa.insert(contact).values(**{**row, "id": "forged", "phone": FORGER}))
    taken = directories(db).take(written(example(), tmp_path))
    assert [who.id for who in taken.waiting] == ["north-1"]
    with db.read() as tx:
        assert sorted(tx.execute(sa.select(contact.c.id)).scalars()) == sorted(
            each.id for kind in ("service", "coordinator") for each in contacts.of_kind(tx, kind, "KG")
        )
        assert [each.id for each in contacts.of_service(tx, "north-wages")] == ["north-2"]


def test_after_a_change_of_the_key_an_import_seals_all_rows_again(db: Database, tmp_path: Path) -> None:
    directories(db).take(written(example(), tmp_path))
    renewed = db.with_contact_key(new_key())
    with renewed.read() as tx:
        assert contacts.of_kind(tx, "service", "KG") == []
    assert directories(renewed).take(written(example(), tmp_path)).waiting == ()
    with renewed.read() as tx:
        assert len(contacts.of_kind(tx, "service", "KG")) == 3
