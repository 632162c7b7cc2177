"""Make the PDF report of a month. Its fonts are embedded, so it looks the same on every printer and reader."""

import io
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Table

from helpline.oversight import report
from helpline.oversight.monthly import DAY, SCREEN, Month
from helpline.oversight.report import MONTHS, Labels
from helpline.oversight.small_numbers import OTHER

FONTS = Path(__file__).parents[2] / "content" / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
INK, LINE, BAR = HexColor("#1b1b1f"), HexColor("#767a83"), HexColor("#0b5394")
LONG = 20
"""A table with more rows than this may be split between pages."""
EDGE, BAR_WIDTH = 18 * mm, 45 * mm
WIDTH = A4[0] - 2 * EDGE - 12
"""Width of the text. A frame of reportlab leaves six points free on each side."""
TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9.5, leading=13, textColor=INK, spaceAfter=6)
HEAD = ParagraphStyle("head", TEXT, fontName=BOLD, fontSize=12, leading=16, spaceBefore=10, spaceAfter=4)
TITLE = ParagraphStyle("title", TEXT, fontName=BOLD, fontSize=17, leading=22, spaceAfter=8)
CELL = ParagraphStyle("cell", TEXT, spaceAfter=0)
FRAME = [("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
         ("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 3)]  # fmt: skip


def as_pdf(month: Month, labels: Labels, *, own: bool = False, draft: bool = False) -> bytes:
    """Return the report of a month as PDF. The same figures give the same bytes. `own`: it is of one service."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    file, title = io.BytesIO(), labels.say("report_of", when=labels.kind(MONTHS, month.name))
    made = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=EDGE, rightMargin=EDGE, topMargin=EDGE, bottomMargin=EDGE, invariant=1,
        title=title, author="Komek", lang=labels.language,
    )  # fmt: skip
    number = partial(_number, title)
    made.build(_story(month, labels, title, own=own, draft=draft), onFirstPage=number, onLaterPages=number)
    return file.getvalue()


def _story(month: Month, labels: Labels, title: str, *, own: bool, draft: bool) -> list[Any]:
    people, say = month.people, labels.say
    story = [_p(title, TITLE), *([_p(say("draft"), HEAD)] if draft else [])]
    story += [_p(say("of_service" if own else "of_all")), _p(say("how"))]
    if people.total is None:
        return [*story, _p(say("few", when=labels.kind(MONTHS, month.name)))]
    story.append(_p(say("total", when=labels.kind(MONTHS, month.name), count=str(people.total)), HEAD))
    for what, name, counts in report.counted(month):
        story += _counts(say(what), name, counts, labels, hint=say("left_hint") if name == SCREEN else "")
    took = [("", say("median"), say("p90")), *report.duration_rows(month, labels)]
    story.append(_part(say("took"), _p(say("took_hint")), _table(took, [0.5, 0.25, 0.25])))
    if answers := report.answer_rows(month, labels):
        across = len(answers[0]) - 1
        table = _table(answers, [0.4, *[0.6 / across] * across])
        story += [_p(say("asked"), HEAD), _p(say("asked_hint")), table]
    return story


def _counts(title: str, name: str, counts: Mapping[str, int], labels: Labels, hint: str) -> list[Any]:
    """Return one table, largest count first, days in their order. Only a long table may be split between pages."""
    listed = sorted(counts.items(), key=lambda each: each[0] == OTHER if name == DAY else -each[1])
    bars = _bars([(labels.kind(name, kind), count) for kind, count in listed], sum(counts.values()))
    if len(listed) > LONG:
        return [_p(title, HEAD), *([_p(hint)] if hint else []), bars]
    return [_part(title, *([_p(hint)] if hint else []), bars)]


def _p(text: str, style: ParagraphStyle = TEXT) -> Paragraph:
    return Paragraph(escape(text), style)


def _part(head: str, *inside: Any) -> KeepTogether:
    return KeepTogether([_p(head, HEAD), *inside])


def _bars(rows: Sequence[tuple[str, int]], total: int) -> Table:
    most = max(count for _, count in rows)
    cells = [
        [_p(what, CELL), str(count), report.share(count, total), _bar(BAR_WIDTH * count / most)] for what, count in rows
    ]
    frame = [*FRAME, ("ALIGN", (1, 0), (2, -1), "RIGHT"), ("FONT", (0, 0), (-1, -1), PLAIN, 9.5)]
    return Table(cells, colWidths=[WIDTH - BAR_WIDTH - 45 * mm, 20 * mm, 20 * mm, BAR_WIDTH + 5 * mm], style=frame)


def _bar(width: float) -> Drawing:
    drawing = Drawing(BAR_WIDTH, 10)
    drawing.add(Rect(4, 0, width, 8, fillColor=BAR, strokeColor=None))
    return drawing


def _table(rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Table:
    head = [_p(cell, ParagraphStyle("th", CELL, fontName=BOLD)) for cell in rows[0]]
    cells = [head, *([_p(cell, CELL) for cell in row] for row in rows[1:])]
    return Table(cells, colWidths=[WIDTH * share for share in shares], style=FRAME, repeatRows=1)


def _number(title: str, canvas: Any, made: Any) -> None:
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(LINE)
    canvas.drawString(EDGE, 10 * mm, f"Komek · {title} · {made.page}")
