"""call -> outcome: the SpaceMedia API.

- `client` builds the call that invites a person; `token_client` calls for tokens.
- `transport` makes one HTTP call, without retry or redirect.
- `deadline` holds the call's connection to the time of the whole call.
- `response` is the table of what each answer means.
"""
