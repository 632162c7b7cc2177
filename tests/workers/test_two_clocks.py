"""Two clocks at once, one on each of two hosts, do the work of workers that are gone: each thing is done once."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import IncomingSms
from helpline.messaging.in_flight import InFlight
from helpline.store.engine import Database
from helpline.store.group_commit import GroupCommit
from tests.world import Gateway, World
from workers.effects import Work

LONG = 90.0
CALLERS = 4


@dataclass(slots=True)
class SlowGateway:
    """A gateway that takes its time with the first text: something else happens meanwhile."""

    gateway: Gateway
    meanwhile: Callable[[], None]
    begun: bool = False

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        """Take a text."""
        if not self.begun:
            self.begun = True
            self.meanwhile()
        return self.gateway.send(to, text, ref, sender)


def help_until_done(work: Work) -> None:
    """Do what a clock does if no worker comes."""
    while work.help(frozenset()):
        pass


@pytest.mark.engines
def test_two_clocks_at_once_do_each_thing_once(db: Database) -> None:
    """The first one has the text of an offer at the gateway. The second one does not send it, and does all the rest."""
    world, done = World.on(db), list[int]()
    world.ask()
    world.clock.at += timedelta(minutes=5)

    def second() -> None:
        help_until_done(replace(work, outgoing=replace(work.outgoing, in_flight=InFlight(), together=GroupCommit())))
        done.append(len(world.gateway.sent))

    def meanwhile() -> None:
        for number in range(CALLERS):
            world.public.sms("at", IncomingSms(f"text {number}", msisdn(f"+99600011100{number}"), Hidden("Салам")))
        other = threading.Thread(target=second)
        other.start()
        other.join(LONG)

    world.send_by(SlowGateway(world.gateway, meanwhile))
    work = world.work
    help_until_done(work)
    assert done == [CALLERS]
    assert sorted(Counter(world.gateway.sent).values()) == [1] * (1 + CALLERS)
