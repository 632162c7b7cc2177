"""A stand-in for Africa's Talking's voice service: it calls phones, and people answer, press keys and hang up.

What each step posts and how an answer is understood follows docs/channels/africastalking.md.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from flask import Flask, Response, jsonify, request

Post = Callable[[dict[str, str]], str]


@dataclass(slots=True)
class Call:
    """One call that we asked for."""

    to: str
    by: str
    spoken: list[str] = field(default_factory=list)
    """The texts that were spoken."""
    dialled: list[dict[str, str]] = field(default_factory=list)
    """Who was then called, and with which caller id."""
    over: bool = False


@dataclass(slots=True)
class Exchange:
    """The exchange."""

    post: Post
    """Sends a form to our address and returns the answer."""
    refuses: str = ""
    """The status with which it refuses a call."""
    calls: dict[str, Call] = field(default_factory=dict)

    def app(self) -> Flask:
        """Return the API: `POST /call`."""
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

    def answer(self, session: str) -> Call:
        """Answer the call."""
        return self._goes_on(session, {"callSessionState": "Answered"})

    def press(self, session: str, keys: str) -> Call:
        """Press keys on the called phone."""
        return self._goes_on(session, {"dtmfDigits": keys})

    def end(self, session: str, cause: str = "NORMAL_CLEARING") -> None:
        """Report the end of a call, with all the fields that AT sends."""
        call = self.calls[session]
        number = call.dialled[-1]["phoneNumbers"] if call.dialled else ""
        last = {"durationInSeconds": "61", "currencyCode": "KES", "amount": "1.5", "dialDestinationNumber": number}
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
                    call.spoken += [str(each.text) for each in step]
                case "Dial":
                    call.dialled.append(dict(step.attrib))
                case "Reject":
                    call.over = True
        return call
