"""A caseworker who has us ring: she presses the button, takes her telephone, presses 1."""

from dataclasses import dataclass

from gateway.app import joining_of
from helpline.casework import claims
from helpline.core.ports import CallAnswer, CallStep, Join
from helpline.reveal.bridged_calls import Joining
from helpline.staff import contacts
from helpline.store.engine import Database
from helpline.store.schema import offer
from tests.steps.desk import DESK
from tests.world import World, contents

AT = "africastalking"


def on(db: Database, *, bridge: bool = True, reveals_a_day: int = 20) -> World:
    """Return a service that rings, where a window is open. Every desk writes English and gets numbers by SMS."""
    world = World.on(db, bridge=bridge, reveals_a_day=reveals_a_day, silent_hours=400)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return world


@dataclass(slots=True)
class Caseworker:
    """Who holds a claim. `world` does not work by itself: `rings` lets a worker come."""

    world: World
    code: str
    joining: Joining

    @classmethod
    def of(cls, world: World, code: str = "") -> "Caseworker":
        """Claim a request as the desk that is asked first."""
        if not code:
            world.ask()
            world.run()
            to, code = world.offered()
            world.text(to, f"YES {code}")
        joining = joining_of(world.config, contents(world.config), world.db, world.clock)
        assert joining is not None
        return cls(world, code, joining)

    def asks(self) -> bool:
        """Press the button; tell whether the telephone is going to ring."""
        with self.world.db.write(self.world.clock()) as tx:
            who = contacts.get(tx, DESK)
            assert who is not None
            return claims.ask_bridge(self.world.work.ctx, tx, who, self.code)

    def rings(self) -> str:
        """Press the button and let a worker ring; give the session of the call."""
        assert self.asks()
        self.world.run()
        return self.session()

    def session(self) -> str:
        """Return the session of the newest call."""
        return self.world.gateway.rung[-1][2]

    def takes(self, keys: str | None = None, session: str = "") -> CallAnswer:
        """Take the telephone, or press a key; give what the gateway is to do."""
        return self.joining.answer(AT, CallStep(session or self.session(), outbound=True, active=True, keys=keys))

    def joined(self) -> str:
        """Take it, press 1; give the number that is rung then, empty where none is."""
        self.takes()
        answer = self.takes("1")
        return answer.number.reveal() if isinstance(answer, Join) else ""

    def shown_at(self) -> object:
        """Return when she was rung as far as anybody knows."""
        return self.world.rows(offer)[-1].shown_at
