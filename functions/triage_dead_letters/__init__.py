"""What is in the dead-letter queue, why, and what to do: two functions, view and act."""
