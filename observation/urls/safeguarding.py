from django.urls import include, path

from fieldwork.urls import held
from observation.views import safeguarding

urlpatterns = [
    path("casos/retenidas/", include((held.patterns("observation.safeguarding"), "held_alerts"))),
    path("casos/", safeguarding.CaseList.as_view(), name="case_list"),
    path("casos/plazos/", safeguarding.LimitsEdit.as_view(), name="safeguarding_limits"),
    path("casos/<int64:pk>/", safeguarding.CaseDetail.as_view(), name="case_detail"),
    path(
        "casos/<int64:pk>/entrega/<int64:entry>/",
        safeguarding.CaseNote.as_view(),
        name="case_note",
    ),
]
