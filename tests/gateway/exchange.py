"""A stand-in for Africa's Talking's voice: it rings telephones, and people take them, press keys and hang up.

What each step posts, and what is understood of an answer, is as docs/channels/africastalking.md has it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from flask import Flask, Response, jsonify, request

Post = Callable[[dict[str, str]], str]


@dataclass(slots=True)
class Call:
    """One call that we had it make. `said`: what was spoken; `dialled`: whom it rang then, and as whom."""

    to: str
    by: str
    said: list[str] = field(default_factory=list)
    dialled: list[dict[str, str]] = field(default_factory=list)
    over: bool = False


@dataclass(slots=True)
class Exchange:
    """`post` sends a form to our address and gives the answer. `refuses`: what a call is refused with."""

    post: Post
    refuses: str = ""
    calls: dict[str, Call] = field(default_factory=dict)

    def app(self) -> Flask:
        """Make the API: `POST /call`."""
        app = Flask(__name__)
        app.add_url_rule("/call", view_func=self._call, methods=["POST"])
        return app

    def _call(self) -> Response:
        if not request.headers.get("apiKey"):
            return Response("The supplied authentication is invalid", 401, content_type="text/plain")
        to, session = request.form["to"], f"ATVId_{secrets.token_hex(16)}"
        if self.refuses:
            return jsonify(entries=[{"phoneNumber": to, "status": self.refuses, "sessionId": "None"}])
        self.calls[session] = Call(to, request.form["from"])
        return jsonify(entries=[{"phoneNumber": to, "status": "Queued", "sessionId": session}], errorMessage="None")

    def takes(self, session: str) -> Call:
        """Answer the call."""
        return self._goes_on(session, {"callSessionState": "Answered"})

    def presses(self, session: str, keys: str) -> Call:
        """Press keys on the called telephone."""
        return self._goes_on(session, {"dtmfDigits": keys})

    def ends(self, session: str, cause: str = "NORMAL_CLEARING") -> None:
        """Report the end of a call, with all the fields that AT sends."""
        call = self.calls[session]
        rung = call.dialled[-1]["phoneNumbers"] if call.dialled else ""
        last = {"durationInSeconds": "61", "currencyCode": "KES", "amount": "1.5", "dialDestinationNumber": rung}
        assert "<Reject/>" in self.post({**self._form(session, "0"), **last, "hangupCause": cause})
        call.over = True

    def _form(self, session: str, active: str) -> dict[str, str]:
        call = self.calls[session]
        who = {"callerNumber": call.to, "destinationNumber": call.by, "direction": "Outbound"}
        return {"isActive": active, "sessionId": session, **who}

    def _goes_on(self, session: str, more: dict[str, str]) -> Call:
        call = self.calls[session]
        for step in ElementTree.fromstring(self.post({**self._form(session, "1"), **more})):  # noqa: S314  # our own
            match step.tag:
                case "GetDigits":
                    call.said += [str(each.text) for each in step]
                case "Dial":
                    call.dialled.append(dict(step.attrib))
                case "Reject":
                    call.over = True
        return call
