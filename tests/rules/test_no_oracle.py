"""R49: no limit tells who holds a phone what was done on it before, and none locks its owner out.

Two services are compared. In one, a stranger has used the owner's phone. In the other, the phone was left alone. After
that the owner does the same in both, and must read the same to the last byte. Only code and word open what the phone's
own request says (R27, R48).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpline.caller import blocks
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store.schema import message
from tests.conftest import Databases
from tests.steps.by_day import examples
from tests.steps.caller import code_of, save_draft
from tests.world import CALL_ME, CALLER, HOME, SEE, STOPPED, WITHDRAW, World

THIRD = "0700111005"
"""A number that the caller types, as one to call."""
WITHHELD, FOREIGN = "anonymous", "+14155550100"
WITH_CODE = (
    SEE,
    WITHDRAW,
    (*HOME, "9", "2", "2", "1"),
    (*HOME, "9", "2", "9", "1", "0", "0", "0", "0"),
    (*HOME, "9", "2", "9", "2", "1"),
)
"""The paths to the code: news, withdrawal, another hour, permissions, feedback."""
OWN = "own"
"""The session of the request that the owner made before everything else."""
ONCE_SMS = ("help", "1", "1")


GO_ON = "the key that is shown"
ASK = (*CALL_ME, GO_ON, "1")
USSD: dict[str, tuple[str, ...]] = {
    "ask": (*ASK, "0"),
    "ask and hang up": ASK,
    "danger": (*HOME, "1", "2", GO_ON, "1", "0"),
    "another number": (*ASK, "1", "0", "0", "0", "0", "0", "0", "1", "1", "9", "3", THIRD, "1", "1"),
    "refuse": (*CALL_ME, "0"),
    "take back": (*ASK, "00"),
    "stop": STOPPED,
    **{f"guess {at}": (*path, "000000", "1") for at, path in enumerate(WITH_CODE)},
}
"""What can be done in a call: the name, and the keys."""


class Phone:
    """The phone in one of the two services. Its sessions have the same ids in both."""

    def __init__(self, world: World, number: str) -> None:
        self.world, self.number = world, number
        if number == CALLER:
            save_draft(world, session=OWN, caller=number)
        world.run()

    def does(self, name: str, session: str) -> list[str]:
        """Make a call or write texts. Return what can be read on the phone."""
        match name:
            case "sms":
                return self.texts(session)
            case "stop by sms":
                return self.texts(session, ["стоп"])
            case _:
                return self.calls(name, session)

    def calls(self, name: str, session: str) -> list[str]:
        """Make a call, as far as it goes. Return the screens."""
        call = self.world.dial(self.number, session)
        for key in USSD[name]:
            if not call.reply.last:
                call.agree() if key == GO_ON else call.press(key)
        self.world.run()
        return call.seen

    def texts(self, session: str, texts: Sequence[str] = ONCE_SMS) -> list[str]:
        """Write some texts. Return the replies, with the drawn words left out."""
        before = len(self.world.inbox(self.number))
        for at, text in enumerate(texts):
            self.world.public.sms("at", IncomingSms(f"{session}-{at}", msisdn(self.number), Hidden(text)))
            self.world.run()
        return [self.without_words(text) for text in self.world.inbox(self.number)[before:]]

    def without_words(self, text: str) -> str:
        """Leave out the two words. The session of an SMS dialogue is random, and so are they."""
        for row in self.world.rows(message):
            if row.notice == "to_caller.kept":
                local = self.world.public.ctx.book.locals[row.language]
                our_word = local.our_words[row.values["ours"] % len(local.our_words)]
                for word in (local.lists["words"][row.values["word"]][1], our_word):
                    text = text.replace(word, "…")
        return text

    def opens(self, path: Sequence[str]) -> str:
        """Type the right code and word of the owner's first request. Return the screen."""
        code, word = code_of(self.world, OWN)
        shown = self.world.dial(self.number).press(*path, code, str(word + 1)).text
        self.world.run()
        return shown

    def wrong_code(self) -> str:
        """Return the screen of a code that opens nothing."""
        return self.world.public.ctx.book.notice("ru", "status.unknown")


