"""Codes as pictures to scan: squares for addresses, bars for scanners that read nothing else."""

import re
from functools import cache
from itertools import groupby

import segno
from barcode.codex import Code128

# In widths of the narrowest bar: the empty space on both sides, and how high bars stand.
QUIET, HEIGHT = 10, 40
RUNS = re.compile(b"\x00+|\x01+")  # of squares in a row, light and dark
# Words as long as these are signed, and a signature is as random as any pattern laid over it: to draw all eight and compare
# them would take four fifths of the time of a sheet of passes. For a short address the best is looked for.
SIGNED_LENGTH, ANY_MASK = 100, 0


def drawn(address: str, *, border: int = 2) -> str:
    """The picture as SVG, to stand inside a page. Units: `border` in squares of the code; paper on a wall wants four."""
    mask = ANY_MASK if len(address) >= SIGNED_LENGTH else None
    code = segno.make(address, error="m", micro=False, mask=mask)
    rows = enumerate(code.matrix, border)
    path = "".join(f"M{border} {y}.5{''.join(map(_stroke, RUNS.findall(row)))}" for y, row in rows)
    side = len(code.matrix) + 2 * border
    return f'<svg viewBox="0 0 {side} {side}" class="qr"><path stroke="#000" d="{path}"/></svg>'


@cache
def _stroke(run: bytes) -> str:
    return f"h{len(run)}" if run[0] else f"m{len(run)} 0"


def bars(code: str) -> str:
    """A code as bars (Code 128), as SVG, to stand inside a page. Shape: `code` in printable ASCII."""
    pattern = Code128(code).build()[0]
    path, x = [], QUIET
    for dark, run in groupby(pattern):
        width = len(list(run))
        if dark == "1":
            path.append(f"M{x} 0h{width}v{HEIGHT}h-{width}z")
        x += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bars" viewBox="0 0 {x + QUIET} {HEIGHT}" preserveAspectRatio="none">'
        f'<path d="{"".join(path)}"/></svg>'
    )
