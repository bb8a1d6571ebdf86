"""Triage of dead letters: what an operator sees and does, free of AWS.

`letter` is a dead letter and its record in the ledger; `ports` are the queues, the ledger and the
rules, as protocols that adapters implement. `selection` says which letters a request means,
`listing` makes the list, and `advice` says what to do about each reason. `sweep` receives every
letter of the queue once. `actions` sweep: scan, discard, and the `replay` that sends letters back,
as they are or with a `correction`. `report` counts what became of each letter.
"""
