"""The list at the end of `komek setup`: what works, and what is still missing before callers may come."""

from collections.abc import Callable, Iterator

import click

from helpline.commands.operate.deployment import open_database
from helpline.commands.set_up import probes
from helpline.commands.set_up.settings_folder import BACKUP, Answers
from helpline.content import loading
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import COPIES_KEYS, KEYS, PREFIX
from helpline.operations import launching
from helpline.store import launch
from helpline.store.migrate import not_ready
from menus.faults import ContentFaults

NO_PUBLIC_USER = (
    "the public web has no user of its own, so it can read what it stores: run `komek setup` again and give one "
    "(docs/database.md)"
)


def print_list(answers: Answers, number: str) -> bool:
    """Print the list of what works and what is still missing. Return whether everything works."""
    fine = True
    for passed, what in _findings(answers, number):
        click.echo(f"{'ok ' if passed else 'BAD'}  {what}")
        fine &= passed
    return fine


def _findings(answers: Answers, number: str) -> Iterator[tuple[bool, str]]:
    environ, public = answers.environ(), answers.plain.get("PUBLIC_URL", "")
    own, hook = answers.secrets.get("database_url_public", ""), answers.secrets.get("webhook_secret", "")
    tried: list[tuple[str, Callable[[], str]]] = [
        ("settings", lambda: "all processes can read theirs" if probes.environment(environ) else ""),
        ("channels", lambda: probes.gateway(environ, number)),
        ("database", lambda: probes.database(environ)),
        *(
            [("database", lambda: f"{probes.database({f'{PREFIX}DATABASE_URL': own})}, as the public web")]
            if own
            else []
        ),
        ("tables", lambda: probes.tables(environ)),
        ("queue", lambda: probes.queue(answers.plain.get(f"{PREFIX}REDIS_URL", ""))),
        ("backup", lambda: probes.backup_place(answers.plain.get(BACKUP, ""))),
        ("web", lambda: probes.reached(public)),
        *(
            [("webhook", lambda: probes.webhook(public, hook, answers.plain.get(f"{PREFIX}ALLOW_FROM", "")))]
            if hook and answers.plain.get(f"{PREFIX}CHANNELS") == "africastalking"
            else []
        ),
        ("console", lambda: probes.reached(answers.plain.get(f"{PREFIX}CONSOLE_URL", ""))),
    ]
    missing = [name for name in (*KEYS, COPIES_KEYS[0]) if name not in answers.secrets]
    yield not missing, f"keys      {'all there' if not missing else 'missing: ' + ', '.join(missing)}"
    for what, probe in tried:
        try:
            yield True, f"{what:<9} {probe()}"
        except probes.Wrong as error:
            yield False, f"{what:<9} {error}"
    if "database_url" in answers.secrets and not own:
        yield False, f"database  {NO_PUBLIC_USER}"
    yield from _before_callers(environ)


def _before_callers(environ: dict[str, str]) -> Iterator[tuple[bool, str]]:
    """Yield what `komek open` asks for. The list is passed once: what lapses later has an alarm of its own."""
    try:
        config = Config.read(environ)
        texts = loading.load(config)
    except (ConfigError, ContentFaults):
        return  # said before
    db = open_database(config)
    try:
        if not_ready(db):
            return
        with db.read() as tx:
            closed = launch.is_closed(tx)
        yield not closed, f"line      {launch.NOT_OPEN if closed else 'open to callers'}"
        if closed:
            for item in launching.survey(db, config, texts):
                yield item.fine, f"{item.group:<9} {item.told}"
    finally:
        db.dispose()
