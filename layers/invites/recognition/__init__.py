"""Recognising the events of identity and HR systems, as their files in sources/ describe them."""
