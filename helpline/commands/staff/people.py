"""`komek people`: accounts of the console, at the machine itself. The first coordinator comes in this way."""

import sys
from typing import TYPE_CHECKING

import click

from helpline.commands.operate.deployment import BY
from helpline.commands.staff.console import Desk
from helpline.operations.demo import settings

if TYPE_CHECKING:
    from helpline.staff.roles import Person

NOT_SEALED = "not sealed"


@click.group()
def people() -> None:
    """Accounts of the console: invite, list, disable, reset."""


@people.command("add")
@click.option("--name", required=True, help="What colleagues call this person.")
@click.option("--login", required=True, help="a-z, 0-9, . _ -; what is typed to sign in.")
@click.option("--role", required=True, help="caseworker, lead, coordinator, auditor or operator.")
@click.option("--service", default="", help="Id of the service, for a caseworker or a lead.")
@click.option("--lang", "language", default="", help="Language of the console (default: en).")
def add_command(name: str, login: str, role: str, service: str, language: str) -> None:
    """Invite somebody: prints a link to hand over. It can be used once, for three days."""
    from helpline.accounts.inviting import Wish
    from helpline.directory import services as service_rows
    from helpline.staff.roles import Person, Role, faults_of, login_of, name_of

    desk = Desk.of(settings())
    login, chosen = login_of(login), language or desk.languages[0]
    with desk.db.write() as tx:
        services = frozenset(each.id for each in service_rows.services(tx, desk.config.country))
        faults = faults_of(name, login, role, service, services)
        if chosen not in desk.languages:
            faults.append(f"the console is not there in {chosen}; there are {', '.join(desk.languages)}")
        if faults:
            raise click.ClickException("; ".join(faults))
        who = Person("", name_of(name), login, Role(role), service, chosen, "")
        code = desk.invitations.invite(tx, Wish(who, None))
    if code is None:
        raise click.ClickException(f"{login} is taken")
    _print_link(desk, code)


@people.command("list")
def list_command() -> None:
    """List all accounts: login, role, service or telephone, whether it is disabled or `not sealed` (lets nobody in)."""
    from helpline.staff import people

    desk = Desk.of(settings())
    with desk.db.read() as tx:
        rows = [
            (each.login, each.role.value, each.service or each.contact or "-", _state(each), each.name)
            for each in people.everybody(tx)
        ]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(4)]
    for row in rows:
        click.echo("  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]]).rstrip())
    if not rows:
        click.echo("nobody yet; invite the first coordinator: komek people add --role coordinator …")


@people.command("seal")
@click.argument("logins", nargs=-1, required=True)
@BY
def seal_command(logins: tuple[str, ...], by: str) -> None:
    """Have accounts count that are `not sealed`: after an update, or when you know who changed them and why.

    Look at role, service and telephone first (`list`). Who did not expect it gets a new password: `reset --password`.
    """
    from helpline.staff import people
    from helpline.store import audit_log

    desk = Desk.of(settings())
    entrance = desk.invitations.entrance
    with desk.db.write() as tx:
        found = [desk.person(tx, login) for login in logins]
        for who in found:
            people.seal(tx, who.id)
            audit_log.append(tx, entrance.audit_key, entrance.now(), by, "sealed", who.id)
        now_sealed = [desk.person(tx, who.login) for who in found]
    for who in now_sealed:
        click.echo(f"{who.login} {'is sealed, and disabled as before' if who.disabled else 'can sign in'}")
    click.echo(f"the audit log names {by}")


@people.command("telephone")
@click.argument("login")
@click.argument("contact")
def telephone_command(login: str, contact: str) -> None:
    """Note which coordinator of the directory (its id; - for none) somebody is, so that both are one person."""
    from helpline.staff import contacts

    desk = Desk.of(settings())
    with desk.db.write() as tx:
        who = desk.person(tx, login)
        if not desk.invitations.join(tx, who, "" if contact == "-" else contact, None):
            known = (
                f"{each.id} ({each.name('en')})" for each in contacts.of_kind(tx, "coordinator", desk.config.country)
            )
            raise click.ClickException(
                f"{login} is not a coordinator, or {contact} is none of the directory: {', '.join(known)}"
            )
    click.echo(f"{login} is nobody's telephone" if contact == "-" else f"{login} and {contact} are one person")


@people.command("agree")
@click.argument("login")
@BY
def agree_command(login: str, by: str) -> None:
    """Say the second yes to somebody whom a coordinator invited: where she is the only one. Ask her by telephone."""
    from helpline.staff.roles import login_of

    desk = Desk.of(settings())
    with desk.db.write() as tx:
        said = desk.invitations.newcomers.agree_here(tx, login_of(login), by)
    if said != "agreed":
        told = {"own": f"{by} has invited {login}: another person says yes", "gone": f"no invitation of {login} waits"}
        raise click.ClickException(told[said])
    click.echo(f"{login} can come in by the link now; the audit log names {by}")


@people.command("disable")
@click.argument("login")
def disable_command(login: str) -> None:
    """Let somebody in no more, and end what they have open, at once."""
    from helpline.accounts.inviting import LastCoordinator

    desk = Desk.of(settings())
    try:
        with desk.db.write() as tx:
            desk.invitations.disable(tx, desk.person(tx, login), None)
    except LastCoordinator:
        raise click.ClickException(
            f"{login} is the last coordinator who can be called about a request that nobody takes: bring another one "
            "into the directory first"
        ) from None
    click.echo(f"{login} is disabled")


@people.command("reset")
@click.argument("login")
@click.option("--password", is_flag=True, help="The password is forgotten, too.")
def reset_command(login: str, password: bool) -> None:
    """Take away somebody's lost second factor; prints a link that sets up a new one. Also lets in again."""
    from helpline.staff import people

    desk = Desk.of(settings())
    with desk.db.write() as tx:
        who = desk.person(tx, login)
        if not who.sealed:
            raise click.ClickException(f"{login} is {NOT_SEALED}: `komek people seal {login}` first")
        people.change(tx, who.id, {"disabled": None})
        code = desk.invitations.reset(tx, who, None, password=password)
    _print_link(desk, code)


@people.command("code")
@click.argument("login")
def code_command(login: str) -> None:
    """Print the code of this minute of an account of the demo, in place of an app on a telephone."""
    from helpline.accounts.credentials import code_now
    from helpline.commands.staff import demo_people

    desk = Desk.of(settings())
    if not desk.config.demo or login not in demo_people.ACCOUNTS:
        raise click.ClickException(f"only the demo has such accounts: {', '.join(demo_people.ACCOUNTS)}")
    entrance = desk.invitations.entrance
    click.echo(code_now(demo_people.of(entrance, login)[1], entrance.now()))


def _state(who: "Person") -> str:
    return ("disabled" if who.disabled else "") if who.sealed else NOT_SEALED


def _print_link(desk: Desk, code: str) -> None:
    click.echo(f"{desk.config.console}/welcome?code={code}")
    click.echo("Hand it over face to face or by telephone; it is good once, for three days.")
    if not sys.stdout.isatty():
        click.echo("Whoever has this link comes in: erase it where you have stored it.", err=True)
