from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import ListView

from organisations import jurisdiction, queries
from organisations.adapters import ScopedMixin
from organisations.enums import Reach
from organisations.models import Post, Unit


class UnitTops(ScopedMixin, ListView):
    """The uppermost units of the reader; or, searched, any unit of hers by name or code."""

    permission = "organisations.view"
    template_name = "organisations/unit_list.html"
    paginate_by = 50
    model = Unit

    def get_queryset(self):
        self.words = self.request.GET.get("q", "").strip()[:100]
        if not self.words:
            return queries.tops(self.person, self.permission)
        named = Q(name__icontains=self.words) | Q(code__icontains=self.words)
        return super().get_queryset().filter(named)

    def get_context_data(self, **kwargs):
        query = urlencode({"q": self.words}) if self.words else ""
        return super().get_context_data(words=self.words, query=query, **kwargs)


class UnitDetail(ScopedMixin, ListView):
    """A unit: where it hangs, what hangs from it, and who holds posts there."""

    permission = "organisations.view"
    template_name = "organisations/unit_detail.html"
    paginate_by = 50

    def get_queryset(self):
        units = self.scoped(Unit.objects.all())
        self.unit = get_object_or_404(units, code=self.kwargs["code"])
        return self.unit.get_children()

    def get_context_data(self, **kwargs):
        posts = self.scoped(Post.objects.in_force()).filter(unit=self.unit).select_related("user")
        return super().get_context_data(
            unit=self.unit,
            crumbs=crumbs(self.request, self.unit),
            posts=posts.order_by("role", "user__last_name", "user__first_name"),
            may_label="organisations.label" in jurisdiction.permissions(self.person),
            **kwargs,
        )


def crumbs(request: HttpRequest, unit: Unit, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """(text, address) from the list of units down to ``unit``; none above the reader's own."""
    tops = tuple(jurisdiction.paths(request.user, "organisations.view", Reach.BELOW))
    way = [above for above in queries.ancestors(unit) if above.path.startswith(tops)]
    return [
        (_("Units"), reverse("unit_list")),
        *((above.name, reverse("unit_detail", args=[above.code])) for above in way),
        (unit.name, reverse("unit_detail", args=[unit.code]) if more else ""),
        *more,
    ]
