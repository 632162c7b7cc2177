"""What a coordinator does about one request: see why a service was not asked, reassign, take it, lift a freeze."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.casework.reassign import WHY
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.directory import services
from helpline.directory.service import Service
from helpline.matching import eligibility, ranking
from helpline.matching.ranking import FINER
from helpline.oversight.open_requests import desks
from helpline.staff import contacts, people
from helpline.staff.roles import Role
from helpline.store.schema import attempt, audit, offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser, Insider
from tests.gateway.console.test_watch import answer, stranded
from tests.helpline.casework.test_escalated_requests import called
from tests.steps.desk import DESK, only
from tests.world import CALLER, OTHER

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"
ELSE = "kg-bishkek"


@pytest.fixture
def coordinators_browser(office: CaseOffice) -> Browser:
    """The browser of a coordinator whose phone is the first one of the directory."""
    return coordinator(office, "coordinator", FIRST)[1]


def coordinator(office: CaseOffice, login: str, phone: str = "") -> tuple[Insider, Browser]:
    account = office.office.insider(Role.COORDINATOR, login)
    with office.world.db.write() as tx:
        people.change(tx, account.person.id, {"contact": phone})
    return account, office.office.signed_in(account)


def newest(office: CaseOffice) -> str:
    rows = sorted(office.world.rows(request), key=lambda row: row.created)
    return str(rows[-1].id)


def state(office: CaseOffice, id: str) -> str:
    return next(str(row.state) for row in office.world.rows(request) if row.id == id)


def act(browser: Browser, id: str, what: str, **typed: str) -> str:
    """Send a form about a request, even if the page does not have it. Return the reply."""
    browser.get("/account")
    done = browser.post(f"/requests/{id}/{what}", {**browser.hidden("/account/looks"), **typed})
    assert done.status_code == 303, (what, done.status_code)
    return (done.location or "").partition("said=")[2].partition("&")[0]


def reassign(browser: Browser, id: str, to: str = ELSE, why: str = "silent", **more: str) -> str:
    return act(browser, id, "give", to=to, why=why, **more)


def held(office: CaseOffice) -> list[tuple[str, str]]:
    """Return the services that were asked, oldest first, and the state of each offer."""
    return [(row.service, row.state) for row in sorted(office.world.rows(offer), key=lambda row: row.opened)]


def actions(office: CaseOffice) -> list[str]:
    return [str(row.action) for row in office.world.rows(audit)]


def test_the_page_of_a_request_shows_no_number_words_or_line(office: CaseOffice, coordinators_browser: Browser) -> None:
    call = office.world.ask()
    office.world.run()
    id = newest(office)
    (row,) = office.world.rows(offer)
    page = coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    words = {word for seen in call.seen for word in re.findall(r"\b[А-ЯЁ]{4,}\b", seen)}
    codes = {code for seen in call.seen for code in re.findall(r"\b[0-9]{5,7}\b", seen)}
    assert codes
    for secret in {CALLER.lstrip("+"), row.line, row.id, *words, *codes}:
        assert secret not in page


def test_the_page_says_why_a_service_was_not_asked_and_who_is_next(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    only(office.world, DESK, "kg-osh")
    with office.world.db.write() as tx:
        far = services.service_by_id(tx, "kg-osh")
        assert far is not None
        services.write(tx, "KG", _speaking_only(far, "tg"))
    office.offered()
    page = coordinators_browser.get(f"/requests/{newest(office)}").get_data(as_text=True)
    unfit = page[page.index('id="why-not"') :]
    assert "Nobody there speaks the language." in unfit
    with office.world.db.read() as tx:
        phone = contacts.on_duty(tx, DESK)
    assert phone is not None  # who is asked about danger and does not answer can be called from here
    assert f'href="tel:{phone.phone}"' in page[page.index('id="matching"') : page.index('id="why-not"')]
    assert 'value="kg-osh"' not in page
    named = coordinators_browser.get(f"/requests/{newest(office)}?q=nobody+is+called+so").get_data(as_text=True)
    assert "No service with such a name is left out." in named


def _speaking_only(service: Service, language: str) -> Service:
    return replace(service, languages=(language,))


def test_every_reason_of_matching_has_a_text(office: CaseOffice) -> None:
    """Reasons that differ only in their English are the same as in `eligibility`."""
    source = Path(eligibility.__file__).read_text()
    assert all(f'"{words}"' in source for words in FINER)
    known = {path for path in office.office.console.texts.english if path.startswith("console.requests.reason.")}
    names = {check.__name__.lstrip("_") for check in eligibility.CHECKS} - {"after_contact"}
    wanted = {*names, *FINER.values(), *ranking.LATER_NAMES, ranking.HOURS, ranking.NO_MORE_SERVICES}
    wanted.add("place_unsaid")  # said by the page instead of `place`, if the caller did not say where they are
    assert {f"console.requests.reason.{name}" for name in wanted} == known
    assert len(ranking.LATER_NAMES) == len(ranking.LATER)


def test_the_page_lists_what_has_happened(office: CaseOffice, coordinators_browser: Browser) -> None:
    id = stranded(office)
    page = coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    events = re.findall(r"<li>[^<]*: ([^<]*)\n?</li>", page[page.index('id="history"') : page.index('id="matching"')])
    assert [event.split()[-1] for event in map(str.strip, events)] == ["asked.", "declined.", "SMS."]
    assert coordinators_browser.get("/requests/ffffffffffffffffffffffffffffffff").status_code == 404


def test_a_service_whose_offer_goes_to_another_one_is_told_that_it_is_over(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    """It has sent nothing, so a refusal would be no answer to anything."""
    office.offered()
    id, before = newest(office), held(office)[0][0]
    assert reassign(coordinators_browser, id, ELSE if before != ELSE else DESK) == "given"
    office.world.run()
    told = office.world.inbox(office.world.phone(before))[-1]
    assert re.fullmatch(
        r"[0-9]{5}( is over for you\. You do not need to answer any more|: для вас закончено\. .*)\.", told
    )


def test_a_silent_claim_is_reassigned_to_another_service(office: CaseOffice, coordinators_browser: Browser) -> None:
    """The former service is told neutrally that it is over.

    The other one is asked, and the reason is in the audit log.
    """
    office.offered()
    answer(office, "ДА")
    id, before = newest(office), held(office)[0][0]
    to = ELSE if before != ELSE else DESK
    assert reassign(coordinators_browser, id, to) == "given"
    office.world.run()
    assert held(office) == [(before, "passed"), (to, "open")]
    told = office.world.inbox(office.world.phone(before))[-1]
    assert not re.search(r"coordinator|координатор", told)
    assert "give_silent" in actions(office)
    assert [row.outcome for row in office.world.rows(attempt)] == ["claim", "moved"]


def test_an_open_offer_moves_to_the_other_service_at_once(office: CaseOffice, coordinators_browser: Browser) -> None:
    office.offered()
    before = held(office)[0][0]
    to = ELSE if before != ELSE else DESK
    assert reassign(coordinators_browser, newest(office), before) == "same"
    assert reassign(coordinators_browser, newest(office), to) == "given"
    page = coordinators_browser.get(f"/requests/{newest(office)}?said=given&to={to}").text
    with office.world.db.read() as tx:
        assert f"Asked next: {desks(tx, 'en')[to].name}." in page
    assert "Look again" in page, "the service is asked a moment later"
    assert "Choose which service is asked next" not in page
    office.world.run()
    assert held(office) == [(before, "void"), (to, "open")]


def test_a_service_that_declined_is_asked_again_only_if_confirmed(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    id = stranded(office)
    assert reassign(coordinators_browser, id, DESK) == "said_no"
    assert state(office, id) == "stranded"
    assert reassign(coordinators_browser, id, DESK, again="yes") == "given"
    page = coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    events = page[page.index('<h2 id="history">') :].partition("</section>")[0]
    assert "declined." in events, "what happened does not change afterwards"
    assert "A coordinator chose which service is asked next. Why? No report." in " ".join(events.split())
    office.world.run()
    assert state(office, id) == "offered"
    assert held(office)[-1] == (DESK, "open") or ("kg-country", "open") in held(office)


@pytest.mark.parametrize(
    ("typed", "reply"), [({"to": ""}, "choose"), ({"why": "because"}, "choose"), ({"to": "nobody"}, "unfit")]
)
def test_a_service_and_a_reason_must_be_chosen(
    office: CaseOffice, coordinators_browser: Browser, typed: dict[str, str], reply: str
) -> None:
    office.offered()
    before = [office.world.rows(table) for table in (request, offer, attempt, audit)]
    assert act(coordinators_browser, newest(office), "give", **{"to": ELSE, "why": WHY[0], **typed}) == reply
    assert [office.world.rows(table) for table in (request, offer, attempt, audit)] == before


def test_r30_a_request_is_reassigned_only_within_the_callers_consent(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    """Not to a line of the state without the caller's yes, not to the police, and to nobody once consent has ended."""
    office.offered()
    id = newest(office)
    for kind in ("state", "police", "migration"):
        with office.world.db.write() as tx:
            there = services.service_by_id(tx, "kg-osh")
            assert there is not None
            services.write(tx, "KG", replace(there, kind=kind, regions=frozenset()))
        assert reassign(coordinators_browser, id, "kg-osh") == "unfit"
        assert 'value="kg-osh"' not in coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(expires=office.world.clock()))
    assert reassign(coordinators_browser, id, ELSE) == "rests"
    assert "give_silent" not in actions(office)


