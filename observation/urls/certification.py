from django.urls import path

from observation.views import certification, clips, observers

urlpatterns = [
    path(
        "certificacion/",
        certification.CertificationHome.as_view(),
        name="certification_home",
    ),
    path(
        "certificacion/practica/<slug:code>/",
        certification.PracticeCode.as_view(),
        name="practice_code",
    ),
    path(
        "certificacion/practicas/<uuid:pk>/",
        certification.PracticeDetail.as_view(),
        name="practice_detail",
    ),
    path(
        "certificacion/prueba/<slug:code>/<int64:number>/",
        certification.TestBegin.as_view(),
        name="test_begin",
    ),
    path(
        "certificacion/pruebas/<uuid:pk>/", certification.TestDetail.as_view(), name="test_detail"
    ),
    path(
        "certificacion/pruebas/<uuid:pk>/<int64:number>/",
        certification.TestClip.as_view(),
        name="test_clip",
    ),
    path(
        "certificacion/certificados/<int64:pk>/certificado.pdf",
        certification.CertificatePdf.as_view(),
        name="certificate_pdf",
    ),
    path(
        "certificacion/certificados/<int64:pk>/revocar/",
        observers.CertificateRevoke.as_view(),
        name="certificate_revoke",
    ),
    path("certificacion/personas/", observers.ObserverList.as_view(), name="observer_list"),
    path(
        "certificacion/personas/<int64:pk>/",
        observers.ObserverDetail.as_view(),
        name="observer_detail",
    ),
    path("certificacion/umbrales/<slug:code>/", clips.GateEdit.as_view(), name="gate_edit"),
    path("certificacion/escenas/", clips.ClipList.as_view(), name="clip_list"),
    path("certificacion/escenas/nueva/", clips.ClipWrite.as_view(), name="clip_begin"),
    path("certificacion/escena/<slug:code>/", clips.ClipDetail.as_view(), name="clip_detail"),
    path("certificacion/escena/<slug:code>/editar/", clips.ClipWrite.as_view(), name="clip_write"),
    path("certificacion/escena/<slug:code>/codigos/", clips.ClipCodes.as_view(), name="clip_codes"),
]
