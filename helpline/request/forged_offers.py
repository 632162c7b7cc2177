"""Rows of `offer` that are in force without the code of the contact key: written by SQL, or before there was a code.

`offers` does not find them. They still take their phone line, so they must be sealed or ended.
"""

import sqlalchemy as sa

from helpline.request import offer_seal, offers
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import offer

IN_FORCE = sa.select(offer).where(offer.c.state.in_(sorted(offer_seal.GRANTS))).order_by(offer.c.opened)


def in_force(tx: Tx) -> list[str]:
    """Return the ids of these rows."""
    return [row.id for row in tx.execute(IN_FORCE) if not offer_seal.is_genuine(tx, row)]


def hold(tx: Tx, id: str) -> tuple[Offered, bool] | None:
    """Lock such a row, after its request. Return it, and whether a worker or the console had ended it.

    None if somebody has settled it meanwhile.
    """
    offers.hold_request(tx, id)
    row = tx.execute(offers.HELD, {"of": id}).one()
    settled = row.state not in offer_seal.GRANTS or offer_seal.is_genuine(tx, row)
    return None if settled else (offers.read(row), row.mac == offer_seal.OVER)


def waits(tx: Tx, id: str) -> bool:
    """Whether an offer is such a row."""
    row = tx.execute(offers.GET, {"of": id}).first()
    return row is not None and not offer_seal.is_genuine(tx, row)


def seal(tx: Tx, id: str, draws: int) -> None:
    """Make a row genuine: add the code that it lacks, with a draw of digits."""
    offers.change(tx, tx.execute(offers.HELD, {"of": id}).one(), draws=draws)


def end(tx: Tx, id: str) -> None:
    """End a row."""
    over = {"closed": tx.now, "agreed_at": None, "agreed_how": None}
    offers.change(tx, tx.execute(offers.HELD, {"of": id}).one(), state=OfferState.VOID.value, **over)
