"""`komek keys rotate` and `komek keys retire`: replace a key while the service runs, in the folder of `komek setup`."""

from pathlib import Path

import click

from helpline.commands.set_up.settings_folder import USUAL_FOLDER, Answers

FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=USUAL_FOLDER, show_default=True,
    help="Folder that `komek setup` wrote.",
)  # fmt: skip
WHICH = click.argument("which", type=click.Choice(["opening", "webhook"]))
SURE = {
    "opening": "Was every process restarted after `rotate`? One that was not still seals for the old key",
    "webhook": "Has the gateway called the new address? It is refused with the old secret from now on",
}
"""What no check can see."""
RESTART = "Restart all processes now: systemctl restart komek.target"


@click.command("rotate")
@WHICH
@FOLDER
def rotate_command(which: str, folder: Path) -> None:
    """Make a new key. The old one goes on working beside it until `komek keys retire`.

    opening: the pair that seals and opens numbers. It takes two steps: first the processes that open learn the new key,
    then the others seal with it. Do it every month: nobody can read what was sealed with a destroyed key. webhook: the
    secret in the addresses that the gateway calls.
    """
    import secrets

    from helpline.commands.set_up import settings_folder

    answers = settings_folder.read(folder)
    if which == "opening":
        told = _rotate_opening(answers)
    else:
        for name in _names(answers, which):
            if "," in answers.secrets[name]:
                raise click.ClickException(f"{name} already has an older key: run `komek keys retire webhook` first")
            answers.secrets[name] = f"{secrets.token_urlsafe(24)},{answers.secrets[name]}"
        told = f"{RESTART}\nThen change the addresses at the gateway (the new secret is the first); retire the old one."
    settings_folder.write(folder, answers)
    click.echo(told)


def _rotate_opening(answers: Answers) -> str:
    """Take the next step. Return what to do then."""
    from helpline.keys.sealing import new_key, sealing_key_of

    _names(answers, "opening")
    opening, sealing = answers.secrets["opening_key"], answers.secrets.get("sealing_key", "")
    newest = opening.partition(",")[0]
    if "," not in opening:
        answers.secrets["opening_key"] = f"{new_key()},{opening}"
        return (
            "Step 1 of 2: there is a new opening key. Restart workers, clock and console on every machine:\n"
            "  systemctl restart 'komek-worker@*' komek-clock komek-console\n"
            "Then run this again for step 2."
        )
    if sealing != sealing_key_of(newest):
        answers.secrets["sealing_key"] = sealing_key_of(newest)
        return (
            f"Step 2 of 2: numbers are sealed with the new key. {RESTART}\n"
            "When every number of today is gone, destroy the old key: komek keys retire opening"
        )
    raise click.ClickException("opening_key already has an older key: run `komek keys retire opening` first")


@click.command("retire")
@WHICH
@FOLDER
@click.option("--yes", is_flag=True, help="Do not ask.")
def retire_command(which: str, folder: Path, *, yes: bool) -> None:
    """Destroy the older key of two, if nothing needs it any more."""
    from helpline.commands.set_up import settings_folder

    answers = settings_folder.read(folder)
    names = [name for name in _names(answers, which) if "," in answers.secrets[name]]
    if not names:
        raise click.ClickException(f"there is one {which} key only; `komek keys rotate {which}` makes a new one")
    if which == "opening":
        _refuse_if_needed(answers)
    if not yes:
        click.confirm(SURE[which], abort=True)
    for name in names:
        answers.secrets[name] = answers.secrets[name].partition(",")[0].strip()
    settings_folder.write(folder, answers)
    click.echo(f"The older {which} key is destroyed. {RESTART}")


def _names(answers: Answers, which: str) -> list[str]:
    """Return the names of the secrets: each channel has its own. Raise `ClickException` if there is none."""
    if which == "opening":
        names = [name for name in answers.secrets if name == "opening_key"]
    else:
        names = [name for name in answers.secrets if name.endswith("webhook_secret")]
    if not names:
        raise click.ClickException("there is no such key here: run `komek setup` first")
    return names


def _refuse_if_needed(answers: Answers) -> None:
    """Raise `ClickException` if the newest key does not open every sealed value of the database."""
    from helpline.core.config import Config
    from helpline.keys.sealing import CannotOpen, Opening, sealing_key_of
    from helpline.store.connection import connect
    from helpline.store.engine import Unavailable
    from helpline.store.faults import advice
    from helpline.store.sealed_values import sealed_values

    key = answers.secrets["opening_key"].partition(",")[0]
    if answers.secrets.get("sealing_key") != sealing_key_of(key):
        raise click.ClickException("numbers are still sealed with the old key: run `komek keys rotate opening` again")
    config, newest = Config.read(answers.environ()), Opening.of(key)
    db, needed = connect(config.sql_url), 0
    try:
        with db.snapshot() as tx:
            for row, sealed in sealed_values(tx):
                try:
                    newest.open(row, sealed)
                except CannotOpen:
                    needed += 1
    except Unavailable as error:
        raise click.ClickException(f"the database cannot be read: {advice(error)}") from None
    finally:
        db.dispose()
    if needed:
        raise click.ClickException(
            f"the old key still opens {needed} numbers or texts. They are gone after {config.keep_days} days at the "
            "latest: try again then"
        )
