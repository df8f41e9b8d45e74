from django.urls import path

from organisations import views

urlpatterns = [
    path("", views.front, name="front"),
    path("inicio/", views.home, name="home"),
]
