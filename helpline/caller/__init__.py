"""All that a caller does: USSD, the dialogue by SMS, writing a request down, my request, STOP, and the limits.

Front doors: `hop`, `sms_dialogue`, `intake`. It runs in the public process, so it imports nothing of `casework`,
`messaging`, `accounts` or `oversight`.
"""
