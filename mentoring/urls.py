from django.urls import path

from mentoring.views import cycles, defaults, steps

app_name = "mentoring"
urlpatterns = [
    path("", cycles.CycleList.as_view(), name="cycle_list"),
    path("hoy/", cycles.Today.as_view(), name="today"),
    path("mia/", cycles.Own.as_view(), name="own"),
    path("abrir/", steps.CycleOpen.as_view(), name="cycle_open"),
    path("valores/", defaults.DefaultsEdit.as_view(), name="defaults_edit"),
    path("<int64:pk>/", cycles.CycleDetail.as_view(), name="cycle_detail"),
    path("<int64:pk>/paso/", steps.StepComplete.as_view(), name="step_complete"),
    path("<int64:pk>/meta/", steps.GoalAgree.as_view(), name="goal_agree"),
    path("<int64:pk>/meta/aceptar/", steps.GoalAccept.as_view(), name="goal_accept"),
    path("<int64:pk>/meta/practicada/", steps.GoalPractise.as_view(), name="goal_practise"),
    path("<int64:pk>/cancelar/", steps.CycleCancel.as_view(), name="cycle_cancel"),
]
