"""All settings, with what each one decides. `helpline.core.config` reads and checks them.

Each field is one `KOMEK_…` variable. docs/settings.md is made from this file: `komek settings --page`; a test compares.
Links in the texts are seen from `docs/`.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _capital(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]
CountryCode = Annotated[str, BeforeValidator(_capital), Field(pattern=r"^[A-Z]{2}$")]
"""In any case: `kg` is KG."""


DEFERRED = ConfigDict(defer_build=True)
"""Only `Config`, which has all of them, is ever read. Building each class of its own takes time at each start."""


class Place(BaseModel):
    """Where Komek runs, and what is started."""

    model_config = DEFERRED

    data: Path = Path("data")
    """Folder of all data. Only the user that runs Komek may read it."""
    country: CountryCode = "KG"
    """KG, KZ, TJ, TM or UZ, in small or capital letters: which file of `content/countries/` is used. One deployment
    serves one country (R38).
    """
    languages: Listed = ()
    """Empty: all languages of the country's file. Or those of them that are offered: `ky,ru`. Their order is that of
    the file. Texts to services and the console are in these languages, too. A text needs no review in a language that
    is not offered. Words of danger and *STOP* are understood by SMS in every language all the same.
    """
    database_url: str = ""
    """Empty: SQLite in `KOMEK_DATA`. Or `postgresql://user:password@host/name`. `postgres://` and
    `postgresql+psycopg://` mean the same.
    """
    redis_url: str = ""
    """Empty: the embedded Valkey. Or `redis://…`, `rediss://…`, `unix:///path`. It holds wake-ups for workers, and
    for ten minutes the sealed keys of calls in progress of some gateways, and until midnight UTC the counts of wrong
    codes. All public webs share one. Switch its storage on disk off (`save ""`, `appendonly no`).
    """
    channels: Listed = ()
    """Empty: the **demo**. The kind of one gateway (`africastalking`), with the settings below: **production**."""
    channels_file: Path | None = None
    """The file that describes several channels, instead of `KOMEK_CHANNELS`:
    [channels/README.md](channels/README.md). If it is set, Komek runs in **production**.
    """
    port: int = Field(8000, ge=1, le=65535)
    """Port of the public web under `komek up`. A process that you start yourself takes `--port`."""
    console_port: int = Field(8001, ge=1, le=65535)
    """Port of the console under `komek up`. It listens on 127.0.0.1 only: put a proxy with TLS on this machine in
    front of it.
    """
    console_url: str = ""
    """Empty: `http://localhost` with that port (demo only). The address people use for the console:
    `https://desk.example.org`, without a path. Production requires it, with `https://`. Links of invitations use
    it. A passkey works only at this host name.
    """
    workers: int = Field(1, ge=1, le=64)
    """Number of workers under `komek up`. It also limits how many wake-ups may wait in the queue."""
    metrics_token: SecretStr = SecretStr("")
    """Empty: `/metrics` answers this machine only. A secret of at least 16 characters, better 24. A client that
    sends it (`Authorization: Bearer …`) may read `/metrics` of the console from another machine. Behind a proxy it
    is required: without it `/metrics` answers nobody.
    """
    directory_token: SecretStr = SecretStr("")
    """Empty: off. A secret of at least 16 characters, better 24. A client that sends it (`Authorization: Bearer …`)
    may read the public part of the directory under `/hsds/` of the console ([interoperation.md](interoperation.md)).
    """
    events_url: str = ""
    """Empty: off. `https://…`: an address of the NGO's own system that is told when a request was claimed, stranded
    or closed, without anything about the person ([interoperation.md](interoperation.md)). Set it for the public web,
    the console, workers and clock alike.
    """
    events_key: SecretStr = SecretStr("")
    """The secret that signs these messages, at least 22 characters. Workers and clock need it with
    `KOMEK_EVENTS_URL`.
    """
    rehearsal_numbers: SecretStr = SecretStr("")
    """Telephones of staff, comma-separated (`+996…`), that get everything before the line is open (*The line*). A
    secret of the public web, workers and clock: give it as a file. What is no number is left out.
    """
    drill_hour: int | None = Field(None, ge=0, le=23)
    """Empty: no drills. Hour of the country at which the **daily drill** begins. Each service that calls people
    gets one marked practice request, spread over the hour. It comes by SMS one time and at the console the next, if
    the service has accounts.
    """


class Gateway(BaseModel):
    """The way to and from telephones, if there is one gateway."""

    model_config = DEFERRED

    webhook_secret: SecretStr = SecretStr("")
    """The demo makes one and prints it. The secret in the webhook addresses. The public web does not start without
    one. In production it needs at least 22 characters. Give two, comma-separated, while you replace one.
    """
    allow_from: Listed = ()
    """Empty: from anywhere. Networks that may call the webhooks, comma-separated (`203.0.113.0/24`)."""
    trust_proxy: bool = False
    """`true`: it stands behind exactly one proxy of yours: the sender is the last address in its `X-Forwarded-For`.
    `X_Forwarded_For` and the like are not read, and refused beside the right spelling.
    """
    gateway_username: str = "sandbox"
    """The username at the gateway."""
    gateway_api_key: SecretStr = SecretStr("")
    """The key of the gateway's API. In production workers and clock do not start without it. The public web and the
    console do not start with it.
    """
    gateway_sender: str = ""
    """Empty: the gateway chooses. Sender of texts. Choose a neutral one: it shows on the caller's phone (R13)."""
    gateway_url: str = ""
    """Empty: the provider's own. Another base address, for an emulator."""
    bridge: bool = False
    """`true`: caseworkers may ask the gateway to call them and join them to a caller, so that nobody sees the
    number (R32). Set it for the public web, the console, workers and clock alike. **Read [decision
    14](decisions/0014-bridged-calls.md) first**: its checklist must be tried by hand. In production the country's
    `bridge` must be verified. The demo refuses it, because it has no real telephone.
    """


