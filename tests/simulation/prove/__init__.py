"""`make prove`: seeded histories, mutants, any bodies, and real processes on the local AWS."""
