"""`komek people`: manage the console's accounts on the machine itself. The first coordinator is invited this way."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from helpline.commands.operate.deployment import BY
from helpline.commands.staff.console import ConsoleAccounts
from helpline.operations.demo import settings

if TYPE_CHECKING:
    from helpline.staff.roles import Person

NOT_SEALED = "not sealed"
COLUMNS = 80
"""The width of a terminal."""


@click.group()
def people() -> None:
    """Manage the accounts of the console: invite, list, disable, reset."""


@people.command("add")
@click.option("--name", required=True, help="The person's name.")
@click.option("--login", required=True, help="The login: a-z, 0-9, . _ -.")
@click.option("--role", required=True, help="caseworker, lead, coordinator, auditor or operator.")
@click.option("--service", default="", help="The id of the service, for a caseworker or a lead.")
@click.option("--lang", "language", default="", help="Language of the console (default: en).")
def add_command(name: str, login: str, role: str, service: str, language: str) -> None:
    """Invite a person. Prints a link that works once, for three days."""
    invite(ConsoleAccounts.of(settings()), login=login, name=name, role=role, service=service, language=language)


def invite(
    accounts: ConsoleAccounts, *, login: str, name: str, role: str, service: str = "", language: str = ""
) -> None:
    """Invite a person and print the link. Raise `ClickException` with each fault of what was given."""
    from helpline.accounts.inviting import InvitationRequest
    from helpline.directory import services as service_rows
    from helpline.staff.roles import Person, Role, faults_of, login_of, name_of

    login, chosen = login_of(login), language or accounts.languages[0]
    with accounts.db.write() as tx:
        services = frozenset(each.id for each in service_rows.services(tx, accounts.config.country))
        faults = faults_of(name, login, role, service, services)
        if chosen not in accounts.languages:
            faults.append(f"the console has no language {chosen}; choose one of {', '.join(accounts.languages)}")
        if faults:
            raise click.ClickException("; ".join(faults))
        person = Person("", name_of(name), login, Role(role), service, chosen, "")
        code = accounts.invitations.invite(tx, InvitationRequest(person, None))
    if code is None:
        raise click.ClickException(f"the login {login} is taken; choose another")
    _print_link(accounts, code)


@people.command("list")
def list_command() -> None:
    """List all accounts and open invitations: login, role, service or telephone, state, name.

    An account `not sealed` cannot sign in.
    """
    from helpline.accounts import invitations
    from helpline.staff import people

    accounts = ConsoleAccounts.of(settings())
    with accounts.db.read() as tx:
        rows = [
            (each.login, each.role.value, each.service or each.contact or "-", _state(each), each.name)
            for each in people.everybody(tx)
        ]
        rows += [
            (each.login, each.role.value, each.service or "-", f"invited until {each.expires:%Y-%m-%d}", each.name)
            for each in invitations.still_open(tx)
            if not each.person
        ]
    for line in _table(rows):
        click.echo(line)
    if not rows:
        click.echo("no accounts yet; invite the first coordinator: komek people add --role coordinator …")


@people.command("seal")
@click.argument("logins", nargs=-1, required=True)
@BY
def seal_command(logins: tuple[str, ...], by: str) -> None:
    """Accept accounts that are `not sealed`: after an update, or when you know who changed them and why.

    First check role, service and telephone with `list`. If a person did not expect the change, give them a new
    password: `reset --password`.
    """
    from helpline.staff import people
    from helpline.store import audit_log

    accounts = ConsoleAccounts.of(settings())
    sign_in = accounts.invitations.sign_in
    with accounts.db.write() as tx:
        found = [accounts.person(tx, login) for login in logins]
        for person in found:
            people.seal(tx, person.id)
            audit_log.append(tx, sign_in.audit_key, sign_in.now(), by, "sealed", person.id)
        now_sealed = [accounts.person(tx, person.login) for person in found]
    for person in now_sealed:
        click.echo(f"{person.login} {'is sealed and still disabled' if person.disabled else 'can sign in'}")
    click.echo(f"saved in the audit log with the name {by}")


@people.command("telephone")
@click.argument("login")
@click.argument("contact")
def telephone_command(login: str, contact: str) -> None:
    """Link the account LOGIN to the coordinator CONTACT of the directory: both are one person. CONTACT - unlinks."""
    from helpline.staff import contacts

    accounts = ConsoleAccounts.of(settings())
    with accounts.db.write() as tx:
        person = accounts.person(tx, login)
        if not accounts.invitations.link(tx, person, "" if contact == "-" else contact, None):
            known = (
                f"{each.id} ({each.name('en')})"
                for each in contacts.of_kind(tx, "coordinator", accounts.config.country)
            )
            raise click.ClickException(
                f"{login} is not a coordinator, or the directory has no {contact}; its coordinators: {', '.join(known)}"
            )
    click.echo(f"{login} has no telephone now" if contact == "-" else f"{login} and {contact} are one person")


@people.command("agree")
@click.argument("login")
@BY
def agree_command(login: str, by: str) -> None:
    """Approve the invitation of LOGIN where no second coordinator can. Call the inviting coordinator first."""
    from helpline.staff.roles import login_of

    accounts = ConsoleAccounts.of(settings())
    with accounts.db.write() as tx:
        said = accounts.invitations.vetting.agree_here(tx, login_of(login), by)
    if said != "agreed":
        told = {
            "own": f"{by} has invited {login}; another person must approve",
            "gone": f"no invitation of {login} waits for approval",
        }
        raise click.ClickException(told[said])
    click.echo(f"{login} can use the link now; saved in the audit log with the name {by}")


@people.command("disable")
@click.argument("login")
def disable_command(login: str) -> None:
    """Disable the account LOGIN and end its sessions at once."""
    from helpline.accounts.inviting import LastCoordinator

    accounts = ConsoleAccounts.of(settings())
    try:
        with accounts.db.write() as tx:
            accounts.invitations.disable(tx, accounts.person(tx, login), None)
    except LastCoordinator:
        raise click.ClickException(
            f"{login} is the last coordinator who can be called about a request that no service takes; add another "
            "coordinator to the directory first"
        ) from None
    click.echo(f"{login} is disabled")


@people.command("reset")
@click.argument("login")
@click.option("--password", is_flag=True, help="Reset the password, too.")
def reset_command(login: str, password: bool) -> None:
    """Reset the second factor of LOGIN, and enable the account if it is disabled. Prints a link to set up a new one."""
    from helpline.staff import people

    accounts = ConsoleAccounts.of(settings())
    with accounts.db.write() as tx:
        person = accounts.person(tx, login)
        if not person.sealed:
            raise click.ClickException(f"{login} is {NOT_SEALED}; run `komek people seal {login}` first")
        people.change(tx, person.id, {"disabled": None})
        code = accounts.invitations.reset(tx, person, None, password=password)
    _print_link(accounts, code)


@people.command("code")
@click.argument("login")
def code_command(login: str) -> None:
    """Print the present authenticator code of a demo account."""
    from helpline.accounts import demo_accounts
    from helpline.accounts.credentials import code_now

    accounts = ConsoleAccounts.of(settings())
    if not accounts.config.demo or login not in demo_accounts.ACCOUNTS:
        raise click.ClickException(f"only for accounts of the demo: {', '.join(demo_accounts.ACCOUNTS)}")
    sign_in = accounts.invitations.sign_in
    click.echo(code_now(demo_accounts.of(sign_in, login)[1], sign_in.now()))


def _table(rows: list[tuple[str, str, str, str, str]]) -> Iterator[str]:
    """Yield a line for each account, or more if it is too long: state and name then have lines of their own."""
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)]
        if len("  ".join(cells)) <= COLUMNS:
            yield "  ".join(cells).rstrip()
        else:
            yield "  ".join(cells[:3]).rstrip()
            yield from (f"    {cell}" for cell in row[3:] if cell)


def _state(person: "Person") -> str:
    return ("disabled" if person.disabled else "") if person.sealed else NOT_SEALED


def _print_link(accounts: ConsoleAccounts, code: str) -> None:
    click.echo(f"{accounts.config.console}/welcome?code={code}")
    click.echo("Give the link to the person face to face or by telephone. It works once, for three days.")
    if not sys.stdout.isatty():
        click.echo("Anybody with this link can sign in: delete it where you have stored it.", err=True)
