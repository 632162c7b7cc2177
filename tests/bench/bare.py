"""What a hop is measured against: Flask, one view that reads the form, a constant answer. Served as our web is."""

from flask import Flask, request

ANSWER = "CON Somebody will call you. Delete this message."


def bare() -> Flask:
    """Make the app: what granian starts."""
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/ussd", view_func=answer, methods=["POST"])
    return app


def answer() -> str:
    """Read what a gateway sends, and say always the same."""
    _ = request.form["sessionId"], request.form["phoneNumber"], request.form["text"]
    return ANSWER
