"""Measurements, as ratios within one run: `komek bench hop`, `komek bench start`. What they showed: docs/benchmarks.md."""
