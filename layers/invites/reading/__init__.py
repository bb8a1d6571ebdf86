"""record -> signup: what a message says, and of which system it is."""
