"""What figures are called: kinds, places, services, months, times, in the language of whoever reads them."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpline.console_texts import ConsoleTexts
from helpline.country import CountryData
from helpline.figures import OTHER
from helpline.languages import LANGUAGES, base_of
from helpline.monthly import DAY, NO_SERVICE, SCREEN, STEPS_MINUTES, TO_THE_END

HOURS, DAYS = 60, 1440
SECTION = "figures"


@dataclass(frozen=True, slots=True)
class Labels:
    """`services`: the name of each service that is in the directory, by its id."""

    texts: ConsoleTexts
    country: CountryData
    language: str
    services: Mapping[str, str]

    def say(self, text: str, **values: str) -> str:
        """Say a text of `console.figures`."""
        return self.texts.say(self.language, f"{SECTION}.{text}", values)

    def kind(self, name: str, kind: str) -> str:
        """Give what a kind is called; what has no name stands for itself."""
        if kind == OTHER:
            return self.say("others")
        if name == "language":
            return LANGUAGES[kind].name if kind in LANGUAGES else kind
        if name == DAY:
            return "–".join(str(int(day)) for day in kind.split("-"))
        if name == SCREEN:
            return self.say("to_the_end") if kind == TO_THE_END else kind
        if kind == NO_SERVICE:
            return self.say("no_service")
        if name == "service":
            return self.services.get(kind) or self.say("was_there")
        if f"console.{SECTION}.{name}.{kind}" in self.texts.english:
            return self.say(f"{name}.{kind}")
        return self._place(kind) if name == "region" else kind

    def _place(self, code: str) -> str:
        spoken = base_of(self.texts.spoken(self.language, SECTION))
        named = {each.code: each.name for each in self.country.regions} | {
            each.code: each.name for each in self.country.abroad
        }
        names = named.get(code, {})
        return names.get(spoken) or names.get("en") or code

    def step(self, minutes: int) -> str:
        """Give a time in words."""
        if minutes >= STEPS_MINUTES[-1]:
            return self.say("longer")
        unit, size = ("days", DAYS) if minutes > DAYS else ("hours", HOURS) if minutes >= HOURS else ("minutes", 1)
        return self.say(unit, count=str(minutes // size))
