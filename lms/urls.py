from django.urls import path

from lms import views

app_name = "lms"
urlpatterns = [
    path("aprender/", views.LessonList.as_view(), name="lesson_list"),
    path("aprender/avance/", views.ProgressList.as_view(), name="progress_list"),
    path("aprender/leccion/<int64:pk>/", views.LessonStart.as_view(), name="lesson_start"),
    path(
        "aprender/<int64:pk>/<int64:number>/", views.EnrolmentStep.as_view(), name="enrolment_step"
    ),
    path("aprender/<int64:pk>/fin/", views.EnrolmentFinish.as_view(), name="enrolment_finish"),
    path(
        "aprender/<int64:pk>/practica/",
        views.EnrolmentPractise.as_view(),
        name="enrolment_practise",
    ),
]
