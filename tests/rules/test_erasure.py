"""The rules about withdrawal, erasure and hidden numbers: R33 to R35."""

import logging
import pickle
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.core.phone_numbers import Msisdn, msisdn
from helpline.store import outbox
from helpline.store.engine import Database
from helpline.store.schema import metadata, request, talk, vault
from helpline.store.schema import outbox as outbox_table
from menus.salt import marks
from tests.conftest import Databases
from tests.world import CALL_ME, CALLER, World


def test_r33_after_a_withdrawal_nobody_can_read_the_number(world: World) -> None:
    """During an offer: the code opens nothing any more, and the number is erased."""
    call = world.ask(last=False)
    world.wait(minutes=5)
    to, code = world.offered()
    (row,) = world.rows(request)
    mark = marks(world.public.ctx.words.salt("at", call.session), row.draws)
    assert my_request.withdraw(world.public.ctx, mark.code, mark.word) == "withdrawn"
    world.text(to, f"ДА {code}")
    assert world.state() == "closed"
    assert world.rows(vault) == []


def test_r33_consent_withdrawn_in_the_same_call_withdraws_the_request(world: World) -> None:
    """Home, call me again, *no*: the request of this call is withdrawn. A late copy of a hop does not restore it."""
    call = world.ask(last=False)
    before = call.keys
    call.press("1", "00", "2", "0")
    world.run()
    assert world.state() == "closed"
    assert world.rows(vault) == []
    call.keys = before
    call.reply = replace(call.reply, last=False)
    assert call.show().text.startswith("Чем помочь?")
    assert len(world.rows(request)) == 1


def test_r33_a_continuing_call_does_not_restore_a_withdrawn_request(world: World) -> None:
    """Another phone withdraws during the call. The caller's next key shows home, and only a new call asks again."""
    call = world.ask(last=False)
    (row,) = world.rows(request)
    mark = marks(world.public.ctx.words.salt("at", call.session), row.draws)
    my_request.withdraw(world.public.ctx, mark.code, mark.word)
    world.run()
    assert call.press("1").text.startswith("Чем помочь?")
    assert call.show().text.startswith("Чем помочь?")
    assert call.press("2").text.startswith("Наберите, пожалуйста, ещё раз.")
    assert [found.state for found in world.rows(request)] == ["closed"]
    world.ask()
    assert sorted(found.state for found in world.rows(request)) == ["closed", "waiting"]


def canaries(world: World) -> list[bytes]:
    """Return what must be nowhere: the number in plain text, with and without its plus."""
    return [CALLER.encode(), CALLER[1:].encode()]


@pytest.fixture
def sqlite_world(new_sqlite: Databases) -> World:
    """A service on SQLite, whose files can be searched."""
    return World.on(new_sqlite())


def files_of(world: World) -> Iterator[Path]:
    """Return every file of a SQLite database."""
    name = world.db.engine.url.database
    assert name is not None
    yield from Path(name).parent.glob(f"{Path(name).name}*")


@pytest.mark.engines
def test_r34_after_erasure_no_store_has_the_number(sqlite_world: World) -> None:
    """The sealed bytes are gone from the file and its log, so that no key helps."""
    world = sqlite_world
    call = world.ask(last=False)
    (row,) = world.rows(vault)
    sealed = bytes(row.sealed)
    assert any(sealed in path.read_bytes() for path in files_of(world))
    mark = marks(world.public.ctx.words.salt("at", call.session), 0)
    my_request.withdraw(world.public.ctx, mark.code, mark.word)
    world.run()
    assert not any(sealed in path.read_bytes() for path in files_of(world))
    assert all(
        row.sealed is None
        for table in (metadata.tables["inbox"], metadata.tables["message"])
        for row in world.rows(table)
    )


def test_r34_ussd_state_is_deleted_within_an_hour(world: World) -> None:
    """The record that a consent screen was shown is deleted."""
    world.dial().press(*CALL_ME)
    assert len(world.rows(talk)) == 1
    with world.db.write() as tx:
        outbox.wake(tx, "sweep", "all", world.clock() + timedelta(minutes=10))
    world.wait(minutes=60)
    assert world.rows(talk) == []


def test_r34_a_claimed_requests_number_is_erased_when_consent_ends(db: Database) -> None:
    """Shown once without a reported outcome.

    The request ends with the consent, the service is told, the number is erased.
    """
    world = World.on(db, silent_hours=1000)
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    world.wait(days=13, hours=23)
    assert len(world.rows(vault)) == 1
    world.wait(hours=2)
    assert world.rows(vault) == []
    assert world.state() == "closed"
    assert world.inbox(to)[-1] == f"{code}: do not call any more. Please delete the number."


