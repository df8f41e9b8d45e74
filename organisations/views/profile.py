from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from organisations import own_data
from organisations.actions import people
from organisations.forms.profile import NameForm
from organisations.models import User


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, posts and doors."""
    form = NameForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        user = User.objects.get(pk=request.user.pk)
        people.rename(user=user, by=user, **form.cleaned_data)
        messages.success(request, _("Your name is saved."))
        return redirect("profile")
    posts = request.user.posts.select_related("unit")
    return render(request, "organisations/profile.html", {"form": form, "posts": posts})


@login_required
@require_GET
def own_data_export(request: HttpRequest) -> HttpResponse:
    """Everything kept about oneself, as a file."""
    response = JsonResponse(
        own_data.of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="trenza.json"'
    return response
