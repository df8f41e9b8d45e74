"""Finished facts of observation, for the apps above. Ids only, sent after the commit."""

from django.dispatch import Signal

session_closed = Signal()
"""An observation session was closed and scored.

Arguments: ``session_id`` (uuid.UUID). Sent again for a correction, with the id of the new session.
"""

alert_raised = Signal()
"""A treatment alert was marked in a session, perhaps not described yet.

Arguments: ``alert_id`` (int). Only those with ``observation.safeguarding`` may learn more.
"""
