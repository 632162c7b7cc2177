"""Pictures of the console's pieces, each in each state, compared with stored ones.

A picture is drawn smaller, so that another version of Chromium gives the same one. If a piece is meant to look
different, delete the pictures in `pictures/`, run this test, look at the new ones and commit them.
"""

from base64 import b64decode, b64encode
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pytest

from helpline.staff.roles import Role
from tests.gateway.console.pages import IN_A_BROWSER, NARROW, WIDE, Open, Served, sign_in

HERE = Path(__file__).parent / "pictures"
FONT = "DejaVu Sans"
MOST = 0.001
"""The share of points that may differ."""
SMALLER = """
async ([picture, by]) => {
    const whole = new Image()
    whole.src = 'data:image/png;base64,' + picture
    await whole.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(whole.width / by), canvas.height = Math.round(whole.height / by)
    const drawn = canvas.getContext('2d')
    drawn.imageSmoothingQuality = 'high'
    drawn.drawImage(whole, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL().split(',')[1]
}
"""
DIFFERENT = """
async (pictures) => {
    const points = []
    for (const picture of pictures) {
        const image = new Image()
        image.src = 'data:image/png;base64,' + picture
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = image.width, canvas.height = image.height
        const drawn = canvas.getContext('2d')
        drawn.drawImage(image, 0, 0)
        points.push([image.width, image.height, drawn.getImageData(0, 0, image.width, image.height).data])
    }
    const [[width, height, one], [otherWidth, otherHeight, other]] = points
    if (width !== otherWidth || Math.abs(height - otherHeight) > 1) return 1
    let different = 0
    const all = width * Math.min(height, otherHeight)
    for (let at = 0; at < 4 * all; at += 4)
        if ([0, 1, 2].some(each => Math.abs(one[at + each] - other[at + each]) > 48)) different++
    return different / all
}
"""
"""The share of points whose red, green or blue differ by more than a fifth. 1: the pictures have other sizes."""
CHANGES = {
    "badges without a colour": ".badge { background: none !important; color: inherit !important }",
    "buttons without a colour": "button { background: none !important; color: inherit !important }",
    "rows that are cards again": ".row { border: 1px solid; margin: 1rem 0 }",
}


def shown_font() -> str:
    """Return the font that this machine shows pages in, or nothing if that cannot be found out."""
    asks = which("fc-match")
    return run([asks, "system-ui"], capture_output=True, text=True, check=False).stdout if asks else ""


pytestmark = [
    *IN_A_BROWSER,
    pytest.mark.nightly,  # another version of Chromium or of a font may draw otherwise: that must not stop a change
    pytest.mark.skipif(
        FONT not in shown_font(),
        reason=f"the pictures were made with {FONT}, and this machine shows another font",
    ),
]


def components(served: Served, page_of: Open, scheme: str, size: dict[str, int], **more: bool) -> Any:
    page = page_of(color_scheme=scheme, **more)
    page.set_viewport_size(size)
    sign_in(served, page, served.insider(Role.LEAD))
    page.goto(f"{served.url}/components")
    return page


def smaller(blank: Any, page: Any, size: dict[str, int]) -> str:
    """Return a smaller picture of the pieces, as base64."""
    whole = b64encode(page.locator("main").screenshot(animations="disabled")).decode()
    return str(blank.evaluate(SMALLER, [whole, 7 if size is WIDE else 4]))


def stored(name: str) -> Path:
    return HERE / f"components-{name}.png"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_each_piece_looks_as_it_did(served: Served, page_of: Open, scheme: str, size: dict[str, int]) -> None:
    before = stored(f"{scheme}-{size['width']}")
    page, blank = components(served, page_of, scheme, size), page_of()
    now = smaller(blank, page, size)
    if not before.exists():
        before.write_bytes(b64decode(now))
        raise AssertionError(f"look at the new {before.name} and commit it")
    different = blank.evaluate(DIFFERENT, [b64encode(before.read_bytes()).decode(), now])
    if different > MOST:
        (before.parent / f"{before.stem}.new.png").write_bytes(b64decode(now))
    assert different <= MOST, f"compare {before.name} with {before.stem}.new.png"


@pytest.mark.parametrize("change", CHANGES)
def test_a_piece_that_looks_different_is_found(served: Served, page_of: Open, change: str) -> None:
    page, blank = components(served, page_of, "light", WIDE, bypass_csp=True), page_of()
    page.add_style_tag(content=CHANGES[change])
    before = b64encode(stored(f"light-{WIDE['width']}").read_bytes()).decode()
    assert blank.evaluate(DIFFERENT, [before, smaller(blank, page, WIDE)]) > MOST
