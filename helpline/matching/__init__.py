"""Who fits a request, in which order they are asked, why not the others, what comes next, and until when.

Front doors: `ranking`, `next_step.decide`. All of it but `candidates` is pure: no SQL, no clock of its own.
"""
