"""Measurements, as ratios within one run: `komek bench hop`, `komek bench start`. Results: docs/benchmarks.md."""
