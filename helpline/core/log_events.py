"""Every event of the log: its level, its fields, and what to do. `komek log-events` makes docs/log-events.md of it.

A test compares it with the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogEvent:
    """An event of the log."""

    level: str
    """`info`, `warning` or `error`."""
    fields: str
    """The names of its fields. `about` is followed by what it names."""
    what: str
    """What has happened, and what to do."""


EVENTS: Mapping[str, Mapping[str, LogEvent]] = {
    "Requests and callers": {
        "stranded": LogEvent(
            "info", "about: request",
            "no service took a request. Coordinators are being notified: make sure somebody takes it",
        ),
        "no_hour": LogEvent(
            "info", "about: request",
            "nobody may call this caller abroad: they have not said what their clock shows. *My request* tells them "
            "so. `komek_requests_without_hour` counts such requests",
        ),
        "no_coordinator": LogEvent(
            "error", "about: request",
            "there is nobody to notify about a request: nobody took it, the caller is in danger, it ended "
            "unanswered, or it did harm. Add a coordinator to the directory",
        ),
        "harm": LogEvent(
            "info", "about: entry of the register",
            "a caller says that a call harmed them. It is in the register (`komek harm list`), and a coordinator "
            "was notified. Find out what happened",
        ),
        "frozen": LogEvent(
            "info", "about: request",
            "a service reports that somebody else has the caller's phone. All its requests are stopped, and "
            "coordinators were notified. Ask the service whether it was a mistake",
        ),
        "silent_claim": LogEvent(
            "info", "about: request",
            "a service claimed a request, was reminded and did not report: the claim was taken back. Ask the "
            "service why",
        ),
        "promise_missed": LogEvent(
            "info", "about: request",
            "another request of the same telephone was held so long that the promised time has passed. Ask the "
            "service that holds it",
        ),
        "time_went_back": LogEvent(
            "info", "about: clock",
            "the machine's clock had been set ahead for some minutes. Everything that waits was looked at again. Check "
            "the time service (`chronyc tracking`)",
        ),
        "hop_failed": LogEvent(
            "error", "channel, error",
            "callers see the emergency screen instead of their menus. Check the database now",
        ),
        "hop_without_database": LogEvent(
            "error", "error",
            "callers see the emergency screen instead of their menus. Check the database now",
        ),
        "arrival_not_kept": LogEvent(
            "error", "channel, error, kind",
            "an incoming text could not be stored; the gateway sends it again",
        ),
        "request_refused": LogEvent(
            "warning", "channel, kind, fault",
            "a request of a gateway with the right secret was not accepted, so a text or a key of a caller may be "
            "lost. `fault` says what is missing. `no-dial-key-or-end-of-a-call`: Kannel sent an operation that is not "
            "in `options.ussd.ops`. `method-is-not-POST`: set the gateway to POST. `no-such-address`: the gateway's "
            "address is not one that the channel's page names. `network-is-not-in-allow_from`: correct `allow_from` of "
            "the channel. If it is not your gateway, somebody knows the secret: replace it",
        ),
        "codes_guessed": LogEvent(
            "error", "about: `codes`",
            "in this hour more wrong codes of callers were tried than `KOMEK_WRONG_CODES_AN_HOUR`. A coordinator "
            "got a text. Ask the gateway from how many telephones they come",
        ),
        "line_closed": LogEvent(
            "warning", "",
            "at the start: the line is not open, and callers see the emergency number. `komek open` says what is "
            "missing",
        ),
        "line_needs": LogEvent(
            "warning", "group: `people`, `texts`, `operators`, `law` or `safety`",
            "at the start of the clock: something of this group keeps the line closed. `komek open` says what, and the "
            "command that resolves it",
        ),
        "language_left_out": LogEvent(
            "warning", "language",
            "at the start: a language is incomplete and therefore not offered. `komek check` says why",
        ),
    },
    "Texts, calls and gateways": {
        "send_failed": LogEvent(
            "info", "about: reason",
            "the gateway refuses texts. Check account, sender and network",
        ),
        "text_failed": LogEvent(
            "info", "about: text",
            "a text was given up: the gateway refused it, or it was too old. Check account, sender and network",
        ),
        "no_channel": LogEvent(
            "error", "about: text",
            "a text to a service or a coordinator did not go, because no channel sends to their telephone. An "
            "offer or an alert went to the next one. `komek doctor` names who is not reached: correct `countries` "
            "and `prefixes` in the channels file",
        ),
        "no_channel_to_caller": LogEvent(
            "info", "about: text",
            "a reply to a caller did not go, because the channel that they wrote to is gone from the channels "
            "file",
        ),
        "receipt_unknown": LogEvent(
            "info", "about: row",
            "a report of delivery was dropped after a day: no text has its id. If most reports end so, the gateway "
            "reports another id than it gives when it takes a text, and no text is ever *delivered*",
        ),
        "text_from_no_telephone": LogEvent(
            "info", "about: channel",
            "a text was not answered, because its sender is a name, a short code or no possible number (R12). If "
            "texts of callers come so, the gateway writes numbers in another form: set the country's code and the "
            "trunk prefix in the options of the channel",
        ),
        "no_phone": LogEvent(
            "info", "about: text",
            "a text did not go: its recipient has no telephone that counts any more. `komek doctor` names "
            "telephones that do not count",
        ),
        "unreviewed_text_refused": LogEvent(
            "error", "about: text",
            "a text to a caller was held back: nobody has reviewed its wording in that language",
        ),
        "not_allowed_to_caller": LogEvent(
            "info", "about: text",
            "a text to a caller was held back: the caller did not earn it (R12)",
        ),
        "text_without_words": LogEvent(
            "info", "about: kind of text",
            "a text that waited during an update was dropped: the new version has no such text any more",
        ),
        "gateway_silent": LogEvent(
            "info", "about: channel and reason",
            "a gateway did not answer the question for receipts or for the balance. It is asked again",
        ),
        "ring_failed": LogEvent(
            "info", "about: reason",
            "a bridged call failed: the gateway refused it. The caseworker can ask again",
        ),
        "call_failed": LogEvent(
            "error", "channel, error",
            "a bridged call failed: the public web could not answer. The caseworker can ask again",
        ),
        "call_untaken": LogEvent(
            "info", "about: offer",
            "a bridged call: nobody pressed 1 within two minutes",
        ),
        "call_ended": LogEvent(
            "info", "about: the gateway's word",
            "the gateway's word for how a bridged call ended. If most end in `SERVICE_UNAVAILABLE` or the like, "
            "switch `KOMEK_BRIDGE` off",
        ),
        "receipt_not_posted": LogEvent(
            "warning", "error",
            "only in the demo: the emulator could not deliver a receipt",
        ),
        "event_not_taken": LogEvent(
            "info", "about: reason",
            "the receiver of events ([interoperation.md](interoperation.md)) did not take one; `about` says why. "
            "All events wait for five minutes",
        ),
        "event_given_up": LogEvent(
            "info", "about: `event`",
            "an event was dropped: the receiver did not take it for a day, or there is no address any more",
        ),
    },
    "Keys, and what somebody may have changed": {
        "cannot_open": LogEvent(
            "error", "about: row",
            "something was sealed with a key that this process does not have",
        ),
        "text_not_genuine": LogEvent(
            "error", "about: text",
            "a text was not sent, because it has no code of the contact key. After an update or a change of that "
            "key this is a text that waited. At any other time somebody has written to the database",
        ),
        "offer_not_genuine": LogEvent(
            "error", "about: offer",
            "an offer or a claim had no code of the contact key and was ended; its request is offered again. "
            "After an update or a change of that key this is one that was open. At any other time somebody has "
            "written to the database",
        ),
        "offer_guessed": LogEvent(
            "error", "about: telephone's contact",
            "five wrong codes in an hour came from a telephone of this service or coordinator: its codes were "
            "redrawn. If it comes again and again, somebody forges that sender",
        ),
        "number_not_logged": LogEvent(
            "error", "about: request",
            "a text or a claim says that a number left, and the audit log has no row of it. `about` is the "
            "request. Somebody has written to the database",
        ),
        "audit_log_broken": LogEvent(
            "error", "about: number of the row",
            "the daily check found a row of the audit log that was changed, or that follows a missing one. "
            "`about` is its number. Run `komek audit verify`",
        ),
        "account_not_sealed": LogEvent(
            "error", "about: account",
            "an account was changed without the contact key: it lets nobody sign in. See [console.md](console.md)",
        ),
    },
    "Processes and clocks": {
        "work_failed": LogEvent(
            "info", "about: kind and class of the error",
            "one job failed. It is tried again, every few minutes at most: an incoming text or receipt 40 times, all "
            "else as long as it takes. If only the removal of deleted bytes after a job failed (`forget`, `scrub`, "
            "`sweep`), the next sweep removes them",
        ),
        "work_dead": LogEvent(
            "error", "about: kind",
            "an incoming text or receipt failed 40 times and was given up. A person must look at it (table "
            "`outbox`, state `dead`)",
        ),
        "request_failed": LogEvent(
            "error", "error, raised",
            "a page of the web or the console failed; `error` names the class of the error",
        ),
        "web_not_started": LogEvent(
            "error", "error, raised",
            "a web did not start; `raised` says where",
        ),
        "readiness_unknown": LogEvent(
            "error", "error",
            "a web could not check itself",
        ),
        "tick_failed": LogEvent(
            "error", "error, raised",
            "the clock met an unexpected error and goes on",
        ),
        "help_failed": LogEvent(
            "error", "error, raised",
            "the clock helped workers and met an unexpected error; the rows are still due",
        ),
        "asking_failed": LogEvent(
            "error", "error, raised",
            "the clock asked gateways and met an unexpected error; it asks again",
        ),
        "uncaught": LogEvent(
            "error", "error, raised",
            "a process ended with an unexpected error; its supervisor starts it again",
        ),
        "queue_unreachable": LogEvent(
            "warning", "error",
            "the queue did not answer. The clock does the work meanwhile; look into it if it happens often",
        ),
        "queue_awaited": LogEvent(
            "info", "",
            "a worker waits for the queue at its start",
        ),
        "queue_lost": LogEvent(
            "warning", "error",
            "a worker lost the queue and ends; its supervisor starts another one",
        ),
        "lease_lost": LogEvent(
            "info", "about: kind",
            "a worker was too slow with a row and another one did it. Look into it if it happens often",
        ),
        "clock_skew": LogEvent(
            "warning", "seconds",
            "this machine's clock and that of PostgreSQL's server differ by more than two seconds (`seconds`). "
            "Leases go by the server's clock, so nothing is sent twice. But times to answer and call windows go "
            "by each machine's own: set both by a time service",
        ),
        "clock_jumped": LogEvent(
            "warning", "",
            "the machine's clock was set. Komek's time follows after five minutes. For six hours no request and "
            "no lock ends, and nothing is deleted because of the time. If the clock is right, say so: `komek "
            "clock --right --by NAME`",
        ),
        "clock_sure": LogEvent(
            "info", "",
            "the machine's clock counts as right again",
        ),
        "clock_vouched": LogEvent(
            "info", "by",
            "somebody said that the machine's clock is right",
        ),
    },
}  # fmt: skip
"""By section."""
