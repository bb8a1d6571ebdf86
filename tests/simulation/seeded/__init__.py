"""One seed, one history: the real function among simulated services that fail as real ones do.

The handler, the domain and the adapters of AWS are the deployed code. Simulated are the low-level
clients, the API's HTTP calls, time, and the executor, which runs its tasks in an order that the
seed decides, switching at each call. Where AWS's documentation says how a part behaves, the model
does as it says; each such rule names its source.
"""
