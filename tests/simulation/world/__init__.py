"""The simulated world: the deployed code among simulated services, in virtual time.

`timeline` is time; `deployment` reads the template; `aws/`, `lambda_service/` and the API
(`space_media`, `issued_tokens`, `api_client`) stand in for what the code calls; `adapters` gives an
execution environment its parts. `world` is what all runs have: `faulty_world` adds DynamoDB, faults
and crashes for histories, `fast_world` a ledger in memory for days of an outage. Where AWS's
documentation says how a part behaves, the simulation does as it says; each such rule names its
source.
"""