STRANGER = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(sorted(USSD)), st.sampled_from((1, 1, 2, 4))),
        st.tuples(st.sampled_from(("guess 0", "guess 1")), st.sampled_from((5, 21))),
        st.tuples(st.just("wait"), st.integers(1, 90)),
    ),
    max_size=5,
)
OWNER = st.lists(st.sampled_from((*sorted(USSD), "sms", "stop by sms")), min_size=1, max_size=4, unique=True)
NUMBERS = st.sampled_from((CALLER, CALLER, WITHHELD, FOREIGN))


@contextmanager
def phones(new: Databases, *numbers: str) -> Iterator[list[Phone]]:
    """Yield one phone for each number, each in a service of its own."""
    databases = [new() for _ in numbers]
    yield [Phone(World.on(db, page_again_minutes=720), number) for db, number in zip(databases, numbers, strict=True)]
    for db in databases:
        db.dispose()


def be_used(used: Phone, others: Sequence[Phone], does: Sequence[tuple[str, int]], sms: bool) -> None:
    """A stranger uses one of the phones. Time passes for all."""
    for at, (name, times) in enumerate(does):
        if name == "wait":
            for phone in (used, *others):
                phone.world.wait(minutes=times)
        else:
            for again in range(times):
                used.calls(name, f"stranger-{at}-{again}")
    if sms and used.number != WITHHELD:
        used.texts("stranger")


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(NUMBERS, STRANGER, st.booleans(), OWNER)
@example(CALLER, [("ask", 1)], False, ["ask", "ask and hang up", "danger", "another number"]).via("requests of a day")
@example(CALLER, [("ask", 4)], False, ["sms"]).via("requests of a day, by SMS")
@example(CALLER, [("another number", 1)], False, ["another number"]).via("another number")
@example(CALLER, [("guess 0", 21)], False, ["guess 0", "guess 1", "guess 2"]).via("wrong codes")
@example(CALLER, [], True, ["ask", "ask and hang up", "danger"]).via("a request by SMS")
def test_r49_a_used_and_an_unused_phone_read_the_same(
    new_sqlite: Databases, number: str, does: list[tuple[str, int]], sms: bool, then: list[str]
) -> None:
    """Whatever a stranger did with it before, in any order."""
    with phones(new_sqlite, number, number) as (used, unused):
        be_used(used, [unused], does, sms)
        for at, name in enumerate(then):
            assert used.does(name, f"owner-{at}") == unused.does(name, f"owner-{at}"), name


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STRANGER, st.booleans(), st.integers(0, 9), st.sampled_from(WITH_CODE))
@example([("guess 0", 21), ("stop", 1), ("ask", 4)], True, 0, SEE).via("all that locked the owner out")
def test_r49_the_owner_opens_their_request_within_ten_minutes(
    new_sqlite: Databases, does: list[tuple[str, int]], sms: bool, wrong: int, path: tuple[str, ...]
) -> None:
    """Whatever a stranger did on the same phone, and the owner mistyped. Then the owner can withdraw."""
    with phones(new_sqlite, CALLER) as (phone,):
        be_used(phone, [], does, sms)
        for at in range(wrong):
            phone.calls("guess 0", f"owner-{at}")
            phone.world.wait(minutes=1)
        phone.world.wait(minutes=10)
        assert phone.opens(path) != phone.wrong_code()
        assert phone.opens(WITHDRAW) == phone.world.public.ctx.book.notice("ru", "status.withdrawn")
        assert phone.opens(SEE) == phone.world.public.ctx.book.notice("ru", "status.withdrawn")


@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(OWNER)
@example([*sorted(USSD), "sms"]).via("everything")
def test_r49_a_blocked_phone_reads_what_one_reads_that_cannot_be_called(new_sqlite: Databases, then: list[str]) -> None:
    """In every screen that a hidden number sees, and every text that a foreign one gets.

    A foreign number sees the emergency numbers of where it is, and a hidden one those of home.
    """
    with phones(new_sqlite, CALLER, WITHHELD, FOREIGN) as (blocked, hidden, foreign):
        salt, now = b"s" * 16, blocked.world.clock()
        with blocked.world.db.write(now) as tx:
            mac = blocks.slow_hash(msisdn(CALLER), salt)
            blocks.insert(tx, salt, mac, now + timedelta(days=7), "plays with us", "aida")
        for at, name in enumerate(then):
            other = foreign if "sms" in name else hidden
            assert blocked.does(name, f"s{at}") == other.does(name, f"s{at}"), name
