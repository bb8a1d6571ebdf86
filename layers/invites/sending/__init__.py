"""invite -> call: who may be sent, when, and never twice.

- `dispatcher` sends the people of a batch side by side, as far as the next four allow:
- `rate_limit` gives out slots, over all execution environments;
- `throttle` keeps to the API's own limit, as its answers name it;
- `circuit_breaker` pauses everybody while the API or the token is at fault;
- `scoped_breakers` pause one source, or some roles; each is a `circuit`.
- `sender` sends for one person: the token, the claim, the call, the outcome.
- `claim` holds a person for the call, so that nobody is invited twice.
"""
