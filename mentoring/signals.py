"""What mentoring states as finished facts; ids only, sent robustly once the write is committed."""

from django.dispatch import Signal

cycle_completed = Signal()
"""A mentoring cycle reached its second observation.

Arguments: ``cycle_id`` (int).
"""
