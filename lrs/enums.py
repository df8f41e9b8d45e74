from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a client may do, in the words of xAPI 1.0.3, Part Three, 4.2 (OAuth scopes)."""

    WRITE = "statements/write", _("store statements")
    READ_MINE = "statements/read/mine", _("read the statements that it stored itself")
    READ = "statements/read", _("read all statements")
    STATE = "state", _("read and write state")
    DEFINE = "define", _("describe activities anew")
    PROFILE = "profile", _("read and write profiles")
    ALL_READ = "all/read", _("read everything")
    ALL = "all", _("everything")


class Resource(models.TextChoices):
    """Where documents lie."""

    STATE = "state", _("state")
    AGENT_PROFILE = "agent_profile", _("profile of an agent")
    ACTIVITY_PROFILE = "activity_profile", _("profile of an activity")
