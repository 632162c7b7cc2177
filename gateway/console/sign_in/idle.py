"""How long a session still lasts unused. A script of each page asks, and warns before the person is signed out."""

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from helpline.staff.roles import Permission


def add_endpoints(endpoints: Endpoints) -> None:
    """Register what the script asks, and what its button uses to stay signed in."""
    endpoints.add("/idle", seconds_left, Permission.ACCOUNT, quiet=True)
    endpoints.add("/stay", stay, Permission.ACCOUNT)


def seconds_left(visit: Visit) -> Response:
    """Return the seconds until the session ends if nobody uses it. Another tab may have used it."""
    sign_in, session = visit.console.sign_in, visit.session
    ends = min(session.seen + sign_in.idle, session.until)
    left = max(int((ends - sign_in.now()).total_seconds()), 0)
    return Response(f"{left}", content_type="text/plain; charset=utf-8")


def stay(_: Visit) -> Response:
    """Return an empty text: the request itself counts as use of the session."""
    return Response("", content_type="text/plain; charset=utf-8")
