"""No number leaves without a genuine offer, a genuine claim and its row in the audit log, whatever SQL has written.

R32, and the texts that a forger could have sent to callers (R12, R13).
"""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.casework import claims
from helpline.casework.answers import Claimed, NumberLeaves
from helpline.casework.console_actions import Cases
from helpline.content.reviews import Mark, hash_of
from helpline.core.phone_numbers import Hidden
from helpline.keys.sealing import key_bytes
from helpline.referral import ending
from helpline.request import offers, reveals
from helpline.reveal.revealing import revealed
from helpline.staff import contacts, people
from helpline.staff.contact import Actor
from helpline.staff.roles import Person, Role
from helpline.store import outbox, texts_out
from helpline.store.schema import audit, message, offer, request, vault
from tests.steps.forger import ACCOMPLICE, Forger, forger
from tests.world import CALLER, OTHER, World, keys


@pytest.fixture
def thief(world: World) -> Forger:
    """A forger, and a request that another service has claimed."""
    found = forger(world)
    world.claimed()
    return found


def test_r32_a_text_with_a_number_that_was_written_by_sql_is_not_sent(thief: Forger) -> None:
    """Neither about the claim of another service, nor to its own telephone."""
    world = thief.world
    (claim,) = world.rows(offer)
    thief.copy(
        "message", id="forged", recipient=ACCOMPLICE, notice="to_ngo.number", state="queued", attempts=0,
        gateway_id=None, values={"phone": ACCOMPLICE}, offer=claim.id, request=claim.request,
    )  # fmt: skip
    thief.send("forged")
    assert not thief.got_number()


def test_r32_a_waiting_text_that_sql_turned_to_another_service_is_not_sent(thief: Forger) -> None:
    """The number was asked for by its holder, and waits to be sent."""
    world = thief.world
    (claim,) = world.rows(offer)
    code = world.work.ctx.offer_code(claim.id, claim.draws)
    with world.db.write(world.clock()) as tx:
        held = contacts.get(tx, claim.service)
        assert held
        world.work.inbound.orders.obey(tx, held, f"NUMBER {code}")
    thief.write(f"""update message set recipient = :to, "values" = '{{"phone": "{ACCOMPLICE}"}}'""", to=ACCOMPLICE)
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)


@pytest.mark.parametrize("state", ["open", "claimed"])
def test_r32_an_offer_or_a_claim_that_was_written_by_sql_opens_nothing(thief: Forger, state: str) -> None:
    """Even with the right digits, which nobody without the contact key can calculate."""
    world = thief.world
    (claim,) = world.rows(offer)
    thief.write("update offer set service = :to, state = :state", to=ACCOMPLICE, state=state)
    thief.write("update request set state = :state", state={"open": "offered"}.get(state, state))
    code = world.work.ctx.offer_code(claim.id, claim.draws)
    for text in (f"YES {code}", f"NUMBER {code}", "NUMBER"):
        world.text(thief.phone, text)
    assert not thief.got_number()


def test_r32_an_open_offer_is_no_claim_because_sql_says_so(world: World) -> None:
    """Only who has claimed gets the number. The public role may write this column."""
    found = forger(world)
    world.ask()
    world.run()
    to, code = world.offered()
    found.write("update offer set state = 'claimed', claimed = opened")
    found.write("update request set state = 'claimed'")
    world.text(to, f"NUMBER {code}")
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r32_no_number_leaves_without_its_row_in_the_audit_log(thief: Forger) -> None:
    """A text with a number that some code wrote without asking `may_reveal` is not sent."""
    world = thief.world
    (claim,) = world.rows(offer)
    with world.db.write(world.clock()) as tx:
        held, phone = offers.get(tx, claim.id), contacts.get(tx, claim.service)
        assert held
        assert phone
        ending.tell_service(tx, held, ending.NUMBER, phone, shown_in=world.clock().isoformat())
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r32_a_row_that_sql_added_to_the_log_counts_for_nothing(thief: Forger) -> None:
    """It is not part of the chain, which takes the audit key."""
    world = thief.world
    (claim,) = world.rows(offer)
    with world.db.write() as tx:
        held, phone = offers.get(tx, claim.id), contacts.get(tx, claim.service)
        assert held
        assert phone
        tx.execute(sa.update(offer).values(shown_at=tx.now))
        forged = {"at": tx.now, "actor": claim.service, "action": "reveal", "ref": claim.request, "mac": "0" * 64}
        tx.execute(sa.insert(audit), forged)
        ending.tell_service(tx, held, ending.NUMBER, phone, shown_in=tx.now.isoformat())
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r32_a_row_of_the_audit_log_serves_one_window(thief: Forger) -> None:
    """A text that is queued again the next day needs the next row."""
    world = thief.world
    (claim,) = world.rows(offer)
    world.text(world.phone(claim.service), f"NUMBER {world.work.ctx.offer_code(claim.id, claim.draws)}")
    assert len([text for _, text in world.gateway.sent if CALLER in text]) == 1
    number = next(row.id for row in world.rows(message) if row.notice == "to_ngo.number")
    kept = next(row for row in world.rows(message) if row.id == number)._mapping
    world.wait(days=1)
    thief.write("delete from message where id = :id", id=number)
    with world.db.write() as tx:
        tx.execute(sa.insert(message), {**kept, "state": "queued", "attempts": 0, "gateway_id": None, "channel": None})
    thief.send(number)
    assert len([text for _, text in world.gateway.sent if CALLER in text]) == 1


