"""The jobs of the workers: their names, the queue of each, and the kinds of due rows that each one does.

A job takes no argument. It is a wake-up: what is to be done is in the table `outbox`, and the job does the due rows of
its kinds on its queue. `workers.jobs` has a function for each name, `workers.effects` one for each kind.
"""

from collections.abc import Mapping
from enum import StrEnum


class Queue(StrEnum):
    """The queues of RQ, in the order in which every worker listens to them."""

    URGENT = "urgent"
    """Danger, numbers that leave, and stops."""
    DEFAULT = "default"
    """Offers, texts and receipts."""
    LOW = "low"
    """Retention, drills and figures."""


class Job(StrEnum):
    """The jobs by name, the most urgent first."""

    APPLY_STOPS = "apply_stops"
    ATTEND_DANGER = "attend_danger"
    SEND_URGENT = "send_urgent"
    READ_URGENT = "read_urgent"
    CALL_SERVICES = "call_services"
    ESCALATE_DANGER = "escalate_danger"

    READ_ORDERS = "read_orders"
    ATTEND_REQUESTS = "attend_requests"
    SEND_MESSAGES = "send_messages"
    ESCALATE_REQUESTS = "escalate_requests"
    RECORD_RECEIPTS = "record_receipts"
    READ_MESSAGES = "read_messages"
    FILL_PLACES = "fill_places"
    EXPIRE_REQUESTS = "expire_requests"
    UPDATE_DIRECTORY = "update_directory"

    DELETE_DATA = "delete_data"
    RUN_DRILLS = "run_drills"
    SEND_LOW = "send_low"
    COUNT_MONTHS = "count_months"
    CHECK_AUDIT_LOG = "check_audit_log"
    SEND_EVENTS = "send_events"


KINDS: Mapping[Queue, Mapping[Job, tuple[str, ...]]] = {
    Queue.URGENT: {
        Job.APPLY_STOPS: ("stop",),
        Job.ATTEND_DANGER: ("attend",),
        Job.SEND_URGENT: ("tell", "send"),
        Job.READ_URGENT: ("sms",),
        Job.CALL_SERVICES: ("bridge",),
        Job.ESCALATE_DANGER: ("cry", "cries", "page", "lapse", "silent", "frozen", "harm"),
    },
    Queue.DEFAULT: {
        Job.READ_ORDERS: ("order",),
        Job.ATTEND_REQUESTS: ("attend",),
        Job.SEND_MESSAGES: ("tell", "send"),
        Job.ESCALATE_REQUESTS: ("page", "lapse", "silent", "taken", "redraw", "unlock", "untaken", "guessing"),
        Job.RECORD_RECEIPTS: ("receipt",),
        Job.READ_MESSAGES: ("sms",),
        Job.FILL_PLACES: ("next", "place", "waitlist"),
        Job.EXPIRE_REQUESTS: ("expire", "follow", "agreed"),
        Job.UPDATE_DIRECTORY: ("contact", "listed"),
    },
    Queue.LOW: {
        Job.DELETE_DATA: ("forget", "sweep", "scrub"),
        Job.RUN_DRILLS: ("practise", "drills", "drill", "attend", "lapse", "silent", "expire"),
        Job.SEND_LOW: ("tell", "send"),
        Job.COUNT_MONTHS: ("month",),
        Job.CHECK_AUDIT_LOG: ("head",),
        Job.SEND_EVENTS: ("event",),
    },
}
"""What is done by which job: queue → job → the kinds of rows of the outbox, those that are done first at the front."""

JOB_OF: Mapping[tuple[Queue, str], Job] = {
    (queue, kind): job for queue, jobs in KINDS.items() for job, kinds in jobs.items() for kind in kinds
}
URGENCY: Mapping[Job, int] = {job: place for place, job in enumerate(Job)}
"""By which jobs are sorted, the most urgent first."""
QUEUE_OF: Mapping[Job, Queue] = {job: queue for queue, jobs in KINDS.items() for job in jobs}
SENDS = frozenset(job for (_, kind), job in JOB_OF.items() if kind == "send")
"""The jobs that send texts."""
