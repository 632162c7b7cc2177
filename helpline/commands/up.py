"""`komek up`: all of the service on this machine."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from helpline import clocks, content, keyring, parts, supervise
from helpline.config import KEYS, PREFIX, Config, ConfigError, Role
from helpline.sample import sample
from helpline.store import directory
from helpline.store.database import connect
from helpline.store.migrate import upgrade

PASSED_ON = (
    "PATH",
    "HOME",
    "PYTHONSAFEPATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
)
SECRET = {*(key.upper() for key in KEYS), "WEBHOOK_SECRET", "AFRICASTALKING_API_KEY"}


def start(config: Config) -> int:
    """Prepare the database, then run every part until told to stop. Gives the exit code."""
    texts = content.load(config)
    if faults := refused(config, texts):
        raise ConfigError(faults)
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    print(f"content   {texts.book.digest}, {config.country}, {', '.join(texts.book.languages)}", flush=True)
    keys = keyring.kept(config.data / "keys") if config.demo else keyring.given(config)
    secret = ",".join(config.secrets) or (secrets.token_urlsafe(24) if config.demo else "")
    if config.demo:
        _say_demo(config, secret)
    return supervise.up(
        config.data, parts_of(config, keys, secret), redis_url=config.redis_url, prepare=lambda: prepare(config, texts)
    )


def refused(config: Config, texts: content.Content) -> list[str]:
    """Say all for which a part would refuse to start in production, before any is started; nothing in the demo."""
    if config.demo:
        return []
    roles = (Role.PUBLIC, *[Role.WORKER] * config.workers, Role.CLOCK)
    faults: dict[str, None] = {}
    for role, part in zip(roles, parts_of(config, keyring.given(config), ",".join(config.secrets)), strict=True):
        try:
            Config.read(part.environ, role=role)
        except ConfigError as error:
            faults |= dict.fromkeys(error.faults)
    return [*faults, *content.unfit(config, texts)]


def _say_demo(config: Config, secret: str) -> None:
    print("DEMO      numbers marked ? are not verified; no text leaves this machine", flush=True)
    print(f"phones    http://127.0.0.1:{config.port}/phone", flush=True)
    print(f"webhooks  http://127.0.0.1:{config.port}/in/africastalking/{secret}/ussd", flush=True)


def prepare(config: Config, texts: content.Content) -> None:
    """Bring the database up to date; in the demo, lay the made-up directory anew and set the clock to real time."""
    db = connect(config.sql_url)
    upgrade(db)
    print(f"database  {'PostgreSQL' if config.database_url else config.data / 'komek.sqlite3'}", flush=True)
    clock = clocks.clock_of(config.demo, config.data)
    if isinstance(clock, clocks.DemoClock):
        clock.reset()
        with db.write() as tx:
            directory.replace_all(tx, config.country, *sample(config.country, texts.country.zone, clock().date()))
    db.dispose()


def parts_of(config: Config, keys: Mapping[str, str], secret: str) -> list[parts.Part]:
    """Give the processes, each with its own keys and nobody else's."""
    common = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    common |= {"PYTHONTZPATH": "", "NO_PROXY": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1"}
    common |= {name: value for name, value in os.environ.items() if _plain(name)}
    common |= {f"{PREFIX}DATA": str(config.data.resolve()), f"{PREFIX}PORT": str(config.port)}
    common |= {f"{PREFIX}COUNTRY": config.country, f"{PREFIX}WORKERS": str(config.workers)}
    web = common | keyring.for_role(keys, Role.PUBLIC) | {f"{PREFIX}WEBHOOK_SECRET": secret}
    works = common | keyring.for_role(keys, Role.WORKER) | _gateway_key(config)
    host = "127.0.0.1" if config.demo else "0.0.0.0"  # noqa: S104  # production stands behind a proxy of its own host
    workers = [parts.worker(works, n) for n in range(1, config.workers + 1)]
    return [parts.public(web, host, config.port), *workers, parts.clock(works)]


def _plain(name: str) -> bool:
    """Tell whether a setting holds no secret and may be passed to every process."""
    bare = name.removeprefix(PREFIX).removesuffix("_FILE")
    return name.startswith(PREFIX) and bare not in SECRET


def _gateway_key(config: Config) -> dict[str, str]:
    key = config.africastalking_api_key.get_secret_value()
    return {f"{PREFIX}AFRICASTALKING_API_KEY": key} if key else {}


def data_folder(given: str | None) -> Path:
    """Give the folder of all data."""
    return Path(given or os.environ.get(f"{PREFIX}DATA", "data"))
