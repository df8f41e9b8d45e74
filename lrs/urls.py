from django.urls import path

from lrs import api

urlpatterns = [
    path("xapi/statements", api.StatementsView.as_view(), name="xapi_statements"),
]
