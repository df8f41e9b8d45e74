"""Columns that several tables of the evaluation report share."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind

C, E, N, P, S = Kind.COUNT, Kind.ESTIMATE, Kind.NUMBER, Kind.P, Kind.SHARE
OUTCOME = Column("outcome", _("Outcome"), Kind.NAME)
