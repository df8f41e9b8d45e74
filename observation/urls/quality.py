"""Official rounds, double coding and drift."""

from django.urls import path

from observation.views import adjudication, agreement, double, drift, quality, rounds

urlpatterns = [
    path("rondas/", rounds.RoundList.as_view(), name="round_list"),
    path("rondas/nueva/", rounds.RoundWrite.as_view(), name="round_open"),
    path("rondas/mias/", rounds.OwnVisits.as_view(), name="visit_own"),
    path("rondas/fuera/", quality.LeftOutList.as_view(), name="left_out_list"),
    path("rondas/reglas/", quality.QualityRulesEdit.as_view(), name="quality_rules_edit"),
    path("rondas/<int64:pk>/", rounds.RoundDetail.as_view(), name="round_detail"),
    path("rondas/<int64:pk>/editar/", rounds.RoundWrite.as_view(), name="round_change"),
    path("rondas/visita/<int64:pk>/quitar/", rounds.VisitRelease.as_view(), name="visit_release"),
    path("<uuid:pk>/reincorporar/", quality.SessionReinstate.as_view(), name="session_reinstate"),
    path("doble/", double.PairList.as_view(), name="pair_list"),
    path("doble/nueva/", double.PairMake.as_view(), name="pair_make"),
    path("doble/acuerdo/", agreement.Agreement.as_view(), name="agreement"),
    path("doble/sorteos/", double.DrawList.as_view(), name="draw_list"),
    path("doble/sorteos/<int64:pk>/", double.DrawDetail.as_view(), name="draw_detail"),
    path("doble/sorteos/<int64:pk>/sorteo.json", double.DrawFile.as_view(), name="draw_file"),
    path("doble/<int64:pk>/", double.PairDetail.as_view(), name="pair_detail"),
    path("doble/<int64:pk>/acompanar/", double.PairArrange.as_view(), name="pair_arrange"),
    path("doble/<int64:pk>/cancelar/", double.PairCancel.as_view(), name="pair_cancel"),
    path(
        "doble/<int64:pk>/decidir/", adjudication.PairAdjudicate.as_view(), name="pair_adjudicate"
    ),
    path("deriva/", drift.DriftList.as_view(), name="drift_list"),
    path("deriva/<int64:pk>/", drift.DriftDetail.as_view(), name="drift_detail"),
]
