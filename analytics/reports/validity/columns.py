"""Columns that several tables of the validity report share."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind
from core.templatetags.estimates import REASONS

C, E, N, P, S = Kind.COUNT, Kind.ESTIMATE, Kind.NUMBER, Kind.P, Kind.SHARE
DOMAIN = Column("domain", _("Domain"), Kind.NAME)
ITEM = Column("item", _("Item"), Kind.NAME)
OBSERVER = Column("rater", _("Observer"))
REASON = Column("reason", _("Why not"), Kind.WORD, words=REASONS)
SHARE = (0.0, 1.0)
