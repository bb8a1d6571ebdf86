"""The token secret: its value as it is stored, and what secrets are called.

The sender reads what the rotation writes, or what an operator stored by hand.
"""
