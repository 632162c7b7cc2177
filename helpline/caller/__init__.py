"""All that a caller does: USSD, the SMS dialogue, saving a request, *my request*, STOP, and the limits.

Entry points: `hop.PublicService` (public process), `sms_dialogue.SmsDialogue` and `stops.WorkerStops` (workers).
It imports nothing of `casework`, `messaging`, `accounts` or `oversight`, and never gets the workers' `Context`, which
holds the audit key.
"""
