"""`make explain`: what would become of messages, as a table for people or as JSON.

The explanations are those of `invites.explain`; here they are only shown.
"""
