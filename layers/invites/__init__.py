"""The domain: from a message of the queue to an invitation. No AWS, no environment, no clock.

A `message` becomes a `job` of a `batch`, and travels through the chapters in this order:

1. `reading` turns the message's body into a `signup`, or into many events.
2. `rules` decide whom this deployment invites, and with which roles: an `invite`.
3. `sending` claims the person and calls the API, as far as limits and deadlines allow.
4. `api` makes the call and classifies the response: an `outcome`.
5. `retry` decides whether the queue deletes the message, hides it or stops it.

`errors` has the codes of all reasons. `token` is the bearer token's life, `explain` a dry run of
steps 1 and 2. `redaction` masks what may reach a log, `toml_reader` reads the files of rules.
Clock, sleep and random numbers are passed in (`clock`).
"""
