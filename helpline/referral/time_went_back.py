"""What to do once Komek's time has gone back: somebody had set the machine's clock ahead, and it is right again.

After some minutes Komek follows a clock that was set (`core.watched_clock`). What was put off meanwhile was put off by
the wrong time, and would be looked at days too late: nobody would be asked about a request or called about it, and no
number deleted. So everything that may be done again is looked at now. Each look finds its own next time.
"""

from datetime import timedelta

from helpline.referral.context import Context
from helpline.request import requests
from helpline.request.model import State
from helpline.store import outbox
from helpline.store.engine import Tx

AHEAD = timedelta(minutes=10)
"""By so much an earlier sign of life must be ahead: this process's own, or the stored one when it begins."""
FAR = timedelta(hours=1)
"""What is due earlier stays as it is."""
AGAIN = (
    "attend", "page", "silent", "sweep", "tell", "send", "sms", "order", "stop", "receipt", "next", "place", "waitlist",
    "cry", "cries", "frozen", "harm", "taken", "listed", "forget", "scrub", "agreed",
)  # fmt: skip
"""The kinds of work that check what is true by themselves, so that they may be done too early."""


def look_again(ctx: Context, tx: Tx) -> None:
    """Look again at everything that a wrong time may have put off."""
    requests.begin_hours_now(tx)
    requests.bring_forward(tx, tx.now + FAR)
    outbox.bring_forward(tx, AGAIN, tx.now + FAR)
    for request in requests.in_state(tx, State.OFFERED):  # its time to answer is shortened to what is left
        outbox.wake(tx, "attend", request.id, tx.now, request.queue)
    ctx.log("time_went_back", "clock")
