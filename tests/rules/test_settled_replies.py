"""A stop that nobody has read yet ends a dialogue before its next reply leaves (R18)."""

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store import outbox
from tests.world import CALLER, World


def test_r18_a_reply_does_not_leave_while_a_stop_is_unread(world: World) -> None:
    """A worker has taken the reply up. STOP comes before its words are made."""
    world.public.sms("at", IncomingSms("help", msisdn(CALLER), Hidden("помощь")))
    while world.work.step(Job.READ_MESSAGES):
        pass
    with world.db.write() as tx:
        due = outbox.claim(tx, Job.SEND_MESSAGES)
    assert due is not None
    world.public.sms("at", IncomingSms("stop", msisdn(CALLER), Hidden("стоп")))
    world.work.do(due)
    world.run()
    assert world.inbox(CALLER) == []