def test_r28_consent_to_one_service_permits_no_second_one(office: CaseOffice, coordinators_browser: Browser) -> None:
    office.offered()
    answer(office, "ДА")
    id, holder = newest(office), held(office)[0][0]
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(short_form=True))
        tx.execute(sa.update(offer).values(shown_in=office.world.clock(), left_at=office.world.clock()))
    assert reassign(coordinators_browser, id, ELSE if holder != ELSE else DESK) == "unfit"
    assert held(office) == [(holder, "claimed")]


@pytest.mark.parametrize("rests", ["paused", "frozen"])
def test_r08_a_frozen_or_paused_request_is_neither_reassigned_nor_taken(
    office: CaseOffice, coordinators_browser: Browser, rests: str
) -> None:
    office.offered()
    id = newest(office)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(state=rests))
        tx.execute(sa.update(offer).values(state="void"))
    assert reassign(coordinators_browser, id) == "rests"
    assert act(coordinators_browser, id, "take") == "not_stranded"
    page = coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    assert f'action="/requests/{id}/give"' not in page
    assert state(office, id) == rests


def test_r48_nothing_is_reassigned_while_a_stop_is_unread(office: CaseOffice, coordinators_browser: Browser) -> None:
    office.offered()
    office.world.public.sms("at", IncomingSms("late", msisdn(CALLER), Hidden("STOP")))
    assert reassign(coordinators_browser, newest(office)) == "wait"
    office.world.run()
    assert reassign(coordinators_browser, newest(office)) == "rests"


