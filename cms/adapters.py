"""How Wagtail's editor asks jurisdiction. No rule here: who holds ``cms.edit`` edits."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import Permission
from wagtail.models import Collection, GroupPagePermission, Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from organisations import jurisdiction, queries
from organisations.adapters import ScopedPermissionPolicy

TO_EDIT = "cms.edit"
PAGE_ACTIONS = ("add", "change", "publish", "bulk_delete", "lock", "unlock", "view_draft")


def may_edit(user) -> bool:
    """Whether ``user`` edits the public pages."""
    return user.is_active and (user.is_superuser or TO_EDIT in jurisdiction.permissions(user))


class EditorBackend(BaseBackend):
    """Opens Wagtail's editor to those who may edit; signs nobody in."""

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return perm == "wagtailadmin.access_admin" and may_edit(user_obj)


class MediaPolicy(ScopedPermissionPolicy):
    """Pictures and documents, in whichever collection."""

    def collections_user_has_any_permission_for(self, user, actions):
        allowed = self.user_has_any_permission(user, actions)
        return Collection.objects.all() if allowed else Collection.objects.none()

    def collections_user_has_permission_for(self, user, action):
        return self.collections_user_has_any_permission_for(user, [action])


class EditorPagePolicy(PagePermissionPolicy):
    """Wagtail's page policy, with the posts of a person in place of groups.

    Wagtail reads what a person may do from rows of GroupPagePermission. They are made here, in
    memory and for the root of the tree, so that no group needs to be kept in step with posts.
    """

    def get_all_permissions_for_user(self, user):
        if not may_edit(user) or user.is_superuser:
            return []
        root = Page.get_first_root_node()
        return [
            GroupPagePermission(page=root, permission=Permission(codename=f"{action}_page"))
            for action in PAGE_ACTIONS
        ]

    def users_with_any_permission(self, actions, include_superusers=True):
        return queries.people_with(TO_EDIT)

    def users_with_any_permission_for_instance(self, actions, instance, include_superusers=True):
        return queries.people_with(TO_EDIT)
