"""Build `content/places/places.jsonl` from four public packages: `komek places build`.

Start with `build.build` (all lines), `check.faults` (is the file valid?) and `outlines.write` (the map).
The running service does not use it. It must not import any other package of `helpline` than `core` and `content`.
"""
