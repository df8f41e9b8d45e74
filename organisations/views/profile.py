from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from organisations import own_data
from organisations.actions import people
from organisations.adapters import SignedInRequest
from organisations.forms.profile import NameForm


@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    """One's own name, posts and doors."""
    name = {"first_name": request.user.first_name, "last_name": request.user.last_name}
    form = NameForm(request.POST or None, initial=name)
    if request.method == "POST" and form.is_valid():
        people.rename(user=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your name is saved."))
        return redirect("profile")
    posts = request.user.posts.select_related("unit")
    return render(request, "organisations/profile.html", {"form": form, "posts": posts})


@login_required
@require_GET
def own_data_export(request: SignedInRequest) -> HttpResponse:
    """Everything kept about oneself, as a file."""
    response = JsonResponse(
        own_data.of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="trenza.json"'
    return response
