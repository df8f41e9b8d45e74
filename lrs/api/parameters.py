"""Parameters that several resources take."""

from typing import Any

from django.utils.translation import gettext as _

from lrs import keys
from lrs.validation import Malformed, check_actor, parse


def agent(text: str) -> dict[str, Any]:
    """2.1.3: an agent or identified group, as JSON."""
    try:
        found = parse(text.encode())
        check_actor(found, "agent")
    except Malformed as wrong:
        raise Malformed(wrong.where or "agent", str(wrong)) from None
    if not keys.identifier(found):
        raise Malformed(
            "agent", _("Give exactly one identifier: mbox, mbox_sha1sum, openid or account.")
        )
    return found


def agent_key(text: str) -> bytes:
    return keys.of_agent(agent(text))