def test_r27_two_requests_of_a_telephone_get_the_same_replies(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    """A request that waits for another is offered in its turn. Nothing says that it waits."""
    office.world.ask(CALLER)
    office.world.wait(minutes=7)
    office.world.ask(CALLER)
    office.world.run()
    ids = [row.id for row in sorted(office.world.rows(request), key=lambda row: row.created)]
    pages = [coordinators_browser.get(f"/requests/{id}").get_data(as_text=True) for id in ids]
    assert not any(other in page for page, other in zip(pages, reversed(ids), strict=True))
    assert [reassign(coordinators_browser, id, DESK if held(office)[0][0] == ELSE else ELSE) for id in ids] == [
        "given",
        "given",
    ]
    office.world.run()
    assert len([one for one in held(office) if one[1] in ("open", "claimed")]) == 1


def test_a_coordinator_takes_a_request_at_the_console_and_gets_the_card_by_sms(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    """Whether or not they were called about it.

    The number is sent to their phone only; the page has neither number nor words.
    """
    id = stranded(office)
    office.world.run()
    phone = office.world.phone(FIRST)
    page = coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    assert f'action="/requests/{id}/take"' in page
    assert act(coordinators_browser, id, "take") == "taken"
    assert state(office, id) == "claimed"
    office.world.run()
    code = re.findall(r"[0-9]{5}", office.world.inbox(phone)[-1])[0]
    assert office.world.inbox(phone)[-1].startswith(f"{code} is yours.")
    office.world.contacts_are(accepts_numbers_by_sms=True)
    office.world.text(phone, f"NUMBER {code}")
    assert CALLER in office.world.inbox(phone)[-1]
    page = coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    assert CALLER.lstrip("+") not in page
    assert {"take", "claim"} <= set(actions(office))


def test_r29_when_no_more_services_may_get_the_number_a_coordinator_gives_a_reason(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    """The page asks for it, and without it nothing is taken. The page of the audit log shows it."""
    id = stranded(office)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(short_form=True))
        tx.execute(sa.update(offer).where(offer.c.state == "passed").values(left_at=office.world.clock()))
    page = coordinators_browser.get(f"/requests/{id}").get_data(as_text=True)
    assert 'id="take-why" name="why" required' in page
    assert act(coordinators_browser, id, "take") == "reason"
    assert state(office, id) == "stranded"
    assert act(coordinators_browser, id, "take", why="asked") == "taken"
    assert "override_asked" in actions(office)
    assert [row.override for row in office.world.rows(offer) if row.state == "claimed"] == ["asked"]


def test_a_coordinator_who_was_not_called_takes_it_with_a_code_of_their_own(office: CaseOffice) -> None:
    id = stranded(office)
    _, second = coordinator(office, "second", SECOND)
    assert act(second, id, "take") == "taken"
    office.world.run()
    (taken,) = [row for row in office.world.rows(offer) if row.state == "claimed"]
    assert taken.service == SECOND
    assert re.match(r"[0-9]{5} is yours\.", office.world.inbox(office.world.phone(SECOND))[-1])


def test_only_one_of_two_coordinators_takes_a_request(office: CaseOffice, coordinators_browser: Browser) -> None:
    id = stranded(office)
    _, second = coordinator(office, "second", SECOND)
    assert [act(each, id, "take") for each in (coordinators_browser, second)] == ["taken", "not_stranded"]
    assert [row.service for row in office.world.rows(offer) if row.state == "claimed"] == [FIRST]


def test_an_account_without_a_telephone_takes_nothing(office: CaseOffice) -> None:
    id = stranded(office)
    _, nobody = coordinator(office, "nobody")
    assert "Your account has no telephone of a coordinator" in nobody.get(f"/requests/{id}").get_data(as_text=True)
    assert act(nobody, id, "take") == "no_telephone"
    assert state(office, id) == "stranded"


def test_a_coordinator_gives_a_request_back_and_others_are_called(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    id = stranded(office)
    assert act(coordinators_browser, id, "take") == "taken"
    office.world.run()
    _, second = coordinator(office, "second", SECOND)
    assert act(second, id, "back") == "not_yours"
    assert act(coordinators_browser, id, "back") == "gave_back"
    office.world.run()
    assert state(office, id) == "stranded"
    assert called(office.world, SECOND)


def test_r27_a_request_is_not_taken_while_another_of_its_telephone_is_offered(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    """The reply is the same as for any temporary reason."""
    id = stranded(office)
    office.world.wait(minutes=7)
    office.offered(CALLER)
    assert act(coordinators_browser, id, "take") == "wait"
    assert state(office, id) == "stranded"


def frozen(office: CaseOffice) -> str:
    """Report by mistake that somebody else answered. Return the request's id."""
    only(office.world, DESK)
    office.offered()
    answer(office, "YES")
    to, code = office.world.offered()
    office.world.text(to, f"NUMBER {code}")
    office.world.text(to, f"STRANGER {code}")
    id = newest(office)
    assert state(office, id) == "frozen"
    return id


def test_r08_two_coordinators_lift_a_mistaken_freeze_at_the_console(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    id = frozen(office)
    _, second = coordinator(office, "second", SECOND)
    assert act(coordinators_browser, id, "lift", sure="yes") == "lift_more"
    assert act(coordinators_browser, id, "lift", sure="yes") == "lift_more"
    assert "You have agreed. The request stays frozen" in coordinators_browser.get(f"/requests/{id}").get_data(
        as_text=True
    )
    assert f'action="/requests/{id}/lift"' not in coordinators_browser.page
    assert "Agreed so far: 1." in second.get(f"/requests/{id}").get_data(as_text=True)
    assert f'action="/requests/{id}/lift"' in second.page
    assert act(second, id, "lift") == "tick"
    assert state(office, id) == "frozen"
    assert act(second, id, "lift", sure="yes") == "lifted"
    assert state(office, id) == "waiting"


def test_r08_a_phone_and_an_account_of_one_person_count_once(office: CaseOffice, coordinators_browser: Browser) -> None:
    """By SMS and at the console, and with a second account. Another person by phone is the second."""
    id = frozen(office)
    phone, code = office.world.phone(FIRST), called(office.world, FIRST)
    office.world.text(phone, f"LIFT {code}")
    assert act(coordinators_browser, id, "lift", sure="yes") == "lift_more"
    _, again = coordinator(office, "again", FIRST)
    assert act(again, id, "lift", sure="yes") == "lift_more"
    assert state(office, id) == "frozen"
    office.world.text(office.world.phone(SECOND), f"LIFT {called(office.world, SECOND)}")
    assert state(office, id) != "frozen"


def test_r08_an_account_without_a_telephone_of_its_own_lifts_nothing(office: CaseOffice) -> None:
    """It would be unknown whether this is the person who agreed by SMS."""
    id = frozen(office)
    _, nobody = coordinator(office, "nobody")
    assert act(nobody, id, "lift", sure="yes") == "no_telephone"
    assert "lift" not in actions(office)


def test_r08_the_approval_of_a_disabled_account_does_not_count(office: CaseOffice) -> None:
    id = frozen(office)
    who, first = coordinator(office, "first", FIRST)
    assert act(first, id, "lift", sure="yes") == "lift_more"
    with office.world.db.write() as tx:
        found = people.get(tx, who.person.id)
        assert found is not None
        office.office.console.invitations.disable(tx, found, None)
    _, signed_in_again = coordinator(office, "anew", FIRST)
    _, second = coordinator(office, "second", SECOND)
    assert act(second, id, "lift", sure="yes") == "lift_more"
    assert act(signed_in_again, id, "lift", sure="yes") == "lifted"


def test_r27_a_paused_request_beside_a_frozen_one_cannot_be_lifted(
    office: CaseOffice, coordinators_browser: Browser
) -> None:
    only(office.world, DESK)
    office.world.ask(CALLER)
    office.world.wait(minutes=7)
    other = frozen(office)  # the newer request, which waited for the claimed one
    assert [row.request for row in office.world.rows(attempt) if row.request == other] == []
    assert state(office, other) == "frozen"
    page = coordinators_browser.get(f"/requests/{other}").get_data(as_text=True)
    assert f'action="/requests/{other}/lift"' not in page
    assert act(coordinators_browser, other, "lift", sure="yes") == "not_frozen"


@pytest.mark.parametrize("what", ["give", "take", "back", "lift"])
def test_unknown_requests_and_drills_are_a_404(office: CaseOffice, coordinators_browser: Browser, what: str) -> None:
    office.offered(OTHER)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(kind="drill"))
    for id in (newest(office), "f" * 32):
        coordinators_browser.get("/account")
        form = {**coordinators_browser.hidden("/account/looks"), "to": ELSE, "why": "silent", "sure": "yes"}
        assert coordinators_browser.post(f"/requests/{id}/{what}", form).status_code == 404
        assert coordinators_browser.get(f"/requests/{id}").status_code == 404
