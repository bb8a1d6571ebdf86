"""The pages of the console, a CloudWatch custom widget without a script.

`widget` is what CloudWatch calls. It draws the `overview` by reason, the `letters` with one reason,
one `letter`, and the `result` of a button. `html` escapes every value, `formatting` writes numbers
and times, and `stylesheet` is the look.
"""
