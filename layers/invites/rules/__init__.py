"""Signup to invite: who is invited, at which address, with which roles.

- `admission`: systems, tenants and domains that the deployment shuts out.
- `address`: the address, checked and in the one form in which it is sent.
- `roles`: the roles, by the event, the rules of roles.toml and the default. `role_name` says what a
  role may be called, and which names the API could take for Admin.

`invites.invite` applies them in this order.
"""
