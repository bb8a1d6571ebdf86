"""Record to signup: what a message says, and which system says it.

- `reader`: the whole of it, from a message's body to an invite, an outcome or many events.
- `envelope`: SNS, SQS, EventBridge and CloudEvents are taken off. `strict_json` parses on the way.
- `canonical`: our own event, if it is one. Else `source_registry` finds the `event_shape` that
  matches, and `source_event` reads the event by it; `email_field` chooses the address.
- `announcement`: what both give back before the person is looked at.
- `splitting`: a list becomes a message for each of its events.
- `source_file`: how the shapes come from sources/*.toml. `expressions` are the JMESPath in them.
"""
