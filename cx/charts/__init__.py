"""Documented frame → chart specification."""