def test_r34_no_number_is_stored_longer_than_the_caller_was_told(world: World) -> None:
    """If no row wakes the request any more, the sweep finds it."""
    world.ask()
    world.run()
    with world.db.write() as tx:
        tx.execute(sa.delete(outbox_table))
        outbox.wake(tx, "sweep", "all", world.clock() + timedelta(days=14, minutes=1))
    world.wait(days=14, minutes=2)
    assert world.rows(vault) == []


def test_r34_after_thirty_days_only_counted_fields_remain(world: World) -> None:
    """Day, place, need, outcome: no hash, no time, no offer."""
    call = world.ask(last=False)
    (row,) = world.rows(request)
    world.wait(minutes=5)
    mark = marks(world.public.ctx.words.salt("at", call.session), row.draws)
    my_request.withdraw(world.public.ctx, mark.code, mark.word)
    with world.db.write() as tx:
        outbox.wake(tx, "sweep", "all", world.clock() + timedelta(days=30, minutes=1))
    world.wait(days=30, minutes=2)
    (left,) = world.rows(request)
    assert (left.session, left.code_mac, left.promised_from, left.window) == (None, None, None, "")
    assert left.created == row.created.replace(hour=0, minute=0)
    assert (left.state, left.outcome, left.language) == ("closed", "withdrew", "ru")
    assert world.rows(metadata.tables["offer"]) == []


def test_a_silent_service_loses_its_claim(world: World) -> None:
    """After two days without asking for the number it is reminded and a person told. Then the next service is asked."""
    to, code = world.claimed()
    world.wait(hours=47)
    assert (world.state(), len(world.inbox(to))) == ("claimed", 2)
    world.wait(hours=2)
    assert world.inbox(to)[-1] == f"{code}: no report yet. Call at the agreed time, then text how it was."
    assert re.fullmatch(
        rf"{code}, взяли: .+. Вестей нет. Позвоните туда.", world.inbox(world.phone("kg-coordinator-1"))[-1]
    )
    world.wait(hours=2)
    assert world.state() == "claimed"
    world.wait(hours=2)
    assert world.inbox(to)[-1] == f"{code}: do not call any more. Please delete the number."
    assert world.state() in ("offered", "stranded")


def test_r34_a_late_retry_does_not_save_the_request_again(world: World) -> None:
    """For a day after the erasure the session is refused and shows home."""
    call = world.ask(last=False)
    mark = marks(world.public.ctx.words.salt("at", call.session), 0)
    my_request.withdraw(world.public.ctx, mark.code, mark.word)
    world.run()
    assert call.show().text.startswith("Чем помочь?")
    world.wait(hours=1)
    assert world.rows(vault) == []


@pytest.mark.engines
def test_r35_no_table_has_a_number_text_code_or_word_in_plain_text(
    sqlite_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """After a whole referral, by USSD and SMS, files and logs contain no canary."""
    caplog.set_level(logging.DEBUG)
    world = sqlite_world
    call = world.ask(last=False)
    code = re.search("Помните ([0-9]{6})\\. Мы скажем [А-ЯЁ]+, вы ([А-ЯЁ]+)", call.text)
    assert code is not None
    world.wait(minutes=5)
    to, offered = world.offered()
    world.text(to, f"ДА {offered}")
    world.text(to, f"НОМЕР {offered}")
    world.text(CALLER, "помогите канарейка")
    secrets = [*canaries(world), "канарейка".encode(), code[1].encode(), code[2].encode()]
    for path in files_of(world):
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path.name
    assert not [s for s in secrets if s.decode() in caplog.text]


@dataclass(frozen=True)
class Holder:
    """An object with a number, as a debugger or a serializer would meet it."""

    number: Msisdn


@pytest.mark.parametrize(
    "leak",
    [
        str,
        repr,
        "{}".format,
        "{:>20}".format,
        lambda n: f"{n!r}",
        lambda n: str(Holder(n)),
        lambda n: str(asdict(Holder(n))),
    ],
)
def test_r35_a_number_is_hidden_when_printed(leak) -> None:
    """It is hidden when printed, formatted or in a dataclass."""
    try:
        shown = leak(msisdn(CALLER))
    except TypeError:  # `asdict` copies, and a number refuses to be copied
        return
    assert CALLER[-4:] not in shown
    assert "hidden" in shown


def test_r35_a_number_cannot_be_pickled_or_hashed() -> None:
    """So it cannot get into a job or a cache."""
    with pytest.raises(TypeError):
        pickle.dumps(msisdn(CALLER))
    with pytest.raises(TypeError):
        {msisdn(CALLER)}
