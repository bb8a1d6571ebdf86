"""A model of what surrounds the function: the queue, its poller, the API and the ledger.

It runs the real handler in virtual time. Where AWS's documentation says how a part behaves, the
model does as it says; each such rule names its source.
"""
