"""The pages of accounts: coordinators invite people and disable accounts, a lead invites colleagues of their service.

Nobody can change their own account here.
"""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory.services import names_of
from gateway.console.pages import Fault, draw, explain, first_of, go, languages_of
from helpline.accounts.inviting import InvitationRequest, LastCoordinator
from helpline.accounts.vetting import BY_TWO, NotAllowed, ref_of
from helpline.directory import services as service_rows
from helpline.staff import contacts, people
from helpline.staff.people import display_name
from helpline.staff.roles import LOGIN, OF_A_SERVICE, Permission, Person, Role, login_of, name_of
from helpline.store.engine import Tx

HERE, OWN = "/people", "/colleagues"
ASKED_FIRST = {"end": "end_hint", "reset": "reset_hint"}
"""Acts that sign somebody out at once, each with the text that says before what it does."""
SAID = frozenset({
    "asked", "early", "joined", "asked_it", "last", "disabled", "reopened", "late", "ended", "agreed", "own", "gone",
    "off", "called_off",
})  # fmt: skip
"""The names of texts in `console.people.said` that the page may show after a form."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. Inviting and disabling need a second factor just before."""
    needed, post = Permission.PEOPLE, ("POST",)
    endpoints.add(HERE, show, needed)
    endpoints.add(f"{HERE}/invite", invite, needed, post, sudo=True)
    endpoints.add(f"{HERE}/<id>/disable", disable, needed, post, sudo=True)
    endpoints.add(f"{HERE}/<id>/reopen", reopen, needed, post, sudo=True)
    endpoints.add(f"{HERE}/<id>/end", end, needed, post)
    endpoints.add(f"{HERE}/<id>/sure/<act>", ask, needed)
    endpoints.add(f"{HERE}/<id>/reset", reset, needed, post, sudo=True)
    endpoints.add(f"{HERE}/<id>/telephone", telephone, needed, post, sudo=True)
    endpoints.add(f"{HERE}/telephones/<ref>/agree", agree_telephone, needed, post, sudo=True)
    endpoints.add(f"{HERE}/telephones/<ref>/off", off_telephone, needed, post)
    endpoints.add(f"{HERE}/waiting/<ref>/agree", agree, needed, post, sudo=True)
    endpoints.add(f"{HERE}/waiting/<ref>/off", off, needed, post)
    endpoints.add(OWN, colleagues, Permission.COLLEAGUES)
    endpoints.add(f"{OWN}/invite", invite_colleague, Permission.COLLEAGUES, post, sudo=True)


def show(visit: Visit) -> Response:
    """Show all accounts, and the invitations that wait for a second coordinator."""
    return _page(visit)


def colleagues(visit: Visit) -> Response:
    """Show the accounts of the person's own service, and the invitations that a coordinator has not approved."""
    return _own(visit)


def invite(visit: Visit) -> Response:
    """Invite somebody. The link is shown only on this response."""
    return _invite(visit, first_of(request.form, "role", 20), first_of(request.form, "service", 40), _page)


def invite_colleague(visit: Visit) -> Response:
    """Invite a caseworker of the person's own service. A coordinator must approve it."""
    return _invite(visit, Role.CASEWORKER, visit.person.service, _own)


def _invite(visit: Visit, role: str, service: str, again: Callable[[Visit, Sequence[Fault]], Response]) -> Response:
    """Invite somebody, or show the page again with what is wrong."""
    form, console = request.form, visit.console
    name, login = name_of(first_of(form, "name", 200)), login_of(first_of(form, "login", 200))
    language = first_of(form, "language", 20)
    with console.db.write() as tx:
        services = {each.id for each in service_rows.services(tx, console.country)}
        faults = _faults(name, login, role, service, services)
        if language not in {code for code, _ in languages_of(console)}:
            faults.append(Fault("choice", "language"))
        if faults:
            return again(visit, faults)
        code = console.invitations.invite(
            tx, InvitationRequest(Person("", name, login, Role(role), service, language, ""), visit.person)
        )
    return again(visit, [Fault("login_taken", "login")]) if code is None else _link(visit, code, name, Role(role))


def disable(visit: Visit, id: str) -> Response:
    """Disable an account."""
    return _about(visit, id, "disabled", lambda tx, whose: visit.console.invitations.disable(tx, whose, visit.person))


def reopen(visit: Visit, id: str) -> Response:
    """Take the closing of an account back."""
    try:
        with visit.console.db.write() as tx:
            whose = people.get(tx, id)
            if whose is None:
                return explain(visit, "missing", 404)
            visit.console.invitations.reopen(tx, whose, visit.person)
    except NotAllowed:
        return go(f"{HERE}?said=late")
    return go(f"{HERE}?said=reopened")


def ask(visit: Visit, id: str, act: str) -> Response:
    """Ask before an act that nobody can take back, and say what it does."""
    with visit.console.db.read() as tx:
        whose = people.get(tx, id)
    if whose is None or whose.disabled or whose.id == visit.person.id or act not in ASKED_FIRST:
        return explain(visit, "missing", 404)
    return draw(visit, "people/sure.html", whose=whose, act=act, hint=ASKED_FIRST[act])


def _is_sure() -> bool:
    return first_of(request.form, "sure", 5) == "yes"


