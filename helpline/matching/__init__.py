"""Which services fit a request, in which order they are asked, why not the others, and what is done next.

Entry points: `ranking` (order, promise, reasons), `next_step.decide`, `candidates` (reads services from the database).
All modules but `candidates` are pure: no SQL, no clock of their own. It imports nothing of `referral` or above.
"""
