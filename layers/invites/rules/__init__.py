"""signup -> invite: who is invited, at which address, with which roles."""
