"""What services and coordinators do by SMS or console: claim, outcome, handover, freeze, reassign, notes, drills.

A command (`claims.claim`, `outcomes.record` …) takes an `Actor` and an offer, and returns an `Answer` (`answers`).
Entry points: `sms_orders` reads a text and runs a command, `console_actions` and `reassign` run it for the console.
It imports `reveal`, `referral` and the packages below, but neither `oversight` nor `messaging`. The public process must
not import it.
"""
