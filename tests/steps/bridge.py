"""A caseworker who uses a bridged call: they press the button, answer their phone and press 1."""

from dataclasses import dataclass

from gateway.app import bridged_calls_of
from helpline.casework import claims
from helpline.casework.answers import CallPlaced
from helpline.core.ports import CallAnswer, CallStep, Join
from helpline.reveal.bridged_calls import BridgedCalls
from helpline.staff import contacts
from helpline.store.engine import Database
from helpline.store.schema import offer
from tests.steps.desk import DESK, give_order
from tests.world import World, contents

AT = "africastalking"


def on(db: Database, *, bridge: bool = True, reveals_a_day: int = 20) -> World:
    """Return a service with bridged calls and an open time window.

    Every desk writes English and may get numbers by SMS.
    """
    world = World.on(db, bridge=bridge, reveals_a_day=reveals_a_day, silent_hours=400)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return world


@dataclass(slots=True)
class Caseworker:
    """A caseworker with a claim. `world` does not work by itself: `start_call` runs a worker."""

    world: World
    code: str
    calls: BridgedCalls

    @classmethod
    def of(cls, world: World, code: str = "") -> "Caseworker":
        """Claim a request as the desk that is asked first."""
        if not code:
            world.ask()
            world.run()
            to, code = world.offered()
            world.text(to, f"YES {code}")
        calls = bridged_calls_of(world.config, contents(world.config), world.db)
        assert calls is not None
        return cls(world, code, calls)

    def press_button(self) -> bool:
        """Press the button. Return whether the phone will be called."""
        with self.world.db.write(self.world.clock()) as tx:
            who = contacts.get(tx, DESK)
            assert who is not None
            answer = give_order(self.world.work.ctx, tx, who, claims.ask_bridge, self.code)
            return isinstance(answer, CallPlaced)

    def start_call(self) -> str:
        """Press the button and run a worker, which calls. Return the session of the call."""
        assert self.press_button()
        self.world.run()
        return self.session()

    def session(self) -> str:
        """Return the session of the newest call."""
        return self.world.gateway.calls[-1][2]

    def answer(self, keys: str | None = None, session: str = "") -> CallAnswer:
        """Answer the phone, or press a key. Return what the gateway must do."""
        return self.calls.answer(AT, CallStep(session or self.session(), outbound=True, active=True, keys=keys))

    def join(self) -> str:
        """Answer and press 1. Return the number that is then called, or "" if none is."""
        self.answer()
        answer = self.answer("1")
        return answer.number.reveal() if isinstance(answer, Join) else ""

    def shown_at(self) -> object:
        """Return when the caller was called, as far as is recorded."""
        return self.world.rows(offer)[-1].shown_at
