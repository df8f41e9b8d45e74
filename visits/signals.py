"""Finished facts of parent visits, for the apps above. Ids only, sent after the commit."""

from django.dispatch import Signal

finding_raised = Signal()
"""At least one parent of a visit said no to an item that has a severity.

Arguments: ``finding_id`` (int). Sent once per visit and item, however many parents follow.
"""