class Keys(BaseModel):
    """The keys. None has a default; the demo makes its own."""

    model_config = DEFERRED

    sealing_key: SecretStr = SecretStr("")
    """Seals numbers and texts; the public half of the opening key."""
    opening_key: SecretStr = SecretStr("")
    """Opens what the sealing key sealed. While you replace it: several, comma-separated, the newest first."""
    hashing_key: SecretStr = SecretStr("")
    """Finds which requests come from one telephone (R27)."""
    words_key: SecretStr = SecretStr("")
    """Draws codes and words, hashes sessions and codes (R6)."""
    audit_key: SecretStr = SecretStr("")
    """Chains the audit log (R32)."""
    contact_key: SecretStr = SecretStr("")
    """Authenticates the telephones of services and coordinators, the accounts of the console, offers, claims and
    outgoing texts, and makes the five digits of offers. A row written without this key is ignored: it is no
    contact, lets nobody sign in, opens no number and is not sent (R32, [decision 15](decisions/0015-contacts.md),
    [17](decisions/0017-accounts.md), [22](decisions/0022-genuine-claims.md)).
    """
    backup_key: SecretStr = SecretStr("")
    """Public half of the backup key: seals backups, opens none."""
    restore_key: SecretStr = SecretStr("")
    """Private half of the backup key. Keep it on paper or on a stick in a safe, and on no machine that runs Komek."""
    session_key: SecretStr = SecretStr("")
    """Hashes the tokens that browsers hold, seals secrets of second factors and case notes
    ([console.md](console.md)).
    """


