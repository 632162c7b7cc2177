"""What a template asks its gateway: a token first, then texts, receipts and the balance.

The answers are written as clients of the providers describe them. None is a recording of a real provider.
"""

import json
import os
from contextlib import suppress
from dataclasses import replace
from inspect import signature
from itertools import count
from threading import Thread
from urllib.parse import parse_qs

import pytest
from flask import Response

from gateway.channels import http, template_asking
from gateway.channels.africastalking import AfricasTalking
from gateway.channels.bodies import parse
from gateway.channels.template_asking import WITH_LOGIN_SECONDS, Asking
from helpline.core import gateway_template
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Delivery, Receipt, SendFailed
from helpline.store.outbox import IN_HAND
from tests.gateway.test_templates import DIGITS, NUMBER, Provider, asking, provider

__all__ = ["provider"]

TOKEN = '{{"message": "token_generated", "data": {{"token": "{}"}}, "token_type": "bearer"}}'
OF_CLIENT = signature(AfricasTalking).parameters["timeout_seconds"].default
WAITING = '{"id": "e-1", "status": "waiting", "message": "Waiting for SMS provider"}'
OVER = Response('{"status": "token-invalid"}', 401)


def answer(provider: Provider, *answers: str | Response) -> None:
    provider.answers += [Response(each) if isinstance(each, str) else each for each in answers]


def paths(provider: Provider) -> list[str]:
    return [path.partition("?")[0] for path, _, _ in provider.got]


def send(asks: Asking) -> str:
    return asks.send(msisdn(NUMBER), "Көмек", "ref1", "")


def test_one_log_in_serves_many_texts(provider: Provider) -> None:
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1"), WAITING, WAITING)
    assert [send(asks), send(asks)] == ["e-1", "e-1"]
    assert paths(provider) == ["/api/auth/login", *["/api/message/sms/send"] * 2]
    assert parse_qs(provider.got[0][2].decode()) == {"email": ["s3cret-login"], "password": ["s3cret-password"]}
    assert [head["Authorization"] for _, head, _ in provider.got[1:]] == ["Bearer t1"] * 2
    sent = parse_qs(provider.got[1][2].decode())
    assert sent == {"mobile_phone": [DIGITS], "message": ["Көмек"], "from": ["4040"]}
    assert "t1" not in repr(asks)


def in_a_child(asks: Asking) -> None:
    """Send a text as a worker does: in a process that is forked for one job."""
    pid = os.fork()
    if pid == 0:
        with suppress(Exception):
            send(asks)
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_one_log_in_serves_the_texts_of_many_jobs(provider: Provider) -> None:
    """What one child has logged in for, the next one uses. A token that is over is replaced for all."""
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1" * 1_000), WAITING, WAITING, OVER, TOKEN.format("t2"), WAITING, WAITING)
    for _ in range(4):
        in_a_child(asks)
    given = [head.get("Authorization") for _, head, _ in provider.got]
    first, second = f"Bearer {'t1' * 1_000}", "Bearer t2"
    assert given == [None, first, first, first, None, second, second]


def test_a_token_that_is_over_is_fetched_again_and_the_text_goes_once(provider: Provider) -> None:
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1"), WAITING, OVER, TOKEN.format("t2"), WAITING)
    assert [send(asks), send(asks)] == ["e-1", "e-1"]
    assert [head.get("Authorization") for _, head, _ in provider.got] == [
        None,
        "Bearer t1",
        "Bearer t1",
        None,
        "Bearer t2",
    ]


def test_a_token_that_a_fault_was_answered_to_is_not_used_again(provider: Provider) -> None:
    """A client of Eskiz has seen 500 for a token that is over. With the same one each text would fail for ever."""
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1"), Response("", 500), TOKEN.format("t2"), WAITING)
    with pytest.raises(SendFailed) as caught:
        send(asks)
    assert (caught.value.retry, caught.value.unknown) == (True, False)
    assert send(asks) == "e-1"
    assert [head.get("Authorization") for _, head, _ in provider.got] == [None, "Bearer t1", None, "Bearer t2"]


