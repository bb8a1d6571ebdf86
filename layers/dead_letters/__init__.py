"""Triage of dead letters, free of AWS: what the ledger knows, what to do, what a replay is."""
