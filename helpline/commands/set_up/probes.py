"""Try an answer of `komek setup` against the real thing. Each returns what was found, or raises `Wrong`.

No message holds a password, a key or a telephone number.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import requests
from redis.exceptions import RedisError

from helpline.commands.operate.up import environ_of
from helpline.content.sources import ROOT, countries, load_country
from helpline.core import channels_file, job_queue
from helpline.core.config import ORIGIN, Config, ConfigError
from helpline.core.phone_numbers import can_be_called, msisdn
from helpline.core.process_keys import PREFIX, Role
from helpline.store.connection import connect
from helpline.store.engine import Unavailable
from helpline.store.faults import advice, is_unreadable_address
from helpline.store.migrate import not_ready
from menus.faults import ContentFaults

WAIT_SECONDS = 10.0
"""How long the public address has to answer."""
TEXT_SECONDS = 90.0
"""How long a gateway has to take the test text."""


class Wrong(Exception):
    """The answer does not work. The text says why, and what to do."""


class Unusable(Wrong):
    """The answer can never work, whatever is started or made later."""


def country(code: str) -> str:
    """Return the languages in which there are texts for callers of a country."""
    if code.upper() not in countries(ROOT):
        raise Unusable(f"there is no content for {code}: choose {', '.join(countries(ROOT))}")
    return f"there are texts in {', '.join(offers(code.upper()))}"


def offers(code: str) -> tuple[str, ...]:
    """Return the languages that can be offered in a country."""
    return load_country(ROOT, code).languages


def channels(environ: Mapping[str, str]) -> str:
    """Return the names of the channels, if their file can be read and each is of a kind that there is."""
    config = Config.read(environ)
    if config.channels_file and (faults := channels_file.faults_of(config.channels_file)):
        raise Wrong("; ".join(faults))
    return f"channels: {', '.join(channels_file.names_of(config))}"


def gateway(environ: Mapping[str, str], number: str = "") -> str:
    """Make the senders as a worker does, and send one test text if a number is given. Return what they said."""
    own = environ_of(Role.WORKER, {**os.environ, **environ})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "workers.try_text"], env=own, input=number, capture_output=True, text=True,
            timeout=TEXT_SECONDS, check=False, cwd=ROOT.parent,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Wrong(f"the gateway did not answer within {TEXT_SECONDS:.0f} seconds") from None
    if done.returncode:
        raise Wrong(done.stderr.strip() or "the gateway could not be used")
    return done.stdout.strip()


def database(environ: Mapping[str, str]) -> str:
    """Return what the database is, if it lets this user in."""
    config = Config.read(environ)
    if config.database_url and not config.database_url.startswith("postgres"):
        raise Unusable("the address must look like postgresql://user:password@host/name")
    if not config.database_url:
        try:
            config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Wrong(f"{error.strerror}: choose a folder that can be written to") from None
    try:
        db = connect(config.sql_url)
        try:
            with db.read() as tx:
                version = tx.connection.dialect.server_version_info or ()
                name = tx.connection.dialect.name
        finally:
            db.dispose()
    except Unavailable as error:
        raise (Unusable if is_unreadable_address(error) else Wrong)(advice(error)) from None
    return f"{'PostgreSQL' if name == 'postgresql' else 'SQLite'} {'.'.join(map(str, version))}"


def tables(environ: Mapping[str, str]) -> str:
    """Return that the tables are there and of this version."""
    db = connect(Config.read(environ).sql_url)
    try:
        faults = not_ready(db)
    finally:
        db.dispose()
    if faults:
        raise Wrong(faults[0])
    return "the tables are up to date"


def queue(url: str) -> str:
    """Return what answers as Valkey or Redis. Raise `Wrong` if it stores on disk, as the queue must not."""
    try:
        connection = job_queue.connect(url, seconds=WAIT_SECONDS)
        told = connection.info("server")
        stored = {**connection.config_get("save"), **connection.config_get("appendonly")}
    except ValueError:
        raise Unusable("the address must look like redis://host:6379 or unix:///path") from None
    except (RedisError, OSError) as error:
        raise Wrong(f"{type(error).__name__}: is it running, and is the address right (redis://host:6379)?") from None
    if stored.get("save") or stored.get("appendonly") == "yes":
        raise Wrong('it writes to disk, where keys of calls would stay: set `save ""` and `appendonly no`')
    return f"Valkey {told['valkey_version']}" if "valkey_version" in told else f"Redis {told.get('redis_version', '')}"


def origin(url: str) -> str:
    """Return the host name of an address such as https://line.example.org."""
    if not ORIGIN.fullmatch(url):
        raise Unusable("write it as https://line.example.org: in small letters, without a path")
    return urlsplit(url).netloc