def test_a_gateway_that_takes_no_token_is_asked_twice_and_no_more(provider: Provider) -> None:
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1"), OVER, TOKEN.format("t2"), OVER)
    with pytest.raises(SendFailed) as caught:
        send(asks)
    assert (caught.value.retry, caught.value.unknown) == (False, False)
    assert len(provider.got) == 4


LOGINS = [
    (Response('{"message": "Unauthorized"}', 401), "Login HTTP 401"),
    (Response("", 504), "Login HTTP 504"),
    (Response("<html>Welcome</html>"), "Login UnclearAnswer"),
    (Response('{"data": {}}'), "Login UnclearAnswer"),
    (Response('{"data": {"token": "a\\nb"}}'), "Login UnclearAnswer"),
    (Response('{"data": {"token": "' + "a" * 10_000 + '"}}'), "Login UnclearAnswer"),
    (Response("", 302, {"Location": "http://192.0.2.1/"}), "Login HTTP 302"),
]


@pytest.mark.parametrize(("refused", "reason"), LOGINS, ids=[each[1] + str(at) for at, each in enumerate(LOGINS)])
def test_a_failed_log_in_is_no_doubt_about_the_text(provider: Provider, refused: Response, reason: str) -> None:
    """It may be tried again, and by another channel: no text has gone."""
    answer(provider, refused)
    with pytest.raises(SendFailed) as caught:
        send(asking(provider, "eskiz"))
    assert (caught.value.reason, caught.value.retry, caught.value.unknown) == (reason, True, False)
    assert "s3cret" not in repr(caught.value)
    assert paths(provider) == ["/api/auth/login"]


