"""Services of the directory that a family can call themselves: read without a request, in the region they choose.

The menu has as many screens for them as `SLOTS`, whatever the directory holds: keys never depend on the database. Each
shows as many services as fit. Without the database, none is said to be known, and the next key leads on (R19).
"""

from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from helpline.caller.caller_context import CallerContext
from helpline.core.call_windows import Span
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.matching.ranking import told_to_anybody
from helpline.store.engine import Unavailable
from menus.draft import YES, Draft

FIRST = "close.services"
"""The first of these screens. What fits on it decides what the others show."""
SLOTS = ("services", "more_services", "last_services")
"""The placeholder of each screen, in their order."""
ONLY = ("women", "children")
"""Groups whose services say so before their name (R42)."""


def services_on(ctx: CallerContext, draft: Draft, slot: str) -> str:
    """Return what the screen of a placeholder says: one service or a few, or that the directory has no more."""
    first = ctx.book.page(draft.language, FIRST, 0)
    below = max(first.text, first.wrong, key=len)

    def fits(said: str) -> bool:
        return ctx.book.printers[draft.language].fits(below.replace(f"{{{SLOTS[0]}}}", said))

    pages = _pages(list(_lines(ctx, draft, fits)), fits)
    at = SLOTS.index(slot)
    return (
        pages[at] if at < len(pages) else ctx.book.notice(draft.language, f"services.{'no_more' if pages else 'none'}")
    )


def _pages(lines: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    pages: list[str] = []
    for line in lines:
        if pages and fits(longer := f"{pages[-1]}\n{line}"):
            pages[-1] = longer
        else:
            pages.append(line)
    return pages


def _lines(ctx: CallerContext, draft: Draft, fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield each service with its telephone, and the hours of today where there is room."""
    try:
        with ctx.db.read() as tx:
            found, now = candidates.in_region(tx, ctx.country, draft.near), tx.now
    except Unavailable:
        return
    for service in told_to_anybody(found, draft.near, ctx.country, now, ctx.config.fresh_days):
        span = next(service.open_spans(now, 1), None) if draft.abroad != YES else None
        ways = list(_ways(ctx, draft.language, service, span))
        yield next((line for line in ways if fits(line)), ways[-1])


def _ways(ctx: CallerContext, language: str, service: Service, today: Span | None) -> Iterator[str]:
    """Yield a service in fewer and fewer words. Whom it is for is never left out (R42)."""
    notice, number = ctx.book.notice, service.public_phone
    only = next((notice(language, f"numbers.{group}") for group in ONLY if service.serves == {group}), "")
    name = f"{only}: {service.name(language)}" if only else service.name(language)
    if today:
        hours = today.local_texts(ZoneInfo(service.zone))
        yield notice(language, "services.open", name=name, number=number, **hours)
    yield notice(language, "services.one", name=name, number=number)
    if only:
        yield notice(language, "services.one", name=only, number=number)
