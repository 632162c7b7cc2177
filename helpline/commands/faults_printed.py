"""How a command ends that fails for a known reason: with a sentence for the operator, and without a traceback."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from helpline.core.config import ConfigError
from menus.faults import ContentFaults


@contextmanager
def faults_printed() -> Iterator[None]:
    """Exit with a sentence if settings or content have faults, the disk is full, or the database is unavailable."""
    try:
        yield
    except ConfigError as error:
        sys.exit("\n".join(error.faults))
    except ContentFaults as error:
        sys.exit("\n".join(map(str, error.faults)))
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        sys.exit(f"komek: {'the disk is full: free some space' if full else error}")
    except Exception as error:
        from helpline.store.engine import Unavailable  # slow to import

        if not isinstance(error, Unavailable):
            raise
        from helpline.store.faults import advice

        sys.exit(f"komek: database: {advice(error)}")
