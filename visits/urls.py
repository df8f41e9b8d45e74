from django.urls import path

from visits.views import visits

app_name = "visits"
urlpatterns = [
    path("", visits.VisitList.as_view(), name="visit_list"),
    path("<int64:pk>/", visits.VisitDetail.as_view(), name="visit_detail"),
]
