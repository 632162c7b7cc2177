"""Which colleague of a service does a case. It gives no rights: any of the service may act on it."""

from collections.abc import Mapping

import sqlalchemy as sa

from helpline.request.offers import Offered, OfferState
from helpline.staff import people
from helpline.staff.roles import Person
from helpline.store.engine import Tx
from helpline.store.schema import offer


def assign(tx: Tx, id: str, owner: str | None) -> bool:
    """Set which colleague does a case that a service holds; None for no one. Return False if it holds it no more."""
    held = offer.c.state.in_((OfferState.CLAIMED.value, OfferState.FOLLOWED.value))
    return tx.execute(sa.update(offer).where(offer.c.id == id, held).values(owner=owner)).rowcount == 1


def of_service(tx: Tx, service: str) -> Mapping[str, str]:
    """Return the owners of what a service holds, by the ids of the offers. A case without an owner is left out.

    An offer has none: a claim that was undone leaves its owner in the row.
    """
    held = offer.c.state.in_((OfferState.CLAIMED.value, OfferState.FOLLOWED.value))
    rows = sa.select(offer.c.id, offer.c.owner).where(offer.c.service == service, held, offer.c.owner.is_not(None))
    return {row.id: row.owner for row in tx.execute(rows)}


def of_case(tx: Tx, about: Offered) -> Person | None:
    """Return the colleague who does a case, if they still have an account of the service that holds it."""
    owner = people.get(tx, about.owner) if about.owner else None
    return owner if owner and owner.service == about.service and not owner.disabled else None
