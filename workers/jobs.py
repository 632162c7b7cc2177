"""The jobs, one function for each name: RQ calls them, the domain does the work.

A job has no argument. It does the due rows of its kinds on its queue (`helpline.core.jobs`) for half a second at most.
If there were any, it goes on with what else is due for two seconds at most, and then wakes what is still due. Nothing
else can be called through the queue.
"""

import importlib
from collections.abc import Callable, Collection, Sequence
from typing import Protocol, cast

from helpline.core import log
from helpline.core.jobs import Job


class Service(Protocol):
    """What workers and clock need of the service: the work that is due, and a sign of life."""

    def run(self, job: Job) -> None:
        """Do the due rows of a job, then what else is due, for two seconds at most. Wake the jobs with more to do."""

    def help(self, leaving_out: Collection[Job]) -> int:
        """Do what is due, the most urgent job first, for half a second or one row, but nothing of some jobs.

        Return how many rows were done.
        """

    def due(self) -> Sequence[tuple[Job, float]]:
        """Return the jobs that have due rows, the most urgent first, and for how many seconds the oldest is due."""

    def begin(self) -> None:
        """Do what must be done once, before anything else."""

    def note_missing(self) -> None:
        """Log what keeps the line closed. It is only for people: nothing depends on it."""

    def beat(self, name: str) -> None:
        """Note that the process `name` is alive."""

    def ask_gateways(self) -> None:
        """Ask for receipts and balances where a gateway does not report them itself. It may take half a minute."""

    def is_sure(self) -> bool:
        """Whether the machine's clock is beyond doubt."""


def service() -> Service:
    """Return this process's service. It is looked up by name and late, so that tests can put another in its place."""
    return cast(Callable[[], Service], importlib.import_module("workers.wiring").service)()


def apply_stops() -> None:
    """Apply the stops that came in by menu."""
    _run(Job.APPLY_STOPS)


def attend_danger() -> None:
    """Find somebody to ask for requests of people in danger."""
    _run(Job.ATTEND_DANGER)


def send_urgent() -> None:
    """Send texts about danger, texts with a number, and texts that say *do not call*."""
    _run(Job.SEND_URGENT)


def read_urgent() -> None:
    """Read inbound texts that say stop or danger."""
    _run(Job.READ_URGENT)


def call_services() -> None:
    """Call services that asked to be joined to a caller."""
    _run(Job.CALL_SERVICES)


def escalate_danger() -> None:
    """Time out and escalate requests of people in danger; tell coordinators of frozen lines and of harm."""
    _run(Job.ESCALATE_DANGER)


def read_orders() -> None:
    """Read inbound texts that look like an order of a service or a coordinator."""
    _run(Job.READ_ORDERS)


def attend_requests() -> None:
    """Find somebody to ask for ordinary requests."""
    _run(Job.ATTEND_REQUESTS)


def send_messages() -> None:
    """Send ordinary texts."""
    _run(Job.SEND_MESSAGES)


def escalate_requests() -> None:
    """Time out offers and silent claims, and call coordinators."""
    _run(Job.ESCALATE_REQUESTS)


def record_receipts() -> None:
    """Match delivery receipts with the texts that they are about."""
    _run(Job.RECORD_RECEIPTS)


def read_messages() -> None:
    """Read all other inbound texts."""
    _run(Job.READ_MESSAGES)


def fill_places() -> None:
    """Look who is next where a telephone line or a place at a service has become free."""
    _run(Job.FILL_PLACES)


def expire_requests() -> None:
    """End requests whose consent or follow-up time has run out."""
    _run(Job.EXPIRE_REQUESTS)


def update_directory() -> None:
    """Apply changed telephones, and look who can be helped by a changed directory."""
    _run(Job.UPDATE_DIRECTORY)


def delete_data() -> None:
    """Delete what is past its retention time."""
    _run(Job.DELETE_DATA)


def run_drills() -> None:
    """Do what practice requests need."""
    _run(Job.RUN_DRILLS)


def send_low() -> None:
    """Send the texts of drills and of the audit log."""
    _run(Job.SEND_LOW)


def count_months() -> None:
    """Count the months that are over."""
    _run(Job.COUNT_MONTHS)


def check_audit_log() -> None:
    """Check the whole audit log and tell coordinators its head."""
    _run(Job.CHECK_AUDIT_LOG)


def send_events() -> None:
    """Send the events of requests to an NGO's own system."""
    _run(Job.SEND_EVENTS)


def _run(job: Job) -> None:
    """Run a job; a fault is logged as class and place and goes no further.

    RQ would store the whole traceback with its message in Redis, and a message may hold what a caller said. Nothing is
    lost: the rows are still due, and the clock wakes the job again.
    """
    try:
        service().run(job)
    except Exception:  # noqa: BLE001
        log.failed(f"{job}_failed")
