"""Finished facts, told upwards with ids only, once they are committed."""

from django.dispatch import Signal

module_completed = Signal()
"""
A person completed a lesson.

Arguments: ``enrolment_id``, ``user_id``, ``unit_id`` (int), ``lesson_key`` (UUID, the same in every
language), ``completed_at`` (aware datetime).
"""