def test_four_threads_log_in_once(provider: Provider) -> None:
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1"), *[WAITING] * 4)
    threads = [Thread(target=send, args=(asks,)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert paths(provider).count("/api/auth/login") == 1
    assert paths(provider).count("/api/message/sms/send") == 4


def timed(asks: Asking, each: float) -> Asking:
    """Return the same, with a clock that is so many seconds later whenever it is read."""
    return replace(asks, seconds=count(0.0, each).__next__)


def test_a_text_is_not_begun_if_the_log_in_took_too_long(provider: Provider) -> None:
    """The next text to the recipient does not wait so long. This one goes later, with the token that there is now."""
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1"), WAITING)
    with pytest.raises(SendFailed) as caught:
        send(timed(asks, 3.0))
    assert (caught.value.reason, caught.value.retry, caught.value.unknown) == ("Login TooSlow", True, False)
    assert paths(provider) == ["/api/auth/login"]
    assert send(asks) == "e-1"
    assert paths(provider)[1:] == ["/api/message/sms/send"]


def test_a_text_that_was_refused_for_its_token_is_tried_later_if_no_time_is_left(provider: Provider) -> None:
    asks = asking(provider, "eskiz")
    answer(provider, TOKEN.format("t1"), WAITING, OVER)
    send(asks)
    with pytest.raises(SendFailed) as caught:
        send(timed(asks, 3.0))
    assert (caught.value.reason, caught.value.retry, caught.value.unknown) == ("Login TooSlow", True, False)
    assert len(provider.got) == 3


def test_a_text_does_not_wait_for_the_log_in_of_another_thread_for_long(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_asking, "LEAST_SECONDS", 0.0)
    asks = timed(asking(provider, "eskiz"), WITH_LOGIN_SECONDS)
    with asks.token.lock, pytest.raises(SendFailed) as caught:
        send(asks)
    assert (caught.value.reason, caught.value.retry, caught.value.unknown) == ("Login TooSlow", True, False)
    assert provider.got == []


@pytest.mark.parametrize("seconds", [WITH_LOGIN_SECONDS, http.MOST_SECONDS, sum(OF_CLIENT)])
def test_r33_other_texts_to_a_recipient_wait_longer_than_any_gateway_takes(seconds: float) -> None:
    """Otherwise *do not call* could arrive before the number."""
    assert seconds + 2 < IN_HAND.total_seconds()


REPORTED = [("DELIVERED", Delivery.DELIVERED), ("DELIVRD", Delivery.DELIVERED), ("WAITING", Delivery.SENT),
            ("TRANSMTD", Delivery.SENT), ("UNDELIV", Delivery.FAILED), ("UNDELIVERED", Delivery.FAILED),
            ("REJECTED", Delivery.FAILED), ("REJECTD", Delivery.FAILED), ("EXPIRED", Delivery.FAILED),
            ("DELETED", Delivery.FAILED), ("FAILED", Delivery.FAILED), ("something else", None)]  # fmt: skip


@pytest.mark.parametrize(("word", "status"), REPORTED)
def test_eskiz_is_asked_about_one_text_at_a_time(provider: Provider, word: str, status: Delivery | None) -> None:
    answer(provider, TOKEN.format("t1"), *[json.dumps({"status": "success", "data": {"id": 1, "status": word}})] * 2)
    assert asking(provider, "eskiz").poll(["e-1", "a/b?c"]) == [Receipt("e-1", status), Receipt("a/b?c", status)]
    assert paths(provider)[1:] == ["/api/message/sms/status_by_id/e-1", "/api/message/sms/status_by_id/a/b?c"] or (
        paths(provider)[1] == "/api/message/sms/status_by_id/e-1"
    )


REPORTS = [("0", Delivery.SENT), ("1", Delivery.SENT), ("2", Delivery.FAILED), ("3", Delivery.DELIVERED),
           ("4", Delivery.FAILED), ("5", Delivery.FAILED), ("6", None), ("7", None)]  # fmt: skip


@pytest.mark.parametrize(("number", "status"), REPORTS)
def test_nikita_is_asked_by_our_id(provider: Provider, number: str, status: Delivery | None) -> None:
    answer(
        provider,
        '<?xml version="1.0"?><response><status>0</status>'
        f"<phone><number>{DIGITS}</number><report>{number}</report><sendTime>20261130120000</sendTime><rcvTime/>"
        "</phone></response>",
    )
    assert asking(provider, "nikita").poll(["ref1"]) == [Receipt("ref1", status)]
    assert parse("xml", provider.got[0][2]) == {
        "dr": {"login": "s3cret-login", "pwd": "s3cret-password", "id": "ref1", "#": ""}
    }


def test_nikita_knows_nothing_of_a_text(provider: Provider) -> None:
    answer(provider, "<response><status>4</status></response>")
    assert asking(provider, "nikita").poll(["ref1"]) == []


def test_mobizon_is_asked_about_many_texts_at_once(provider: Provider) -> None:
    """Reports about texts that were not asked for are left out."""
    told = [{"id": "11", "status": "DELIVRD"}, {"id": "12", "status": "UNDELIV"}, {"id": "99", "status": "DELIVRD"}]
    answer(provider, json.dumps({"code": 0, "data": told, "message": ""}))
    found = asking(provider, "mobizon").poll(["11", "12", "13"])
    assert found == [Receipt("11", Delivery.DELIVERED), Receipt("12", Delivery.FAILED)]
    path, _, body = provider.got[0]
    assert parse_qs(path.partition("?")[2]) == {"output": ["json"], "api": ["v1"], "apiKey": ["s3cret-api_key"]}
    assert parse_qs(body.decode()) == {"ids": ["11,12,13"]}


STATES = [("NEW", Delivery.SENT), ("ENQUEUD", Delivery.SENT), ("ACCEPTD", Delivery.SENT), ("ACCEPTED", Delivery.SENT),
          ("PDLIVRD", Delivery.SENT), ("DELIVRD", Delivery.DELIVERED), ("UNDELIV", Delivery.FAILED),
          ("REJECTD", Delivery.FAILED), ("EXPIRED", Delivery.FAILED), ("DELETED", Delivery.FAILED),
          ("something else", None)]  # fmt: skip


@pytest.mark.parametrize(("word", "status"), STATES)
def test_each_state_of_mobizon(provider: Provider, word: str, status: Delivery | None) -> None:
    answer(provider, json.dumps({"code": 0, "data": [{"id": "11", "status": word}]}))
    assert asking(provider, "mobizon").poll(["11"]) == [Receipt("11", status)]


OSON = [("ENROUTE", Delivery.SENT), ("ACCEPTED", Delivery.SENT), ("DELIVERED", Delivery.DELIVERED),
        ("EXPIRED", Delivery.FAILED), ("DELETED", Delivery.FAILED), ("UNDELIVERABLE", Delivery.FAILED),
        ("REJECTED", Delivery.FAILED), ("UNKNOWN", None), ("something else", None)]  # fmt: skip


@pytest.mark.parametrize(("word", "status"), OSON)
def test_each_state_of_osonsms(provider: Provider, word: str, status: Delivery | None) -> None:
    """Its older client reads another field than its newer ones. Each question has an id of its own."""
    answer(provider, json.dumps({"status": "ok", "message_state": word}), json.dumps({"status": word}))
    asks = asking(provider, "osonsms")
    assert [*asks.poll(["11"]), *asks.poll(["11"])] == [Receipt("11", status)] * 2
    asked = [parse_qs(path.partition("?")[2]) for path, _, _ in provider.got]
    assert [(each["login"], each["msg_id"]) for each in asked] == [(["s3cret-login"], ["11"])] * 2
    assert asked[0]["txn_id"] != asked[1]["txn_id"]
    assert provider.got[0][1]["Authorization"] == "Bearer s3cret-api_key"


POLLED = [("eskiz", REPORTED), ("mobizon", STATES), ("nikita", REPORTS), ("osonsms", OSON)]


@pytest.mark.parametrize(("name", "rows"), POLLED)
def test_each_state_of_a_template_has_its_row(name: str, rows: list[tuple[str, Delivery | None]]) -> None:
    poll = gateway_template.load(name).poll
    assert poll is not None
    assert {word for word, status in rows if status} == poll.statuses.keys()


def test_a_question_that_fails_keeps_the_answers_before_it(provider: Provider) -> None:
    report = "<response><status>0</status><phone><report>3</report></phone></response>"
    answer(provider, report, Response("", 500))
    assert asking(provider, "nikita").poll(["a", "b", "c"]) == [Receipt("a", Delivery.DELIVERED)]
    assert len(provider.got) == 2


SILENT = [Response("<html>"), Response("", 500), Response("", 302), Response("[" * 9000)]


@pytest.mark.parametrize("odd", SILENT, ids=["html", "500", "redirect", "bomb"])
def test_an_odd_answer_about_receipts_changes_nothing(provider: Provider, odd: Response) -> None:
    answer(provider, odd)
    try:
        found = list(asking(provider, "mobizon").poll(["11"]))
    except SendFailed:
        found = []
    assert found == []


BALANCES = [
    ("eskiz", '{"data": {"balance": 4321}}', 4321),
    ("nikita", '<response xmlns="http://Giper.mobi/schema/Info"><status>0</status><state>0</state>'
               "<account>20123.12</account><smsprice>0.50</smsprice></response>", 20123.12),
    ("mobizon", '{"code": 0, "data": {"balance": "84.7500", "currency": "KZT"}}', 84.75),
    ("mobizon", '{"code": 0, "data": {"balance": -1.5}}', -1.5),
    ("smsc", '{"balance": "84.75", "currency": "KZT"}', 84.75),
    ("osonsms", '{"balance": 123.45, "timestamp": "2026-11-24 10:00:00"}', 123.45),
]  # fmt: skip


@pytest.mark.parametrize(("name", "told", "amount"), BALANCES)
def test_balances(provider: Provider, name: str, told: str, amount: float) -> None:
    if name == "eskiz":
        answer(provider, TOKEN.format("t1"))
    answer(provider, told)
    assert asking(provider, name).balance() == amount


UNCLEAR = ["<html>", '{"data": {"balance": "much"}}', '{"data": {}}', '{"data": {"balance": null}}', "[]",
           '{"data": {"balance": true}}', '{"data": {"balance": NaN}}', '{"data": {"balance": "\\ud800"}}']  # fmt: skip


@pytest.mark.parametrize("told", UNCLEAR)
def test_an_unclear_balance_is_none(provider: Provider, told: str) -> None:
    answer(provider, told)
    with pytest.raises(SendFailed):
        asking(provider, "mobizon").balance()


def test_a_lone_surrogate_in_an_answer_is_an_unclear_answer(provider: Provider) -> None:
    """It must not end as an error of our own, after which the text would be sent again and again."""
    answer(provider, '{"code": "\\ud800"}')
    with pytest.raises(SendFailed) as caught:
        send(asking(provider, "mobizon"))
    assert caught.value.unknown
