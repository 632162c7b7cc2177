"""`komek setup`: ask for what a server needs, try each answer, and write the files (`settings_folder`)."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpline.commands.set_up.settings_folder import BACKUP, USUAL_FOLDER, Answers
from helpline.core.process_keys import PREFIX

if TYPE_CHECKING:
    from helpline.core.config import Config

ALL = "all"
"""What is typed for every language of the country. The setting is left empty."""
UNSAFE = re.compile(r"[\s\"'$#;&|<>`\\]")
"""What the readers of a settings file do not read alike."""


@click.command("setup")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=USUAL_FOLDER, show_default=True,
    help="Folder of settings and keys.",
)  # fmt: skip
@click.option(
    "--check", is_flag=True, help="Ask nothing: try what the folder holds, and exit with 1 if something fails."
)
@click.option("--files", is_flag=True, help="Ask nothing: write the files of roles and units again, for a new secret.")
@click.option("--send", "number", default="", help="Also send a test text to this telephone of yours (+996…).")
def setup_command(folder: Path, *, check: bool, files: bool, number: str) -> None:
    """Ask step by step for what a server needs, try each answer, and write the settings and keys of all processes.

    Run it again at any time: Enter keeps what is there, and no key is ever replaced. Every answer is written at once,
    so that you can stop with Ctrl-C and go on later.
    """
    from helpline.commands.set_up import settings_folder
    from helpline.commands.set_up.final_list import print_list

    try:
        answers = settings_folder.read(folder)
    except OSError as error:
        raise click.ClickException(
            f"{error.filename}: {error.strerror}; run this as the user who may read it"
        ) from None
    if (check or files) and not answers.plain:
        raise click.ClickException(f"there is nothing in {folder}: run `komek setup --to {folder}` first")
    if files:
        settings_folder.write(folder, answers)
        click.echo(f"Written to {folder}: roles/ and systemd/, with {len(answers.secrets)} secrets")
        return
    if check:
        sys.exit(0 if print_list(answers, number) else 1)
    place = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise click.ClickException(
            f"this user may not write to {place}: run it as root, or choose another folder by --to"
        )
    if place != folder:
        click.echo(f"{folder} will be made.")
    Asking(answers, lambda: settings_folder.write(folder, answers)).all()
    click.echo(f"\nWritten to {folder}: komek.env, secrets/, and roles/ and systemd/ with one file for each process.\n")
    if not print_list(answers, number):
        click.echo("\nResolve what is BAD, then: komek setup --check")


class Asking:
    """The questions, in the order in which an operator can answer them."""

    def __init__(self, answers: Answers, save: Callable[[], None]) -> None:
        self.answers = answers
        self.save = save

    def all(self) -> None:
        """Ask everything. Write each answer when it is given."""
        from helpline.commands.set_up import probes

        click.echo("Enter keeps the value in [brackets]. Nothing is sent anywhere but to the addresses that you give.")
        _step("Country")
        self.plain(f"{PREFIX}COUNTRY", "Country: KG, KZ, TJ, TM or UZ", "KG", probes.country)
        self._languages()
        _step("Gateway: how calls and texts come in and go out")
        self._channels()
        _step("Database")
        self._database()
        _step("Queue")
        self.plain(f"{PREFIX}REDIS_URL", "Valkey or Redis", "redis://127.0.0.1:6379", probes.queue)
        _step("Addresses: what the gateway calls, and where services open the console")
        self._addresses()
        _step("Rehearsal: who may try everything before callers may come")
        self.secret(
            "rehearsal_numbers", "Telephones of staff: +996…, +996… (Enter: none)", self._probe_rehearsal, hidden=False
        )
        _step("Keys")
        self._keys()
        _step("Backup")
        self.plain(BACKUP, "Folder for backups, best on another disk", "/var/backups/komek", probes.backup_place)
        _step("Tables and the first coordinator")
        self._tables()

    def plain(self, name: str, text: str, usual: str, probe: Callable[[str], str]) -> str:
        """Ask for a plain setting until it works or is kept all the same. Return it."""
        while True:
            value = click.prompt(f"  {text}", default=self.answers.plain.get(name, usual)).strip()
            value = value.upper() if name == f"{PREFIX}COUNTRY" else value
            if UNSAFE.search(value):
                click.echo("  BAD  no spaces, quotes, $, #, ; or \\: a shell, systemd and Docker read them differently")
                continue
            if _tried(probe, value):
                self.answers.plain[name] = value
                self.save()
                return value

    def _languages(self) -> None:
        """Ask which languages are offered: each of them needs somebody who reviews its texts."""
        from helpline.commands.set_up import probes

        name, country = f"{PREFIX}LANGUAGES", self.answers.plain[f"{PREFIX}COUNTRY"]
        known = probes.offers(country)
        kept = self.answers.plain.get(name, "").split(",")
        usual = ",".join(kept) if set(kept) <= set(known) else ALL
        while True:
            value = click.prompt("  Languages to offer callers, as ky,ru (all: each of these)", default=usual)
            typed = [part.strip().lower() for part in value.split(",") if part.strip()]
            chosen = [each for each in known if each.lower() in typed]
            if typed == [ALL]:
                self.answers.plain.pop(name, None)
            elif len(chosen) == len(set(typed)) and chosen:
                self.answers.plain[name] = ",".join(chosen)
            else:
                click.echo(f"  BAD  choose from {','.join(known)}")
                continue
            click.echo(f"  ok   callers are offered {', '.join(known if typed == [ALL] else chosen)}")
            self.save()
            return

    def _probe_rehearsal(self, numbers: str) -> str:
        from helpline.commands.set_up import probes

        return probes.rehearsal(numbers, self.answers.plain[f"{PREFIX}COUNTRY"])

    def secret(
        self, name: str, text: str, probe: Callable[[str], str] | None = None, *, hidden: bool = True
    ) -> None:  # fmt: skip
        """Ask for a secret, without showing it, until it works or is kept all the same. Enter keeps what there is."""
        kept = self.answers.secrets.get(name, "")
        while True:
            value = click.prompt(f"  {text}{' [kept]' if kept else ''}", default=kept, hide_input=hidden,
                                 show_default=False).strip()  # fmt: skip
            if not value or probe is None or _tried(probe, value):
                if value:
                    self.answers.secrets[name] = value
                self.save()
                return

    def _database(self) -> None:
        """Ask for PostgreSQL and, for the public web, its user who reads no number. Without it, SQLite in a folder."""
        from helpline.commands.set_up import probes

        def probe(url: str) -> str:
            return probes.database({f"{PREFIX}DATABASE_URL": url})

        self.secret("database_url", "PostgreSQL: postgresql://user:password@host/name (Enter: a file, SQLite)", probe)
        if "database_url" in self.answers.secrets:
            self.secret("database_url_public", "The same with the user of the public web (docs/install.md)", probe)
        else:
            self.plain(f"{PREFIX}DATA", "Folder of the data", "/var/lib/komek",
                       lambda value: probes.database({f"{PREFIX}DATA": value}))  # fmt: skip

    def _channels(self) -> None:
        """Ask for one gateway, or for the file with several."""
        from helpline.commands.set_up import probes
        from helpline.commands.set_up.settings_folder import channel_secret
        from helpline.core import channels_file
        from helpline.core.config import Config

        plain = self.answers.plain
        one, several = f"{PREFIX}CHANNELS", f"{PREFIX}CHANNELS_FILE"
        usual = plain.get(several) or plain.get(one) or "africastalking"

        def probe(value: str) -> str:
            if not value.endswith((".yaml", ".yml")) and value != "africastalking":
                raise probes.Unusable("write africastalking, or the path of a file that ends in .yaml")
            return probes.channels({several if value.endswith((".yaml", ".yml")) else one: value})

        while True:
            value = click.prompt(
                "  africastalking, or the path of a channels file (docs/channels)", default=usual
            ).strip()
            if _tried(probe, value):
                break
        plain.pop(one, None), plain.pop(several, None)
        if not value.endswith((".yaml", ".yml")):
            plain[one] = value
            self.plain(f"{PREFIX}GATEWAY_USERNAME", "Username at the gateway", "sandbox", lambda _: "")
            self.plain(f"{PREFIX}GATEWAY_SENDER", "Sender of texts, a neutral one (empty: the gateway's)", "",
                       lambda _: "")  # fmt: skip
            self.secret("gateway_api_key", "Key of the gateway's API")
            return
        plain[several] = value
        for name in channels_file.names_of(Config.read({several: value})):
            asked = f"  {name}: name of a secret to set (api_key, password …), or Enter for the next"
            while field := click.prompt(asked, default="", show_default=False).strip().lower():
                self.secret(channel_secret(name, field), f"{name}: {field}")
        self.save()

    def _addresses(self) -> None:
        from helpline.commands.set_up import probes

        plain = self.answers.plain
        line = self.plain("PUBLIC_URL", "Public address for the gateway", "https://line.example.org", probes.origin)

        def of_console(url: str) -> str:
            if url == line:
                raise probes.Unusable("the gateway has this one: the console needs a name of its own")
            return probes.origin(url)

        desk = self.plain(f"{PREFIX}CONSOLE_URL", "Address of the console", "https://desk.example.org", of_console)
        plain |= {
            "PUBLIC_HOST": probes.origin(line),
            "CONSOLE_HOST": probes.origin(desk),
            f"{PREFIX}TRUST_PROXY": "true",
        }
        self.save()

    def _keys(self) -> None:
        """Make the keys that are missing. A half of a pair is never made alone. Print the restoring key once."""
        import secrets

        from helpline.commands.set_up.settings_folder import channel_secret
        from helpline.core import channels_file
        from helpline.core.config import Config
        from helpline.keys import keyring
        from helpline.keys.sealing import sealing_key_of

        have, made = self.answers.secrets, keyring.new_keys()
        restore = made.pop("restore_key")
        if "sealing_key" in have and "opening_key" not in have:
            raise click.ClickException("secrets/opening_key is missing and cannot be made again: put it back")
        if "opening_key" in have:
            made["sealing_key"] = sealing_key_of(have["opening_key"].partition(",")[0])
        new = {name: key for name, key in made.items() if name not in have}
        backup = new.pop("backup_key", "")
        several = f"{PREFIX}CHANNELS_FILE"
        names = (
            channels_file.names_of(Config.read({several: path})) if (path := self.answers.plain.get(several)) else ()
        )
        webhooks = [channel_secret(name, "webhook_secret") for name in names] or ["webhook_secret"]
        new |= {name: secrets.token_urlsafe(24) for name in (*webhooks, "metrics_token") if name not in have}
        have |= new
        self.save()
        click.echo(f"  {len(new) + bool(backup)} made, {len(have) - len(new)} kept")
        if backup:
            click.echo("\n  The restoring key opens every backup. Without it, no backup can ever be opened.")
            click.echo("  Write it on paper, put that into a safe, and clear this terminal. It is on no disk:\n")
            click.echo(f"    {PREFIX}RESTORE_KEY={restore}\n")
            while not click.confirm("  Is it on paper?", default=False):
                pass
            have["backup_key"] = backup  # only now: if this was cut off, the next run makes another pair
            self.save()

    def _tables(self) -> None:
        from helpline.commands.set_up import probes
        from helpline.core.config import Config
        from helpline.store.connection import connect
        from helpline.store.migrate import BEHIND, upgrade

        environ = self.answers.environ()
        try:
            click.echo(f"  ok   {probes.tables(environ)}")
        except probes.Wrong as error:
            if str(error) != BEHIND:
                click.echo(f"  BAD  {error}; then run `komek setup` again, which makes the tables")
                return
            click.echo(f"  {error}")
            if not click.confirm("  Make or update the tables now?", default=True):
                return
            db = connect(Config.read(environ).sql_url)
            try:
                upgrade(db)
            finally:
                db.dispose()
            rights = "; now give the public web its rights (deploy/postgres/grants.sql)"
            click.echo(f"  ok   the tables are up to date{rights if 'database_url' in self.answers.secrets else ''}")
        self._coordinator(Config.read(environ))

    def _coordinator(self, config: "Config") -> None:
        """Invite the first coordinator, if there is none and nobody is invited."""
        from helpline.accounts import invitations
        from helpline.commands.staff.console import ConsoleAccounts
        from helpline.commands.staff.manage_people import invite
        from helpline.staff import people
        from helpline.staff.roles import Role

        accounts = ConsoleAccounts.of(config)
        with accounts.db.read() as tx:
            known = [each for each in people.everybody(tx) if each.role is Role.COORDINATOR and not each.disabled]
            invited = [each for each in invitations.still_open(tx) if each.role is Role.COORDINATOR]
        if known:
            click.echo(f"  ok   {len(known)} coordinators have an account")
            return
        if invited:
            until = max(each.expires for each in invited)
            click.echo(f"  ok   a coordinator is invited until {until:%Y-%m-%d}; `komek people list`")
            return
        asked = "  Login of the first coordinator (a-z; Enter: later)"
        while login := click.prompt(asked, default="", show_default=False):
            try:
                invite(accounts, login=login, name=click.prompt("  Their name"), role=Role.COORDINATOR)
                return
            except click.ClickException as error:
                click.echo(f"  BAD  {error.message}")


def _step(title: str) -> None:
    click.echo(f"\n{title}")


def _tried(probe: Callable[[str], str], value: str) -> bool:
    """Whether an answer works, or is kept all the same, if it may work later. Say what was found."""
    from helpline.commands.set_up.probes import Unusable, Wrong

    try:
        found = probe(value)
    except Wrong as error:
        click.echo(f"  BAD  {error}")
        return not isinstance(error, Unusable) and click.confirm("  Keep it all the same?", default=False)
    if found:
        click.echo(f"  ok   {found}")
    return True
