from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Pages that anyone may read: home, toolkit, curriculum and its lessons."""

    name = "cms"
    verbose_name = _("content")

    def ready(self) -> None:
        from wagtail.models import Page  # noqa: PLC0415 — models exist once apps are loaded
        from wagtail.permissions import register_permission_policy  # noqa: PLC0415 — likewise

        from cms.adapters import EditorPagePolicy, MediaPolicy  # noqa: PLC0415 — likewise
        from cms.models import Film, Paper, Picture  # noqa: PLC0415 — likewise
        from core import navigation  # noqa: PLC0415 — a registry, once apps are loaded
        from organisations.adapters import ScopedPermissionPolicy  # noqa: PLC0415 — likewise

        navigation.register(
            navigation.Entry(
                _("Toolkit"), "toolkit", strand="mentoring", order=25, section=_("Mentoring")
            )
        )
        register_permission_policy(Page, EditorPagePolicy())
        register_permission_policy(Film, ScopedPermissionPolicy(Film))
        # Exactly these classes: Wagtail registers its own policies for them later on.
        register_permission_policy(Picture, MediaPolicy(Picture), exact_class=True)
        register_permission_policy(Paper, MediaPolicy(Paper), exact_class=True)