def test_r32_an_old_claim_that_was_written_back_opens_nothing(world: World) -> None:
    """Somebody who kept a copy of a claim can write it back, but no longer than a consent lasts."""
    thief = forger(world)
    to, _ = world.claimed()
    claim, sealed, asked = (dict(world.rows(table)[0]._mapping) for table in (offer, vault, request))
    code = world.work.ctx.offer_code(str(claim["id"]), int(claim["draws"]))
    world.wait(days=world.config.consent_days + 1)
    for table, row in ((offer, claim), (vault, sealed), (request, asked)):
        with world.db.write() as tx:
            tx.execute(sa.delete(table))
            tx.execute(sa.insert(table), row)
    later = int((world.clock() + timedelta(days=5)).timestamp() * 1_000_000)
    now = int(world.clock().timestamp() * 1_000_000)
    thief.write("update request set expires = :later, since = :now, \"window\" = 'now'", later=later, now=now)
    world.text(to, f"NUMBER {code}")
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r32_the_words_key_does_not_make_the_digits_of_an_offer(world: World) -> None:
    """The public process holds that key."""
    world.ask()
    world.run()
    _, code = world.offered()
    (asked,) = world.rows(offer)
    hashed = hashlib.blake2b(
        f"{asked.id}\n{asked.draws}".encode(), key=key_bytes(keys()["words_key"]), digest_size=16, person=b"offer"
    )
    assert code != f"{int(hashed.hexdigest(), 16) % 10**5:05}"


def test_r32_only_the_desk_that_holds_the_claim_gets_the_number(thief: Forger) -> None:
    """The place where a number is opened asks which desk it is for."""
    world = thief.world
    (claim,) = world.rows(offer)
    work = world.work
    with world.db.write(world.clock()) as tx:
        held, phone = offers.get(tx, claim.id), contacts.get(tx, claim.service)
        assert held
        assert phone
        answer = claims.ask_number(work.ctx, tx, Actor.by_sms(phone), held)
        assert isinstance(answer, NumberLeaves)
        for desk, gets in {ACCOMPLICE: False, claim.service: True}.items():
            found = revealed(work.ctx, tx, work.outgoing.opening, claim.id, desk)
            assert (found is not None) is gets


def test_r32_a_process_without_the_contact_key_opens_no_number(thief: Forger) -> None:
    """It cannot tell a genuine claim from another."""
    world = thief.world
    (claim,) = world.rows(offer)
    world.text(world.phone(claim.service), f"NUMBER {world.work.ctx.offer_code(claim.id, claim.draws)}")
    with replace(world.db, contacts=None).read() as tx:
        assert revealed(world.work.ctx, tx, world.work.outgoing.opening, claim.id, claim.service) is None


def test_r32_the_audit_check_finds_a_number_without_its_row(thief: Forger) -> None:
    """A claim or a text says that a number left, and the log does not."""
    world = thief.world
    (claim,) = world.rows(offer)
    with world.db.read() as tx:
        assert reveals.not_logged(tx) == []
    thief.write("update offer set shown_at = opened")
    with world.db.read() as tx:
        assert reveals.not_logged(tx) == [claim.request]
    thief.write("update offer set shown_at = null")
    thief.write("update message set notice = 'to_ngo.number', state = 'sent' where notice = 'to_ngo.card'")
    with world.db.read() as tx:
        assert reveals.not_logged(tx) == [claim.request]


def test_r32_a_claim_of_before_there_were_codes_goes_on(thief: Forger) -> None:
    """The audit log vouches for it. Its service is sent the new digits."""
    world = thief.world
    (claim,) = world.rows(offer)
    thief.write("update offer set mac = ''")
    to = world.phone(claim.service)
    world.work.begin()
    world.run()
    assert world.state() == "claimed"
    (now,) = world.rows(offer)
    code = world.work.ctx.offer_code(now.id, now.draws)
    assert code in world.inbox(to)[-1]
    world.text(to, f"NUMBER {code}")
    assert CALLER in world.inbox(to)[-1]


