"""A telephone that no channel sends to: its texts are not lost silently, and people see it before they are needed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from helpline.core.channels_file import ChannelSettings, senders_of
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Delivery, Sender
from helpline.directory.unreached import unreached
from helpline.messaging.routes import Route
from helpline.staff import contacts
from helpline.store import channel_states, outbox, texts_out
from helpline.store.schema import message, offer
from tests.helpline.messaging.test_routes import BROKEN, REFUSED, Taker, connect
from tests.steps.caller import AGREED, asked, recipients, save_draft
from tests.steps.desk import only, says
from tests.world import CALLER, STOPPED, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"


def digits_of(world: World, but_not: Collection[str]) -> tuple[str, ...]:
    """Return the digits of all telephones but those of some contacts."""
    with world.db.read() as tx:
        listed = [each for kind in ("service", "coordinator") for each in contacts.of_kind(tx, kind, "KG")]
    return tuple(each.phone.removeprefix("+") for each in listed if each.id not in but_not)


def cut_off(world: World, *ids: str) -> list[tuple[str, str]]:
    """Make the only channel send to everybody but these. Return the list that gets the events of the log."""
    channel = ChannelSettings(name="at", kind="africastalking", prefixes=digits_of(world, ids))
    log: list[tuple[str, str]] = []
    ctx = replace(world.work.ctx, log=lambda name, about: log.append((name, about)))
    outgoing = replace(world.work.outgoing, routes=(Route(channel, world.gateway),), ctx=ctx)
    world.work = replace(world.work, outgoing=outgoing)
    return log


@dataclass
class Refuses:
    """A gateway that refuses one number."""

    number: str
    others: Sender

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        if to.reveal() == self.number:
            raise REFUSED
        return self.others.send(to, text, ref, sender)


def state_of(world: World, notice: str, who: str) -> list[str]:
    return [row.state for row in world.rows(message) if (row.notice, row.recipient) == (notice, who)]


def test_an_alert_of_danger_goes_to_the_next_coordinator_if_no_channel_reaches_the_first(world: World) -> None:
    log = cut_off(world, FIRST)
    save_draft(world, replace(AGREED, risk="now"))
    world.run()
    assert recipients(world, "to_ngo.danger") == [FIRST, SECOND]
    assert state_of(world, "to_ngo.danger", FIRST) == ["failed"]
    assert state_of(world, "to_ngo.danger", SECOND) == ["sent"]
    assert "no_channel" in dict(log)
    assert "996" not in str(log), "no number"


def test_if_no_channel_reaches_any_coordinator_an_error_is_logged(world: World) -> None:
    log = cut_off(world, FIRST, SECOND)
    save_draft(world, replace(AGREED, risk="now"))
    world.run()
    assert recipients(world, "to_ngo.danger") == [FIRST, SECOND]
    assert "no_coordinator" in dict(log)


def test_an_alert_goes_to_the_next_coordinator_if_the_first_has_left_the_directory(world: World) -> None:
    save_draft(world, replace(AGREED, risk="now"))
    while recipients(world, "to_ngo.danger") == []:
        assert world.work.step()
    with world.db.write() as tx:
        contacts.delete(tx, [FIRST])
    world.run()
    assert state_of(world, "to_ngo.danger", FIRST) == ["void"]
    assert state_of(world, "to_ngo.danger", SECOND) == ["sent"]


def test_an_offer_passes_on_if_no_channel_reaches_the_service(world: World) -> None:
    world.ask()
    world.run()
    (first,) = [row.service for row in world.rows(offer)]
    log = cut_off(world, first)
    world.ask("+996000777001")
    world.run()
    assert asked(world)[1:3] == [(first, "undeliverable"), (asked(world)[2][0], "open")]
    assert "no_channel" in dict(log)


def test_r48_a_stop_that_no_channel_can_send_makes_a_coordinator_call_the_service(world: World) -> None:
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    with world.db.read() as tx:
        service = contacts.by_phone(tx, to)
    assert service is not None
    cut_off(world, service.id)
    world.dial(CALLER).press(*STOPPED)
    world.run()
    assert recipients(world, "to_ngo.undelivered") == [FIRST]


@pytest.mark.parametrize("how", ["no channel", "refused", "receipt"])
def test_a_question_to_take_a_case_over_ends_if_it_does_not_arrive(world: World, how: str) -> None:
    """The holder learns at once that the case stays theirs."""
    holder, to = "kg-country", "kg-bishkek"
    _, code = world.claimed()
    if how == "no channel":
        cut_off(world, to)
    if how == "refused":
        world.send_by(Refuses(world.phone(to), world.gateway))
    says(world, f"HANDED {code} to Bishkek")
    if how == "receipt":
        (row,) = [row for row in world.rows(message) if row.notice == "to_ngo.take_over"]
        with world.db.write(world.clock()) as tx:
            world.work.outgoing.receipt(tx, row.gateway_id, Delivery.FAILED)
        world.run()
    assert sorted((row.service, row.state) for row in world.rows(offer)) == [(to, "undeliverable"), (holder, "claimed")]
    assert recipients(world, "to_ngo.handing_no") == [holder]


def test_r48_a_stop_goes_by_the_channel_that_rested_if_another_one_refused_it(world: World) -> None:
    """The first channel rests after faults, the second refuses the text: the first never refused it."""
    _, code = world.claimed()
    first, second = Taker(), Taker(always=REFUSED)
    connect(world, first, second)
    with world.db.write(world.clock()) as tx:
        for _ in range(channel_states.FAULTS_IN_A_ROW):
            channel_states.note_failure(tx, "first", fault=True)
    world.dial(CALLER).press(*STOPPED)
    world.run()
    stops = [row for row in world.rows(message) if row.notice == "to_ngo.stop"]
    assert [(row.channel, row.state, row.refused_by) for row in stops] == [("first", "sent", "second")]
    assert code


def test_a_channel_that_refused_a_text_does_not_get_it_again_after_a_fault_of_another(world: World) -> None:
    first, second = Taker(always=REFUSED), Taker(fails=[BROKEN])
    connect(world, first, second)
    world.ask()
    world.wait(minutes=3)
    (row,) = [row for row in world.rows(message) if row.to == "service"]
    assert (row.channel, row.state, row.refused_by, row.attempts) == ("second", "sent", "first", 3)


def test_who_no_channel_reaches(world: World) -> None:
    """Also a telephone that is not on duty, but none of a service that has left."""
    only(world, "kg-osh")
    here = ChannelSettings(name="a", kind="emulator", countries=("996",))
    silent = ChannelSettings(name="b", kind="emulator", sends=False)
    abroad = ChannelSettings(name="c", kind="emulator", countries=("992",))
    with world.db.read() as tx:
        assert unreached(tx, "KG", [silent, abroad, here]) == []
        assert unreached(tx, "KG", [silent, abroad]) == unreached(tx, "KG", []) == ["kg-osh", FIRST, SECOND]


def test_a_channels_file_that_cannot_be_read_reaches_nobody(world: World, tmp_path: Path) -> None:
    config = world.config.model_copy(update={"channels_file": tmp_path / "none.yaml"})
    with world.db.read() as tx:
        assert FIRST in unreached(tx, "KG", senders_of(config))


def test_refusals_are_stored_with_the_text(world: World) -> None:
    with world.db.write() as tx:
        id = texts_out.add(tx, "coordinator", FIRST, "to_ngo.danger", "")
        outbox.wake(tx, "send", id, tx.now)
        assert texts_out.begin(tx, id)
        texts_out.requeue(tx, id, ("a", "b"))
        found = texts_out.get(tx, id)
    assert found is not None
    assert found.refused_by == ("a", "b")
