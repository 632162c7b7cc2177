"""The command line `komek`.

It starts the web and the workers as processes by module name, so that `helpline` does not import them.
"""

import importlib
import os
import sys
from pathlib import Path

from helpline.core.missing_package import explained

with explained("helpline.cli"):
    import click

    from helpline.commands.faults_printed import faults_printed
    from helpline.commands.set_up.rotate_keys import retire_command, rotate_command
    from helpline.core.config import Config
    from helpline.core.process_keys import is_plain
    from helpline.operations.demo import DATA, settings


ELSEWHERE = {
    "audit": "operate.audit:audit",
    "backup": "operate.back_up:backup",
    "bench": "try_out.bench:bench",
    "block": "operate.block:block",
    "clock": "operate.trust_clock:clock",
    "directory": "directory.directory:directory",
    "export": "menus.authors:export",
    "graph": "menus.authors:graph",
    "harm": "operate.harm:harm",
    "lock": "operate.lock_numbers:lock",
    "log-events": "operate.show_log_events:log_events_command",
    "move": "operate.move:move_command",
    "open": "operate.open_line:open_command",
    "people": "staff.manage_people:people",
    "places": "menus.places:places",
    "purge": "operate.purge:purge",
    "report": "operate.figures:report",
    "restore": "operate.back_up:restore",
    "restore-drill": "operate.back_up:restore_drill",
    "schema": "menus.authors:schema",
    "settings": "operate.show_settings:settings_command",
    "setup": "set_up.asking:setup_command",
    "stats": "operate.figures:stats",
    "status": "operate.is_running:status_command",
    "translate": "translate.translate:translate",
    "unlock": "operate.lock_numbers:unlock",
}
"""Commands with a module of their own in `helpline.commands`. It is imported when the command is needed."""


class Commands(click.Group):
    """The commands. Most need most of Komek, and `komek up` runs for months: it must not import all of them."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now if it has a module of its own."""
        if cmd_name in ELSEWHERE and cmd_name not in self.commands:
            module, _, name = ELSEWHERE[cmd_name].partition(":")
            with explained("helpline.cli"):
                self.add_command(getattr(importlib.import_module(f"helpline.commands.{module}"), name))
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog="Settings: docs/settings.md"
)
@click.version_option(package_name=None, version="0.1.0", prog_name="komek")
def komek() -> None:
    """Komek: a USSD and SMS helpline for survivors of trafficking."""
    match click.get_current_context().invoked_subcommand:
        case "test":  # tests are configured by KOMEK_ variables, too
            return
        case "run":  # this user may be unable to read the secrets of other roles
            Config.read({name: value for name, value in os.environ.items() if is_plain(name)})
        case _:
            Config.read()


def _config(**given: object) -> Config:
    config = Config.read()
    return config.model_copy(update={name: value for name, value in given.items() if value is not None})


@komek.command()
@DATA
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the public web (default: 8000).")
@click.option("--console-port", type=click.IntRange(1, 65535), help="Port of the console (default: 8001).")
@click.option("--workers", type=click.IntRange(1, 64), help="How many workers (default: 1).")
@click.option("--author", is_flag=True, help="Reload content/ after each valid change (demo only).")
@click.option("--empty", is_flag=True, help="Begin the demo without its made-up request.")
def up(
    data: Path | None, port: int | None, console_port: int | None, workers: int | None, author: bool, empty: bool
) -> None:  # fmt: skip
    """Run the whole service on this machine. Without KOMEK_CHANNELS it is the demo."""
    from helpline.commands.operate.run_all import start

    config = _config(data=data, port=port, console_port=console_port, workers=workers)
    if config.port == config.console_port:
        raise click.UsageError("the public web and the console need two ports: choose another --console-port")
    sys.exit(start(config, author=author, empty=empty))


@komek.command("run")
@click.argument("role", type=click.Choice(["public", "console", "worker", "clock"]))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that a web listens on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of a web (default: KOMEK_PORT, then PORT).")
def run_command(role: str, host: str, port: int | None) -> None:
    """Run one process of the service, with its own settings and keys only. For systemd, containers and a Procfile."""
    from helpline.commands.operate.run_role import run

    run(role, host, port)