def test_r32_an_offer_of_before_there_were_codes_is_made_anew(world: World) -> None:
    """Nobody is lost, and the digits of before open nothing."""
    thief = forger(world)
    world.ask()
    world.run()
    to, before = world.offered()
    thief.write("update offer set mac = ''")
    world.work.begin()
    world.run()
    phone, code = world.offered()
    assert (phone, world.state()) == (to, "offered")
    assert code != before
    world.text(to, f"YES {code}")
    assert world.state() == "claimed"


@pytest.mark.parametrize(
    "forged",
    [
        f"update offer set service = '{ACCOMPLICE}', mac = ''",
        "update offer set claimed = claimed + 1, mac = ''",
        "update offer set state = 'claimed', mac = 'over'",
    ],
)
def test_r32_a_forged_claim_is_not_sealed_and_the_caller_is_asked_for_again(thief: Forger, forged: str) -> None:
    """The row is ended, and a service is asked as if it had never been there."""
    world = thief.world
    thief.write(forged)
    world.work.begin()
    world.run()
    assert next(row.state for row in world.rows(offer)) == "void"
    assert world.state() == "offered"
    world.text(thief.phone, "NUMBER")
    assert not thief.got_number()


def test_r32_an_account_that_sql_moved_vouches_for_no_claim(world: World) -> None:
    """It has claimed for its own service. The log of that makes no claim of another service genuine."""
    thief = forger(world)
    world.ask()
    world.run()
    (asked,) = world.rows(offer)
    person = Person("p1", "Somebody", "somebody", Role.CASEWORKER, asked.service, "en", "")
    cases = Cases.of(world.work.ctx, world.work.outgoing.opening)
    with world.db.write() as tx:
        people.add(tx, person, "", b"", tx.now, "test")
        assert isinstance(cases.do(tx, person, asked.id, claims.claim), Claimed)
    thief.write("update offer set service = :to, mac = ''", to=ACCOMPLICE)
    thief.write("update person set service = :to", to=ACCOMPLICE)
    world.work.begin()
    assert next(row.state for row in world.rows(offer)) == "void"


def test_r12_a_text_to_a_caller_that_was_written_by_sql_is_not_sent(thief: Forger) -> None:
    """No screen goes to a number that somebody has sealed."""
    world = thief.world
    thief.copy(
        "message", id="forged", to="caller", recipient="", notice="to_caller.kept", state="queued", attempts=0,
        gateway_id=None, values={"earned": True}, offer=None, request=None, language="ru",
        sealed=thief.seal("forged", OTHER),
    )  # fmt: skip
    thief.send("forged")
    assert world.inbox(OTHER) == []


def test_r12_a_reply_cannot_be_turned_to_another_telephone(world: World) -> None:
    """A reply that waits goes to who has earned it."""
    thief = forger(world)
    with world.db.write(world.clock()) as tx:
        sealed = thief.seal("earned", CALLER)
        values = {"earned": True, "word": 0, "ours": 0}
        texts_out.add(tx, "caller", "", "to_caller.hello", "ru", values=values, sealed=sealed, id="earned")
        outbox.wake(tx, "send", "earned", tx.now)
    thief.write("update message set sealed = :sealed", sealed=thief.seal("earned", OTHER))
    world.run()
    assert world.inbox(OTHER) == []


def test_r13_the_review_covers_the_text_as_it_is_sent(world: World) -> None:
    """A reviewed name does not carry another screen."""
    outgoing = world.work.outgoing
    reviews, notice = outgoing.reviews, "to_caller.hello"
    marks = [Mark(notice, "ru", "Somebody", "2026-11-24", hash_of(reviews.wording(notice, "ru")))]
    strict = replace(reviews, all_allowed=False, marks=marks)
    world.work = replace(world.work, outgoing=replace(outgoing, reviews=strict))
    sealing = world.work.inbound.dialogue.ctx.sealing
    for id, values in {"as_reviewed": {}, "another": {"screen": "start.emergency", "wrong": False}}.items():
        with world.db.write(world.clock()) as tx:
            sealed = sealing.seal(id, Hidden(CALLER))
            texts_out.add(tx, "caller", "", notice, "ru", values={"earned": True, **values}, sealed=sealed, id=id)
            outbox.wake(tx, "send", id, tx.now)
        world.run()
    assert len(world.inbox(CALLER)) == 1
