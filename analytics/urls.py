from django.urls import path

from analytics import views

app_name = "analytics"
urlpatterns = [
    path("trenza/", views.BraidView.as_view(), name="braid"),
    path("trenza/<int64:pk>/", views.RunDetailView.as_view(), name="run_detail"),
    path("trenza/<int64:pk>/detener/", views.RunCancelView.as_view(), name="run_cancel"),
    path("trenza/<int64:pk>/reanudar/", views.RunResumeView.as_view(), name="run_resume"),
    path("trenza/<int64:pk>/tabla.csv", views.RunTableView.as_view(), name="run_table"),
    path(
        "trenza/<int64:pk>/informe.<str:form>",
        views.RunFileView.as_view(),
        name="run_file",
    ),
    path("tableros/", views.BoardView.as_view(), name="board"),
    path("evaluacion/", views.PlanListView.as_view(), name="plan_list"),
    path("evaluacion/nuevo/", views.PlanWriteView.as_view(), name="plan_write"),
    path("evaluacion/<int64:pk>/", views.PlanDetailView.as_view(), name="plan_detail"),
    path("evaluacion/<int64:pk>/fijar/", views.PlanFreezeView.as_view(), name="plan_freeze"),
    path("evaluacion/<int64:pk>/calcular/", views.PlanComputeView.as_view(), name="plan_compute"),
    path("validez/umbrales/", views.GatesView.as_view(), name="gates"),
    path("validez/comparar/", views.ValidityCompareView.as_view(), name="validity_compare"),
    path("validez/", views.ValidityView.as_view(), name="validity"),
]