@komek.command(context_settings={"ignore_unknown_options": True})
@click.option("--mutants/--no-mutants", default=None, help="Only try all mutants, or only run the tests.")
@click.option("--in-turn", is_flag=True, help="With --mutants: leave out those whose turn is another day.")
@click.option("--nightly", is_flag=True, help="Run the long tests, too.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(mutants: bool | None, in_turn: bool, nightly: bool, arguments: tuple[str, ...]) -> None:
    """Run the tests. ARGUMENTS are passed to pytest."""
    from helpline.operations.testing import run

    sys.exit(run(list(arguments), only_mutants=mutants, in_turn=in_turn, nightly=nightly))


@komek.command()
@click.option("--hashes", is_flag=True, help="Print the hash of each wording that needs a review.")
@click.option("--verbose", is_flag=True, help="List what waits for a reviewer, too.")
def check(hashes: bool, verbose: bool) -> None:
    """Check the content of all countries, the templates of gateways and your channels file.

    Prints all faults with file, line and column.
    """
    from helpline.commands.menus import check_channels, check_content, summary

    found = check_content.survey()
    wrong = [*found.faults, *check_channels.faults()]
    for fault in wrong:
        click.echo(str(fault))
    rows = [row for content in found.loaded.values() for row in summary.hashes(content)] if hashes else []
    for line in rows or [
        *check_content.warnings(found.doubts),
        *check_content.awaiting(found.waiting, verbose=verbose),
        *summary.heard(found.heard),
        *summary.summary(found.loaded),
    ]:
        click.echo(line)
    click.echo(f"{len(wrong)} faults" if wrong else "no faults")
    sys.exit(1 if wrong else 0)


@komek.command()
@click.option("--number", default="", help="The caller's number (default: a made-up one).")
@click.option("--lang", "language", default="", help="Choose this language and skip the language screen.")
@click.option("--country", default="", help="KG, TJ … (default: KOMEK_COUNTRY).")
def dial(number: str, language: str, country: str) -> None:
    """Try the menus in the terminal: type keys; an empty line hangs up. Needs no server and saves nothing."""
    from helpline.commands.try_out import dial

    here = Config.read()
    languages = () if country else here.languages
    with dial.temporary_service(country.upper() or here.country, languages) as service:
        dial.call(service, number or f"{service.ctx.made_up}111001", language)


@komek.command()
@DATA
def doctor(data: Path | None) -> None:
    """Check this deployment, and say how to fix what is wrong."""
    from helpline.commands.operate.doctor import findings

    rows = list(findings(settings(data)))
    for fine, what in rows:
        click.echo(f"{'ok  ' if fine else 'BAD '} {what}")
    sys.exit(0 if all(fine for fine, _ in rows) else 1)


@komek.command()
@click.argument("request")
def explain(request: str) -> None:
    """Show which services would be asked about REQUEST (an id) now, in order, and why not the others.

    It prints no phone number, and nothing that the caller has said.
    """
    from helpline.commands.try_out.explain import lines_about

    for line in lines_about(settings(), request):
        click.echo(line)


@komek.command()
def migrate() -> None:
    """Make or update the database tables."""
    from helpline.store.connection import connect
    from helpline.store.migrate import upgrade

    config = _config()
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = connect(config.sql_url)
    upgrade(db)
    db.dispose()
    click.echo("the database is up to date")


@komek.group()
def keys() -> None:
    """Make and replace the keys of a deployment."""


keys.add_command(rotate_command)
keys.add_command(retire_command)


@keys.command("new")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder to write them to.")
def new_keys(folder: Path | None) -> None:
    """Print a new set of keys as settings, or write them with --to: one file each, which only this user can read.

    The public web must not have OPENING, HASHING, AUDIT, CONTACT and SESSION. Keep RESTORE on paper or on a USB stick
    in a safe, and on no machine of the service.
    """
    import secrets

    from helpline.keys import keyring

    made = keyring.new_keys()
    restore = made.pop("restore_key")
    made |= {name: secrets.token_urlsafe(24) for name in ("webhook_secret", "metrics_token")}
    if folder:
        try:
            keyring.write_new(folder, made)
        except FileExistsError as error:
            raise click.ClickException(f"{error.filename} exists: keys are never overwritten") from None
        click.echo(f"wrote {len(made)} files into {folder}")
    for name, value in made.items() if not folder else ():
        click.echo(f"KOMEK_{name.upper()}={value}")
    click.echo("\n# The next key opens every backup. Write it on paper, put that into a safe, and delete this line:")
    click.echo("# `komek up` refuses to start with it. Only `komek restore` needs it.")
    click.echo(f"KOMEK_RESTORE_KEY={restore}")


def main() -> None:
    """Run a command. Faults in settings or content are printed without a traceback."""
    with faults_printed():
        komek(prog_name="komek", standalone_mode=True)


if __name__ == "__main__":
    main()
