"""The dead-letter console: what is in the dead-letter queue, why, and what to do about it.

Two Lambda functions share this package. View lists and shows letters, and can neither delete nor
send; act scans, replays and discards. `handler` has both entry points and `bootstrap` makes their
parts, with `settings` and `timeouts`. `view` answers view's requests, and `explainer` says what
today's rules make of a letter. `actions` has one record for each action of act. `sqs` is both
queues. `console/` draws the same as pages of a CloudWatch custom widget.
"""