class Policy(BaseModel):
    """What services and callers are promised. The last word of a name is its unit."""

    model_config = DEFERRED

    idle_minutes: int = Field(15, ge=2, le=60)
    """How long a session of the console may stay unused."""
    offer_minutes: int = Field(30, ge=1)
    """How long a service may take to answer an offer, counted from the moment the gateway accepted the text. Then
    the next service is asked. While the service is closed the time stands still, unless that would break what the
    caller was promised.
    """
    grace_seconds: int = Field(45, ge=0)
    """How long after the last key a call that was not ended counts as over, so that later answers can still come
    ([rules.md](rules.md), "Written down early").
    """
    grace_most_seconds: int = Field(240, ge=0)
    """The limit of `KOMEK_GRACE_SECONDS`, counted from when the request was stored."""
    consent_days: int = Field(14, ge=1, le=90)
    """How long a caller's consent lasts. Then the request ends, claimed or not, and the number is deleted (R30,
    R34). If the caller was reached by then, the service may go on helping up to `KOMEK_FOLLOW_DAYS`, and never
    after `KOMEK_KEEP_DAYS`.
    """
    keep_days: int = Field(30, ge=1, le=90)
    """The longest time that a number is stored, whatever happens. The consent screen says it (R28, R34), so it must
    not be less than `KOMEK_CONSENT_DAYS`. The hash of code and word of an ended request is stored as long. If it is
    under 31 days, some requests are reduced to what is counted before their month is over. Then the waiting times of
    that month leave them out.
    """
    fresh_days: int = Field(90, ge=1)
    """A service whose last check is older is not offered anything (R40)."""
    tombstone_hours: int = Field(24, ge=1)
    """How long the hash of an erased session is stored, so that a late message of it cannot store the request again
    (R34).
    """
    requests_a_day: int = Field(3, ge=1)
    """How many requests a telephone may make in 24 hours. More of them are saved like all others, but wait while
    requests of others are due, at most 30 minutes and not in danger (R49).
    """
    wrong_codes_a_day: int = Field(20, ge=1)
    """How many wrong codes a telephone may enter in a day (UTC). After that one code is looked up every ten
    minutes; until then the same screen appears (R49).
    """
    wrong_codes_an_hour: int = Field(1000, ge=1)
    """How many wrong codes all telephones together may enter in an hour. Above that, the slower pace holds for each
    telephone that has failed today, and for withheld numbers. A coordinator is told, and `codes_guessed` is logged
    (R49).
    """
    reveals_a_day: int = Field(20, ge=1)
    """How many numbers a service may be shown in 24 hours. After that: "too many today" (R49)."""
    most_services: int = Field(2, ge=1, le=5)
    """How many services may get the number of one request, one at a time; by SMS always one (R28, R30). Then the
    request waits for a coordinator, or for the caller's yes to one more in *my request*.
    """
    page_again_minutes: int = Field(15, ge=1)
    """How long until the next coordinator is notified about a request that nobody took. Each round of all
    coordinators waits twice as long as the one before, up to six hours.
    """
    silent_hours: int = Field(48, ge=1)
    """How long a claim may go without any report. Counted from the moment the caller could be called, from the end
    of the window in which the number was shown, or from the last outcome. Then the service is reminded and a
    coordinator is told. In danger it is `KOMEK_OFFER_MINUTES`.
    """
    silent_more_hours: int = Field(4, ge=1)
    """How much longer the service has after the reminder, before the claim is taken back and the next one is asked.
    In danger it is `KOMEK_URGENT_MINUTES`.
    """
    urgent_minutes: int = Field(5, ge=1)
    """Replaces `KOMEK_OFFER_MINUTES` and `KOMEK_PAGE_AGAIN_MINUTES` if the caller is in danger now. This clock
    never stands still.
    """
    undo_minutes: int = Field(10, ge=1)
    """How long a service may take back what it reported, with UNDO, and a coordinator that they gave a request to
    another service.
    """
    follow_days: int = Field(30, ge=1, le=90)
    """How long a service may follow a case after it reached the caller, before the case closes by itself."""
    contact_hours: int = Field(72, ge=1)
    """How long a new telephone of a service or coordinator waits at least, besides the approval of a second person
    ([directory.md](directory.md)). Also how long joining an account to a telephone waits
    ([console.md](console.md)).
    """
    block_days: int = Field(7, ge=1, le=30)
    """How long a coordinator's block of *call me* lasts (R49)."""
