from django.urls import path

from organisations.views import home

urlpatterns = [
    path("", home.front, name="front"),
    path("inicio/", home.home, name="home"),
]
