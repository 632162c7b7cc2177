"""What SQL can cause on SQLite, where an attacker in the public process may write every table (R32).

`test_public_role.py` asks the same on PostgreSQL, with the rights of the public role.
"""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import Databases
from tests.steps.by_day import examples
from tests.steps.theft import INSERTED, OF_ANOTHER, Step, Theft, steps, try_to_steal
from tests.world import World


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@example(taken=OF_ANOTHER, claimed=True)
@example(taken=INSERTED, claimed=True)
@given(taken=steps, claimed=st.booleans())
def test_r32_no_sql_makes_a_number_leave_without_a_genuine_claim(
    new_sqlite: Databases, taken: list[Step], claimed: bool
) -> None:
    """Whatever rows are written, a number leaves by a worker's offer, a claim and a row of the audit log only."""
    db = new_sqlite()
    try_to_steal(Theft(World.on(db), db), taken, claimed=claimed)
    db.dispose()