def end(visit: Visit, id: str) -> Response:
    """End all sessions of an account."""
    if not _is_sure():
        return go(f"{HERE}/{id}/sure/end")
    return _about(visit, id, "ended", lambda tx, whose: visit.console.invitations.end(tx, whose, visit.person))


def reset(visit: Visit, id: str) -> Response:
    """Remove a lost second factor, and show the link to set up a new one, only once. It needs the old password."""
    if not _is_sure():
        return go(f"{HERE}/{id}/sure/reset")
    with visit.console.db.write() as tx:
        whose = people.get(tx, id)
        if whose is None or whose.disabled or whose.id == visit.person.id:
            return explain(visit, "missing", 404)
        code = visit.console.invitations.reset(tx, whose, visit.person)
    return _link(visit, code, whose.name, None)


def agree(visit: Visit, ref: str) -> Response:
    """Approve an invitation by another coordinator."""
    with visit.console.db.write() as tx:
        return go(f"{HERE}?said={visit.console.invitations.vetting.agree(tx, ref, visit.person)}")


def off(visit: Visit, ref: str) -> Response:
    """Cancel an invitation that waits for approval."""
    with visit.console.db.write() as tx:
        done = visit.console.invitations.vetting.withdraw(tx, ref, visit.person)
    return go(f"{HERE}?said={'off' if done else 'gone'}")


def telephone(visit: Visit, id: str) -> Response:
    """Request that an account and a telephone of the directory are linked as one person."""
    contact = first_of(request.form, "contact", 40)
    return _about(visit, id, "asked", lambda tx, whose: visit.console.linking.ask(tx, whose, contact, visit.person))


def agree_telephone(visit: Visit, ref: str) -> Response:
    """Approve a link that another coordinator requested."""
    with visit.console.db.write() as tx:
        return go(f"{HERE}?said={visit.console.linking.agree(tx, ref, visit.person)}")


def off_telephone(visit: Visit, ref: str) -> Response:
    """Cancel a requested link."""
    with visit.console.db.write() as tx:
        done = visit.console.linking.call_off(tx, ref, visit.person)
    return go(f"{HERE}?said={'called_off' if done else 'gone'}")


def _about(visit: Visit, id: str, said: str, action: Callable[[Tx, Person], Any]) -> Response:
    with visit.console.db.write() as tx:
        whose = people.get(tx, id)
        if whose is None:
            return explain(visit, "missing", 404)
        try:
            if action(tx, whose) is False:
                return explain(visit, "missing", 404)
        except NotAllowed:
            return explain(visit, "missing", 404)
        except LastCoordinator:
            return go(f"{HERE}?said=last")
    return go(f"{HERE}?said={said}")


def _faults(name: str, login: str, role: str, service: str, services: set[str]) -> list[Fault]:
    """Return everything that is wrong with an invitation."""
    faults = [] if name else [Fault("name", "name")]
    faults += [] if LOGIN.fullmatch(login) else [Fault("login", "login")]
    if role not in set(Role):
        return [*faults, Fault("role", "role")]
    of_one = Role(role) in OF_A_SERVICE
    if of_one and service not in services:
        faults.append(Fault("service", "service"))
    if not of_one and service:
        faults.append(Fault("no_service", "service"))
    return faults


def _link(visit: Visit, code: str, name: str, role: Role | None) -> Response:
    """Show a link. Only this response holds it; no browser caches it."""
    host = request.host_url.rstrip("/") if visit.console.demo else visit.console.passkeys.origin
    return draw(
        visit, "people/link.html", link=f"{host}/welcome?code={code}", code=code, place=f"{host}/welcome",
        name=name, second=role in BY_TWO, lost=role is None, alone=not visit.person.may(Permission.PEOPLE),
    )  # fmt: skip


def _own(visit: Visit, faults: Sequence[Fault] = ()) -> Response:
    service, console = visit.person.service, visit.console
    with console.db.read() as tx:
        everybody = [each for each in people.everybody(tx) if each.service == service and not each.disabled]
        waiting = [each for each in console.invitations.vetting.waiting(tx) if each.service == service]
    return draw(
        visit, "people/own.html", faults, colleagues=everybody, waiting=waiting, sudo=visit.sudo,
        languages=languages_of(console),
    )  # fmt: skip


def _page(visit: Visit, faults: Sequence[Fault] = ()) -> Response:
    console, said = visit.console, request.args.get("said", "")
    with console.db.read() as tx:
        everybody = people.everybody(tx)
        reopens = {each.id for each in everybody if console.invitations.may_reopen(tx, each, visit.person)}
        names = names_of(tx, visit)
        services = {each.id: names.get(each.id, each.id) for each in service_rows.services(tx, console.country)}
        waiting = [(ref_of(each), each, display_name(tx, each.invited_by, visit.language)) for each in
                   console.invitations.vetting.waiting(tx)]  # fmt: skip
        joins = [(each, display_name(tx, each.by, visit.language)) for each in visit.console.linking.waiting(tx)]
        telephones = {
            each.id: each.name(visit.language) for each in contacts.of_kind(tx, "coordinator", console.country)
        }
    return draw(
        visit, "people/list.html", faults, everybody=everybody, services=services, waiting=waiting, roles=list(Role),
        joins=joins, telephones=telephones, reopens=reopens,
        said=said if said in SAID else "", sudo=visit.sudo, languages=languages_of(console),
    )  # fmt: skip