def reached(url: str) -> str:
    """Fetch a page of a web through its public address, as a gateway would."""
    try:
        answer = requests.get(f"{url}/health/live", timeout=WAIT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise Wrong(f"{url} does not answer ({type(error).__name__}): start the web and the proxy") from None
    if answer.status_code != requests.codes.ok or answer.text.strip() != "live":
        raise Wrong(f"{url} is answered by something else ({answer.status_code}): check the proxy")
    return f"{url} answers"


def webhook(url: str, secret: str, allow_from: str) -> str:
    """Post to a webhook through the public address, as a gateway would: the end of a call that nobody knows."""
    if allow_from:
        return "not tried: KOMEK_ALLOW_FROM lets in the gateway only"
    address = f"{url}/in/africastalking/{secret.partition(',')[0]}/ussd-ended"
    try:
        answer = requests.post(
            address, data={"sessionId": "komek-setup"}, timeout=WAIT_SECONDS, allow_redirects=False
        )  # fmt: skip
    except requests.RequestException as error:
        raise Wrong(f"{url}/in/ does not answer ({type(error).__name__})") from None
    if answer.status_code != requests.codes.ok or answer.content:
        raise Wrong(
            f"{url}/in/ does not let in the gateway ({answer.status_code}): restart the web after a new secret, and "
            "check the proxy"
        )
    return "the gateway is let in with its secret"


def rehearsal(numbers: str, code: str) -> str:
    """Return how many telephones of a rehearsal there are. Each must be one that a service could call."""
    known = load_country(ROOT, code)
    written = [part.strip() for part in numbers.split(",") if part.strip()]
    for at, number in enumerate(written, 1):
        if not can_be_called(msisdn(number), code, abroad=[each.code for each in known.abroad]):
            raise Unusable(
                f"number {at} is no telephone that could be called back: write it as +996555123456, without spaces"
            )
    return f"{len(written)} telephones get everything before the line is open"


def backup_place(place: str) -> str:
    """Return that a folder for backups can be written to."""
    folder = Path(place)
    if not folder.is_absolute():
        raise Unusable("write the whole path, beginning with /")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Wrong(f"{error.strerror}: choose a folder that can be written to") from None
    same = folder.stat().st_dev == Path("/").stat().st_dev
    return f"{place} can be written to{'; a folder on another disk would be safer' if same else ''}"


def environment(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the settings as the processes will read them. Raise `Wrong` with each fault."""
    faults: dict[str, None] = {}
    for role in (Role.PUBLIC, Role.CONSOLE, Role.WORKER, Role.CLOCK):
        own = environ_of(role, environ)
        try:
            config = Config.read(own, role=role)
            channels_file.read(config, own, role=role)
            load_country(ROOT, config.country, config.languages)
        except ConfigError as error:
            faults |= dict.fromkeys(error.faults)
        except ContentFaults as error:
            faults |= dict.fromkeys(each.what for each in error.faults)
    if faults:
        raise Wrong("; ".join(faults))
    return {name: value for name, value in environ.items() if name.startswith(PREFIX)}
