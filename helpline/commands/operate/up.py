"""What `komek up` does before it starts its processes: check everything, prepare the database, plan the processes.

`run_all` does this in a child process.
"""

import os
from collections.abc import Mapping

from helpline.commands.operate import sample_months, sample_request
from helpline.content import content_cache, loading
from helpline.core import channels_file
from helpline.core import clock as our_clock
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import PREFIX, Role, may_have
from helpline.directory import records, replace_directory
from helpline.directory.sample import sample
from helpline.keys import keyring
from helpline.operations import listening, processes
from helpline.operations.demo import Notes
from helpline.store import launch
from helpline.store.connection import connect
from helpline.store.engine import AWAY
from helpline.store.migrate import upgrade

RESTORE_KEY_GIVEN = (
    f"{PREFIX}RESTORE_KEY must not be on a machine that runs Komek: a thief of the machine could open every backup. "
    "Keep it on paper or on a stick in a safe, delete it here, and start again"
)


def planned(config: Config, secret: str, *, author: bool, empty: bool) -> list[processes.Part]:
    """Prepare the database, print the addresses, and return the processes to start.

    Raise `ConfigError` if something must not start so, and `OSError` if another program has one of our ports.
    """
    texts = content_cache.load(config)
    if faults := startup_faults(config, texts):
        raise ConfigError(faults)
    print(f"content   {texts.book.digest}, {config.country}, {', '.join(texts.book.languages)}", flush=True)
    keys = keyring.load_or_create(config.data / "keys") if config.demo else keyring.from_config(config)
    parts = parts_of(config, keys, secret, author=author)
    if taken := listening.faults(parts):
        raise OSError("; ".join(taken))
    if config.demo:
        say_demo(config, secret)
    prepare_if_possible(config, texts, empty=empty)
    return parts


def startup_faults(config: Config, texts: loading.Content) -> list[str]:
    """Return all reasons not to start: a restore key, and in production each for which a process would refuse."""
    given = [RESTORE_KEY_GIVEN] if config.restore_key.get_secret_value() else []
    if config.demo:
        return given
    roles = (Role.PUBLIC, Role.CONSOLE, *[Role.WORKER] * config.workers, Role.CLOCK)
    faults: dict[str, None] = {}
    for role, part in zip(roles, parts_of(config, keyring.from_config(config), ",".join(config.secrets)), strict=True):
        try:
            channels_file.read(Config.read(part.environ, role=role), part.environ, role=role)
        except ConfigError as error:
            faults |= dict.fromkeys(error.faults)
    return [*given, *faults, *loading.blockers(config, texts)]


def say_demo(config: Config, secret: str) -> None:
    """Print the addresses of the demo."""
    print("DEMO      numbers marked ? are not verified; no text leaves this machine", flush=True)
    print(f"phones    http://127.0.0.1:{config.port}/phone", flush=True)
    print(f"console   {config.console}", flush=True)
    print(f"webhooks  http://127.0.0.1:{config.port}/in/africastalking/{secret}/ussd", flush=True)


def prepare_if_possible(config: Config, texts: loading.Content, *, empty: bool = True) -> None:
    """Prepare the database. If it is unavailable or the disk is full, go on: callers still see the menus."""
    try:
        prepare(config, texts, empty=empty)
    except (*AWAY, OSError) as error:
        kind = type(error).__name__
        print(f"database  unavailable ({kind}): menus and emergency numbers only, until it is back", flush=True)
        print("          after an update, run `komek migrate` then", flush=True)


def prepare(config: Config, texts: loading.Content, *, empty: bool = True) -> None:
    """Migrate the database. In the demo, also reset the clock, and load the sample directory and figures if missing.

    Unless the demo is to begin `empty`, also ask for a call if nobody has.
    """
    clock = our_clock.clock_of(config.demo, config.data)
    db = connect(config.sql_url).watched_by(clock)
    keys = keyring.load_or_create(config.data / "keys") if config.demo else {}
    if config.demo:
        db = db.with_contact_key(keys["contact_key"])
    upgrade(db)
    print(f"database  {'PostgreSQL' if config.database_url else config.data / 'komek.sqlite3'}", flush=True)
    if not config.demo:
        with db.read() as tx:
            print(f"line      {launch.NOT_OPEN if launch.is_closed(tx) else 'open to callers'}", flush=True)
    if isinstance(clock, our_clock.DemoClock):
        Notes(config.data).clear()
        clock.reset()
        services, coordinators = sample(config.country, texts.country.zone, clock().date())
        with db.write() as tx:
            if not records.rows(tx, config.country):  # keep an imported directory
                replace_directory.replace_all(tx, config.country, services, coordinators)
            sample_months.store(tx, services, [each.code for each in texts.country.regions], texts.country.languages)
        if not empty:
            sample_request.store(config, keys, texts, db, services)
        from helpline.commands.staff import demo_people  # production needs none of the sign-in code
        from helpline.commands.staff.console import sign_in_of

        desk = sample_request.service_of(services)
        for line in demo_people.lines(sign_in_of(config, db), desk, [each.id for each in coordinators]):
            print(line, flush=True)
    db.dispose()


def parts_of(config: Config, keys: Mapping[str, str], secret: str, *, author: bool = False) -> list[processes.Part]:
    """Return the processes, each with its own keys only."""
    mine = {f"{PREFIX}DATA": str(config.data.resolve()), f"{PREFIX}PORT": str(config.port)}
    mine |= {f"{PREFIX}CONSOLE_PORT": str(config.console_port)}
    if config.channels_file:
        mine |= {f"{PREFIX}CHANNELS_FILE": str(config.channels_file.resolve())}
    mine |= {f"{PREFIX}COUNTRY": config.country, f"{PREFIX}LANGUAGES": ",".join(config.languages)}
    mine |= {f"{PREFIX}WORKERS": str(config.workers)}
    web, desk, works = (
        environ_of(role, os.environ) | mine | keyring.for_role(keys, role)
        for role in (Role.PUBLIC, Role.CONSOLE, Role.WORKER)
    )
    web |= {f"{PREFIX}WEBHOOK_SECRET": secret}
    works |= _gateway_key(config)
    host = "127.0.0.1" if config.demo else "0.0.0.0"  # noqa: S104  # in production a proxy on this host is in front
    workers = [processes.worker(_once(works), n) for n in range(1, config.workers + 1)]
    # The console listens on 127.0.0.1 only: a proxy of this machine adds TLS.
    console = processes.console(_once(desk), port=config.console_port)
    first = [processes.public(_once(web), host, config.port, author=author), console]
    return [*first, *workers, processes.clock(_once(works))]


def environ_of(role: Role, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process of this role: what programs need, plain settings, and its own secrets."""
    plain = processes.plain(environ)
    return plain | {name: value for name, value in environ.items() if name.startswith(PREFIX) and may_have(name, role)}


def _once(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the files of secrets whose values it has."""
    twice = {f"{name}_FILE" for name in environ}
    return {name: value for name, value in environ.items() if name not in twice}


def _gateway_key(config: Config) -> dict[str, str]:
    key = config.gateway_api_key.get_secret_value()
    return {f"{PREFIX}GATEWAY_API_KEY": key} if key else {}
