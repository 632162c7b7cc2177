"""A form that is refused shows again what was chosen and typed: only the wrong field has to be filled in once more."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from gateway.console.forms import NOT_KEPT
from helpline.referral import harm_register
from helpline.staff import people
from helpline.staff.roles import Role
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import claimed, shown
from tests.gateway.console.test_marks import LANGUAGE, TEXT
from tests.gateway.console.test_steer import FIRST
from tests.gateway.console.test_watch import stranded
from tests.steps.desk import DESK

WRONG = "nonsense"


@dataclass
class Field:
    """A field that a person fills in, with its choices, and what is chosen now."""

    kind: str
    choices: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


@dataclass
class Filled(HTMLParser):
    """The forms of a page by their addresses: the hidden values and the fields of each."""

    page: str
    hidden: dict[str, dict[str, str]] = field(default_factory=dict)
    fields: dict[str, dict[str, Field]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._form, self._select, self._text = "", "", ""
        self.feed(self.page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a form, a field, or one of its choices."""
        has = {name: value or "" for name, value in attrs}
        name, kind = has.get("name", ""), has.get("type", "text") if tag == "input" else tag
        if tag == "form":
            self._form = has.get("action", "") if has.get("method", "").lower() == "post" else ""
            self.hidden.setdefault(self._form, {})
            self.fields.setdefault(self._form, {})
        elif tag == "option" and self._select:
            self._choice(self._select, has.get("value", ""), is_chosen="selected" in has)
        elif not self._form or not name:
            return
        elif kind == "hidden":
            self.hidden[self._form].setdefault(name, has.get("value", ""))
        elif kind in ("radio", "checkbox"):
            self.fields[self._form].setdefault(name, Field(kind))
            self._choice(name, has.get("value", ""), is_chosen="checked" in has)
        elif kind in ("select", "textarea", "text", "tel", "date", "time"):
            found = self.fields[self._form].setdefault(name, Field(kind))
            found.chosen += [has["value"]] if has.get("value") else []
            self._select, self._text = (name if kind == each else "" for each in ("select", "textarea"))

    def _choice(self, name: str, value: str, *, is_chosen: bool) -> None:
        found = self.fields[self._form][name]
        found.choices.append(value)
        found.chosen += [value] if is_chosen and value else []

    def handle_data(self, data: str) -> None:
        """Record what is in a field with several lines, and an option without a value."""
        if self._text and data.strip():
            self.fields[self._form][self._text].chosen.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        """Record that a field has ended."""
        if tag in ("select", "textarea", "form"):
            self._select, self._text = "", ""
        if tag == "form":
            self._form = ""


def _filled(wanted: Field) -> list[str]:
    """Return what a person chooses: not what the page chose before."""
    choices = [each for each in wanted.choices if each and each not in wanted.chosen] or [
        each for each in wanted.choices if each
    ]
    if wanted.kind in ("select", "radio"):
        return choices[-1:]
    return (
        choices if wanted.kind == "checkbox" else {"date": ["2026-12-24"], "time": ["10:00"]}.get(wanted.kind, ["Ab"])
    )


def _refused(browser: Browser, place: str, action: str, typed: dict[str, list[str]]) -> bool:
    """Send a form of a page, and load the page that answers. Return whether it says that the form was refused."""
    answer = browser.post(action, {**Filled(browser.page).hidden[action], **typed})
    if answer.status_code == 303:
        browser.get(answer.location or place)
    return 'class="refused" role="status"' in browser.page or 'class="faults"' in browser.page


def lost_by(browser: Browser, place: str) -> tuple[set[str], list[str]]:
    """Send each form of a page with one wrong field after the other. Return the forms refused, and what got lost."""
    browser.get(place)
    refused, lost = set[str](), list[str]()
    for action, fields in Filled(browser.page).fields.items():
        shown = {name: each for name, each in fields.items() if action and name not in NOT_KEPT}
        for wrong in shown:
            browser.get(place)
            is_there = action in Filled(browser.page).fields
            typed = {name: _filled(each) for name, each in shown.items()}
            bad = {**typed, wrong: [] if shown[wrong].kind == "checkbox" else [WRONG]}
            if is_there and _refused(browser, place, action, bad):
                del typed[wrong]
                refused.add(action)
                lost += _lost(Filled(browser.page).fields.get(action, {}), typed, f"{action}: {wrong} is wrong")
    return refused, lost


def _lost(after: dict[str, Field], typed: dict[str, list[str]], what: str) -> list[str]:
    """Return the fields that do not show any more what was chosen."""
    kept = {name: sorted(after[name].chosen) for name in typed if name in after}
    return [f"{what}, {name} was {typed[name]}" for name, values in kept.items() if values != sorted(typed[name])]


def test_a_caseworkers_forms_keep_what_was_chosen(office: CaseOffice) -> None:
    id, browser = claimed(office)
    office.worker(office.service_of(id), "colleague")
    shown(browser, id)
    found, gone = set[str](), list[str]()
    for place in (f"/cases/{id}/hand", f"/cases/{id}", "/duty", "/account"):
        refused, lost = lost_by(browser, place)
        found, gone = found | refused, gone + lost
    assert gone == []
    assert f"/cases/{id}/hours" in found


def test_what_was_refused_is_not_chosen_on_another_visit(office: CaseOffice) -> None:
    """A choice that nobody made on this visit must not wait for a careless press."""
    who = office.office.insider(Role.COORDINATOR)
    browser = office.office.signed_in(who)
    place = f"/requests/{stranded(office)}"
    office.prove(who, browser, place)
    give = {"to": DESK, "why": WRONG, "again": "yes"}
    assert _refused(browser, place, f"{place}/give", {name: [each] for name, each in give.items()})
    assert Filled(browser.page).fields[f"{place}/give"]["to"].chosen == [DESK]
    later = Filled(browser.get(place).get_data(as_text=True))
    assert later.fields[f"{place}/give"]["to"].chosen == []


def test_a_coordinators_forms_keep_what_was_chosen(office: CaseOffice) -> None:
    who = office.office.insider(Role.COORDINATOR)
    with office.world.db.write() as tx:
        people.change(tx, who.person.id, {"contact": FIRST})
        harm = harm_register.enter(tx, "", DESK, "call", "somebody", b"k" * 32, frozenset([DESK]))
    request = stranded(office)
    browser = office.office.signed_in(who)
    office.prove(who, browser, "/people")
    mark = f"/reviews/mark?text={TEXT}&language={LANGUAGE}"
    found, gone = set[str](), list[str]()
    for place in (
        f"/requests/{request}",
        "/harm",
        f"/harm/{harm}",
        "/directory/lost",
        mark,
        "/people",
        f"/directory/{DESK}",
        "/directory/new",
    ):
        refused, lost = lost_by(browser, place)
        found, gone = found | refused, gone + lost
    assert gone == []
    wanted = {f"/requests/{request}/give", f"/requests/{request}/block", "/harm/add", "/directory/lost/off", "/people/invite",
              "/directory/new", f"/directory/{DESK}/called", f"/directory/{DESK}/telephone", "/reviews/mark"}  # fmt: skip
    assert wanted - found == set()
