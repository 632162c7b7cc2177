"""The rules about revealing a number (R32), and keys of the public process (idea 3 of the architecture)."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.core.config import Config, ConfigError
from helpline.core.phone_numbers import Hidden
from helpline.core.ports import SendFailed
from helpline.core.process_keys import FORBIDDEN, HOLDS, Role
from helpline.keys.sealing import Sealing, Words
from helpline.store import audit_log
from helpline.store.schema import audit, metadata, vault
from tests.steps.desk import says
from tests.world import CALLER, OTHER, World, keys


def test_r32_before_a_claim_no_number_code_or_words_are_sent(world: World) -> None:
    """The offer tells place, language, need and window, and nothing that identifies the caller."""
    call = world.ask(last=False)
    words = re.findall("[А-ЯЁ]{3,}", call.text.split("Помните")[1])
    world.wait(minutes=5)
    to, _ = world.offered()
    (text,) = world.inbox(to)
    assert CALLER not in text
    assert not any(word in text for word in words)


def test_r32_only_the_service_that_claimed_gets_the_number(world: World) -> None:
    """Another service with the right digits, or the right service with wrong ones: nothing is revealed."""
    to, code = world.claimed()
    stranger = world.phone("kg-osh")
    world.text(stranger, f"НОМЕР {code}")
    world.text(stranger, f"ДА {code}")
    world.text(to, "НОМЕР 00000")
    world.text(OTHER, f"НОМЕР {code}")
    assert not any(CALLER in text for _, text in world.gateway.sent)
    assert "reveal" not in [row.action for row in world.rows(audit)]
    world.text(to, f"НОМЕР {code}")
    assert [phone for phone, text in world.gateway.sent if CALLER in text] == [to]


def test_r32_each_reveal_is_in_the_audit_log_and_the_log_is_chained(world: World) -> None:
    """Who, what, which request. A changed row is found."""
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    rows = world.rows(audit)
    assert [(row.actor, row.action) for row in rows] == [("kg-country", "claim"), ("kg-country", "reveal")]
    key = world.work.ctx.audit_key
    with world.db.write() as tx:
        assert audit_log.broken_at(tx, key) is None
        if tx.dialect.name == "sqlite":
            tx.exec_driver_sql("drop trigger audit_no_update")
        tx.execute(sa.update(audit).where(audit.c.action == "reveal").values(actor="kg-osh"))
        assert audit_log.broken_at(tx, key) == rows[1].seq


def test_r32_a_service_that_did_not_agree_in_writing_gets_no_number_by_sms(world: World) -> None:
    """It is told where it can see the number."""
    world.contacts_are(accepts_numbers_by_sms=False)
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    assert CALLER not in " ".join(world.inbox(to))


def test_r32_a_number_that_is_asked_for_before_its_claim_by_another_hosts_clock_is_refused_in_words(
    world: World,
) -> None:
    """The clock of this host is a minute behind. The service reads what to send again, and its window is not used."""
    to, code = world.claimed()
    claimed = world.clock.at
    world.clock.at = claimed - timedelta(minutes=1)
    assert says(world, f"НОМЕР {code}", to) == [f"{code}: not yet. Send in a few minutes: NUMBER {code}"]
    assert "reveal" not in [row.action for row in world.rows(audit)]
    world.clock.at = claimed
    assert CALLER in says(world, f"НОМЕР {code}", to)[0]


def test_r32_a_service_reads_when_to_ask_again_if_a_number_could_not_leave_in_its_window(world: World) -> None:
    """The gateway was busy until the caller's hours were over."""
    world.set_local(20, 45)
    to, code = world.claimed()
    world.gateway.fails = [SendFailed("busy", retry=True)] * 4
    assert says(world, f"НОМЕР {code}", to) == []
    world.wait(hours=1)
    assert world.inbox(to)[-1] == f"{code}: not now. Send on 25.11 08:00-21:00: NUMBER {code}."
    world.wait(hours=12)
    assert CALLER in says(world, f"НОМЕР {code}", to)[0]


def test_idea_3_the_public_process_cannot_find_a_number_with_its_keys(world: World) -> None:
    """With every row, its own keys and the right guess, nothing matches."""
    assert HOLDS[Role.PUBLIC] == {"sealing_key", "words_key"}
    others = {"opening_key", "hashing_key", "audit_key", "session_key", "restore_key", "contact_key"}
    assert FORBIDDEN[Role.PUBLIC] == others
    world.ask()
    (row,) = world.rows(vault)
    assert (row.caller, row.line) == (None, None)
    sealing, words = Sealing.of(keys()["sealing_key"]), Words.of(keys()["words_key"])
    guesses = {sealing.seal(row.request, Hidden(CALLER)) for _ in range(3)}
    assert len(guesses) == 3
    assert bytes(row.sealed) not in guesses
    everything = str([list(found) for table in metadata.sorted_tables for found in world.rows(table)])
    for derived in (words.session("at", CALLER), words.session("", CALLER), words.code(CALLER, 0)):
        assert derived not in everything


def test_idea_3_the_public_process_refuses_keys_that_open_numbers() -> None:
    """And names the key."""
    environ = {f"KOMEK_{name.upper()}": value for name, value in keys().items()}
    with pytest.raises(ConfigError) as refused:
        Config.read(environ, role=Role.PUBLIC)
    faults = " ".join(refused.value.faults)
    assert len(refused.value.faults) == len(FORBIDDEN[Role.PUBLIC])
    assert all(f"KOMEK_{key.upper()} must not be given" in faults for key in FORBIDDEN[Role.PUBLIC])
