"""The console on the database of a whole service: callers make requests, and people work on them in browsers."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from helpline.staff.roles import Role
from helpline.store.engine import Database
from helpline.store.schema import offer
from tests.gateway.console.office import Browser, Insider, Office
from tests.world import CALLER, World


@dataclass
class CaseOffice:
    """A world and its console. Both use one clock."""

    world: World
    office: Office

    @classmethod
    def on(cls, db: Database, *, bridge: bool = False) -> "CaseOffice":
        office = Office.on(db, bridge=bridge)
        return cls(World.on(db, clock=office.clock, bridge=bridge), office)

    def offered(self, caller: str = CALLER, window: str = "1") -> str:
        """Make a request. Return the id of the offer that a service got."""
        self.world.ask(caller, window=window)
        self.world.run()
        return self.newest()

    def newest(self) -> str:
        with self.world.db.read() as tx:
            return str(tx.execute(sa.select(offer.c.id).order_by(offer.c.opened.desc()).limit(1)).scalar_one())

    def service_of(self, id: str) -> str:
        with self.world.db.read() as tx:
            return str(tx.execute(sa.select(offer.c.service).where(offer.c.id == id)).scalar_one())

    def worker(self, service: str, login: str = "worker", role: Role = Role.CASEWORKER) -> tuple[Insider, Browser]:
        """Return a caseworker of a service, signed in."""
        who = self.office.insider(role, login, service)
        return who, self.office.signed_in(who)

    def prove(self, who: Insider, browser: Browser, onward: str) -> None:
        """Enter a person's second factor again."""
        self.office.clock.at += timedelta(seconds=60)
        browser.get(f"/again?next={onward}")
        assert browser.prove(who, place="/again").location == onward
        browser.get(onward)
