"""What functions share of AWS."""
