"""Plausible mistakes, made on purpose: each must be noticed by an invariant."""
