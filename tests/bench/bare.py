"""The baseline of a hop: Flask, one view that reads the form, and a constant answer. It is served as our web is."""

from flask import Flask, request

ANSWER = "CON Somebody will call you. Delete this message."


def bare() -> Flask:
    """Return the app to serve."""
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/ussd", view_func=answer, methods=["POST"])
    return app


def answer() -> str:
    """Read what a gateway sends and return a constant answer."""
    _ = request.form["sessionId"], request.form["phoneNumber"], request.form["text"]
    return ANSWER
