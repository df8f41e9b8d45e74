"""What the page under /campo/ says, by key, and the catalogue that a phone keeps of it."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fieldwork.modules import modules

TEXTS: dict[str, str | Promise] = {
    "skip": _("Skip to the content"),
    "home": _("In the field"),
    "lead": _(
        "What you record here stays on this phone until the network is back, then goes by itself."
    ),
    "language_failed": _("The page could not be loaded. Try again when the network is back."),
    # the network and who is there
    "all_sent": _("All sent"),
    "sending": _("Sending…"),
    "unreachable": _(
        "Trenza cannot be reached right now. What you close waits here and goes by itself."
    ),
    "signed_out": _("Sign in so that what waits can be sent. You can go on recording meanwhile."),
    "nobody": _("Sign in once with a network. From then on you can record without one."),
    "sign_in": _("Sign in"),
    "sign_out": _("Sign out"),
    "new_version": _("A new version is ready."),
    "update": _("Use it now"),
    "update_later": _("It starts once no form is open."),
    # modules, drafts
    "begin": _("What to record"),
    "no_modules": _("There is nothing to record yet. Ask your coordinator."),
    "agenda_none": _("Your rooms are not on this phone yet. Open this page once with a network."),
    "agenda_until": _("Your rooms and checklists are on this phone until: %(date)s"),
    "refresh": _("Get them anew"),
    "drafts": _("What is begun"),
    "drafts_none": _("Nothing is begun."),
    "go_on": _("Go on"),
    "saved_at": _("Saved: %(date)s"),
    "draft_remove": _("Discard this draft"),
    "untitled": _("Without a title"),
    # outbox
    "outbox": _("What is closed"),
    "outbox_none": _("Nothing is closed yet. What you close stands here with what became of it."),
    "closed_at": _("Closed: %(date)s"),
    "state_waiting": _("waiting to be sent"),
    "state_sent": _("sent"),
    "state_held": _("on the server, a coordinator decides"),
    "state_refused": _("refused by the server"),
    "state_conflict": _("on the server twice with different content, a coordinator decides"),
    "receipt": _("Receipt"),
    "send": _("Send now"),
    "again": _("Send once more"),
    "remove": _("Remove from this phone"),
    "remove_sure": _("“%(title)s” was not sent and will be gone for good. Remove it?"),
    "discard_draft_sure": _("“%(title)s” will be gone for good. Discard it?"),
    # backup
    "backup": _("Backup"),
    "backup_lead": _(
        "A file that only your passphrase opens. Keep it elsewhere than on this phone."
    ),
    "passphrase": _("Passphrase"),
    "passphrase_hint": _(
        "At least 10 characters. Without it nobody can open the file, nor can we."
    ),
    "export": _("Save a backup"),
    "export_one": _("Save a backup of this record"),
    "exported": _("The backup is saved. Look for it among your downloads."),
    "restore": _("Bring back a backup"),
    "backup_file": _("Backup file"),
    "restored_none": _("All that the backup holds is on this phone already."),
    # signing out
    "sign_out_title": _("Not everything is sent"),
    "sign_out_lead": _(
        "Choose for each record, then sign out. What is saved in a backup also stays locked on "
        "this phone until you sign in again."
    ),
    "choice_keep": _("Save in a backup"),
    "choice_discard": _("Discard “%(title)s”"),
    "sign_out_send": _("Send first"),
    "sign_out_finish": _("Sign out"),
    "cancel": _("Cancel"),
    # pictures of a record
    "pictures": _("Pictures of the room"),
    "pictures_lead": _(
        "Only of the room or its materials. Those who may read the record see them; they are in "
        "no export. They leave this phone once the record is closed."
    ),
    "picture": _("Picture %(n)s"),
    "picture_add": _("Take or choose a picture"),
    "picture_shows": _("What it shows"),
    "picture_shows_help": _("In a few words, also for who cannot see it."),
    "picture_agreed_by": _("Who agreed that it is taken and kept"),
    "picture_agreed_by_help": _("Name or post, for example: the director."),
    "picture_no_child": _("No child can be recognised in it, nor anybody who did not agree."),
    "picture_remove": _("Remove this picture"),
    "picture_consent": _(
        "Picture %(n)s: say what it shows and who agreed, and confirm that no child can be "
        "recognised. If you cannot, remove it."
    ),
    # what can go wrong
    "error_storage": _(
        "This browser keeps nothing, so nothing can be recorded here. Leave private mode, or "
        "allow this site to store data, and open the page again."
    ),
    "error_full": _(
        "This phone is full. Leave this page open, make room, then try again: nothing is lost "
        "as long as it is open."
    ),
    "error_nobody": _("Sign in first."),
    "error_elsewhere": _(
        "This is open in another tab, and was changed there. Go on there, or open it anew here."
    ),
    "error_closed": _("This is closed already and can no longer be changed."),
    "error_gone": _("This is no longer on this phone."),
    "error_other_person": _("This belongs to another person. Only she can go on with it."),
    "error_other_tab_old": _(
        "An older version of this page is open in another tab. Close that tab and open this one"
        " again."
    ),
    "error_page_old": _(
        "There is a newer version of this page. Close all its tabs and open it again."
    ),
    "error_passphrase_short": _("The passphrase is too short: at least %(n)s characters."),
    "error_passphrase_wrong": _("The passphrase does not fit this file, or the file is damaged."),
    "error_no_backup": _("This is no backup of Trenza."),
    "error_unsent": _("Not everything is sent. Decide about each record first."),
    "error_attachments_off": _("Pictures are not allowed here."),
    "error_picture": _("This picture cannot be read. Choose another."),
    "error_unknown": _("Something went wrong. What you had saved is safe. Open the page again."),
}
PLURALS: dict[str, Promise] = {
    "unsent": ngettext_lazy("%(n)s not sent", "%(n)s not sent", "n"),
    "others": ngettext_lazy(
        "Another person has %(n)s unsent record on this phone. It goes when she signs in.",
        "Other people have %(n)s unsent records on this phone. They go when they sign in.",
        "n",
    ),
    "pictures_unsent": ngettext_lazy("%(n)s picture not sent", "%(n)s pictures not sent", "n"),
    "pictures_stay": ngettext_lazy(
        "%(n)s picture of what is sent stays locked on this phone until you sign in again.",
        "%(n)s pictures of what is sent stay locked on this phone until you sign in again.",
        "n",
    ),
    "tries": ngettext_lazy("%(n)s try", "%(n)s tries", "n"),
    "restored": ngettext_lazy(
        "%(n)s record or draft is back.", "%(n)s records and drafts are back.", "n"
    ),
    "drafts_stay": ngettext_lazy(
        "%(n)s draft stays locked on this phone until you sign in again.",
        "%(n)s drafts stay locked on this phone until you sign in again.",
        "n",
    ),
    "unsaved": ngettext_lazy(
        "What you entered last in %(n)s form could not be kept: this phone is full. Leave "
        "this page open, make room or save a backup; it is tried again by itself.",
        "What you entered last in %(n)s forms could not be kept: this phone is full. Leave "
        "this page open, make room or save a backup; it is tried again by itself.",
        "n",
    ),
}


class _Number(int):
    """A number that chooses the form of a plural and leaves its place open."""

    def __str__(self) -> str:
        return "%(n)s"


class _Open(dict):
    """Values of which those that it has not leave their places open."""

    def __missing__(self, name: str) -> str:
        return f"%({name})s"


def catalogue(language: str) -> dict[str, str | list[str]]:
    """All texts of the page and of its modules in ``language``; a plural as [one, many].

    Those of a module stand under ``<module>.<key>``, its title under ``<module>.title``.
    """
    with translation.override(language):
        found = _said(TEXTS, PLURALS)
        for module in modules():
            texts = {"title": module.title, **module.texts}
            said = _said(texts, module.plurals)
            found |= {f"{module.name}.{key}": text for key, text in said.items()}
    return found


def _said(texts: Mapping, plurals: Mapping) -> dict[str, str | list[str]]:
    forms = {key: [text % _Open(n=_Number(n)) for n in (1, 2)] for key, text in plurals.items()}
    return {key: str(text) for key, text in texts.items()} | forms
