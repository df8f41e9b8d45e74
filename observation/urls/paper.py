from django.urls import path

from observation.views import paper

urlpatterns = [
    path("papel/", paper.PaperForms.as_view(), name="paper_forms"),
    path("papel/<slug:code>/<int64:number>/", paper.PaperEntry.as_view(), name="paper_entry"),
    path(
        "papel/<slug:code>/<int64:number>/<str:form>",
        paper.PaperPrint.as_view(),
        name="paper_print",
    ),
]
