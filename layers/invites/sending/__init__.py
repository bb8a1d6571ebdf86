"""invite -> call: who may call, when, and how often."""
