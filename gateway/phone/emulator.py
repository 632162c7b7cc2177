"""An emulator of Africa's Talking's messaging API, for the demo and tests. It answers like recordings of the real API.

Messages go to `Inboxes`, `Receipts` sends delivery reports, and `Switches` make it fail in the ways of the real API.
To run it alone: `python -m gateway.phone.emulator --port 5077 --callback http://127.0.0.1:8000/in/…`.
"""

import argparse
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated

from flask import Blueprint, Flask, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.serving import make_server

from gateway.phone.inboxes import Inboxes
from gateway.phone.receipts import Post, Receipts, When, post_to
from helpline.core import log
from menus.gsm7 import parts

REQUIRED = ("username", "to", "message")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


class Switches(BaseModel):
    """How the gateway misbehaves. With all switches off it works well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unauthorized: bool = False
    """401, text/plain: wrong key."""
    empty_recipients: bool = False
    """201 without recipients: AT refuses a sender id this way."""
    server_error: bool = False
    odd_content_type: bool = False
    """`application/json; charset=utf-8`, which AT's SDK returns as a `str`."""
    timeout_after_taking: Annotated[float, Field(ge=0, le=60)] = 0
    """Seconds without an answer after taking the message."""
    undelivered: bool = False
    """The last delivery report says `Failed`."""
    receipts: When = When.ON_TIME


def _new_id() -> str:
    return f"ATXid_{secrets.token_hex(16)}"


@dataclass(slots=True)
class Emulator:
    """The state of the gateway. `sleep` waits some seconds, `new_id` makes a message id."""

    inboxes: Inboxes
    receipts: Receipts
    switches: Switches = field(default_factory=Switches)
    new_id: Callable[[], str] = _new_id
    sleep: Callable[[float], object] = time.sleep
    by_ref: dict[str, str] = field(default_factory=dict)
    """The texts that came by `texts`: the sender's own id of each, and ours."""

    def messaging(self) -> Response:
        """`POST /version1/messaging`: take a message for each number in `to`, or fail according to the switches."""
        switches = self.switches
        if switches.server_error:
            return _plain("The service is currently unavailable", 500)
        if switches.unauthorized or not request.headers.get("apiKey"):
            return _plain("The supplied authentication is invalid", 401)
        missing = next((name for name in REQUIRED if not request.form.get(name)), None)
        if missing:
            return _plain(f"Request is missing required form field '{missing}'", 400)
        if switches.empty_recipients:
            return self._answer("InvalidSenderId", [])
        recipients = [self._take(number, switches) for number in request.form["to"].split(",")]
        if switches.timeout_after_taking:
            self.sleep(switches.timeout_after_taking)
        taken = sum(recipient["statusCode"] != 403 for recipient in recipients)
        cost, weight = 0.0079 * taken, len(parts(request.form["message"]))
        said = f"Sent to {taken}/{len(recipients)} Total Cost: USD {cost:.4f} Message parts: {weight}"
        return self._answer(said, recipients)

    def texts(self) -> Response:
        """`POST /texts`: take a text of the channel `emulator`, the same `ref` only once."""
        form, switches = request.form, self.switches
        if switches.server_error:
            return _plain("The service is currently unavailable", 500)
        if not _NUMBER.fullmatch(form.get("to", "")) or not form.get("text") or not form.get("ref"):
            return _plain("to, text and ref are needed", 400)
        if form["ref"] not in self.by_ref:
            message = self.inboxes.put(self.new_id(), form["to"], form.get("from", ""), form["text"])
            self.by_ref[form["ref"]] = message.id
        if switches.timeout_after_taking:
            self.sleep(switches.timeout_after_taking)
        return jsonify(id=self.by_ref[form["ref"]])

    def switch(self) -> tuple[Response, int]:
        """`POST /switches`: change some switches with a JSON object. The answer lists all faults."""
        given = request.get_json()
        try:
            self.switches = Switches.model_validate({**self.switches.model_dump(), **given})
        except (ValidationError, TypeError) as error:
            faults = error.errors() if isinstance(error, ValidationError) else [{"loc": (), "msg": "not an object"}]
            return jsonify(faults=[f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults]), 400
        return self.shown(), 200

    def shown(self) -> Response:
        """`GET /switches`: the present switches."""
        return jsonify(self.switches.model_dump(mode="json"))

    def _take(self, number: str, switches: Switches) -> dict[str, str | int]:
        if not _NUMBER.fullmatch(number):
            refused = {"cost": "0", "messageId": "None", "number": number, "status": "InvalidPhoneNumber"}
            return {**refused, "statusCode": 403}
        message = self.inboxes.put(self.new_id(), number, request.form.get("from", ""), request.form["message"])
        self.receipts.plan(message.id, number, switches.receipts, delivered=not switches.undelivered)
        code = 102 if request.form.get("enqueue") else 101
        taken = {"cost": f"KES {0.8 * message.parts:.4f}", "messageId": message.id, "number": number}
        return {**taken, "status": "Success", "statusCode": code}

    def _answer(self, message: str, recipients: Sequence[dict[str, str | int]]) -> Response:
        answer = jsonify(SMSMessageData={"Message": message, "Recipients": recipients})
        answer.status_code = 201
        if self.switches.odd_content_type:
            answer.content_type = "application/json; charset=utf-8"
        return answer


def _plain(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain")


def emulator(gateway: Emulator, prefix: str = "") -> Blueprint:
    """Make the endpoints of an emulator below `prefix`, which a sender's base address ends with."""
    blueprint = Blueprint("emulator", __name__, url_prefix=prefix or None)
    blueprint.add_url_rule("/version1/messaging", view_func=gateway.messaging, methods=["POST"])
    blueprint.add_url_rule("/texts", view_func=gateway.texts, methods=["POST"])
    blueprint.add_url_rule("/switches", "switch", gateway.switch, methods=["POST"])
    blueprint.add_url_rule("/switches", "switches", gateway.shown)
    return blueprint


def alone(post: Post) -> Flask:
    """Make an app with only an emulator. Its inboxes can be read at `/inbox?number=…`."""
    inboxes = Inboxes()
    gateway = Emulator(inboxes, Receipts(inboxes, post))
    gateway.receipts.start()
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(emulator(gateway))
    app.add_url_rule("/inbox", "inbox", lambda: jsonify([asdict(m) for m in inboxes.of(request.args["number"])]))
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run an emulator on this machine until stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.phone.emulator", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--port", type=int, default=5077, help="on 127.0.0.1 (default: %(default)s)")
    parser.add_argument("--callback", default="", help="post delivery reports to this address (default: none)")
    given = parser.parse_args(arguments)
    log.set_up()
    app = alone(post_to(given.callback) if given.callback else _nowhere)
    server = make_server("127.0.0.1", given.port, app, threaded=True)
    print(f"emulator of Africa's Talking on http://127.0.0.1:{server.port}", flush=True)
    print("POST /version1/messaging · POST /switches · GET /inbox?number=%2B…", flush=True)
    server.serve_forever()


def _nowhere(_form: object) -> None:
    """Post no report."""


if __name__ == "__main__":
    main()
