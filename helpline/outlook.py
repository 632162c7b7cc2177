"""What she can be told of those who might ring, before anybody does: what her phone shows, the nearest clinic."""

from dataclasses import dataclass

from helpline import answers
from helpline.intake import Intake
from helpline.matching import nearest_for_health, ranked, shown_by
from helpline.request import CallbackRequest
from helpline.store import directory
from helpline.wanted import Wanted
from menus.draft import Draft


@dataclass(frozen=True, slots=True)
class Outlook:
    """Its field is all it needs; it only reads."""

    intake: Intake

    def shows(self, about: CallbackRequest | Draft) -> str:
        """Give the name of what her phone will show when one of those rings who may be asked (R10)."""
        now = self.intake.now()
        request = answers.preview(about, self.intake.country, now) if isinstance(about, Draft) else about
        with self.intake.db.read() as tx:
            services = directory.candidates(tx, self.intake.country, request)
        return shown_by(ranked(services, Wanted(request, self.intake.country, now, self.intake.config.fresh_days)))

    def clinic(self, place: str, language: str) -> tuple[str, str] | None:
        """Give name and public telephone of the nearest service for health that is open now, if there is one (R15)."""
        with self.intake.db.read() as tx:
            services = directory.for_health(tx, self.intake.country, place)
        country, fresh_days = self.intake.country, self.intake.config.fresh_days
        found = nearest_for_health(services, place, country, self.intake.now(), fresh_days)
        return (found.name(language), found.public_phone) if found else None
