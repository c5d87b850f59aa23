"""All addresses are those of the pages; what is unknown gets a page that says so."""

from django.urls import include, path

urlpatterns = [path("", include("pages.urls"))]

handler404 = "pages.views.errors.not_found"
handler400 = "pages.views.errors.bad_request"
handler500 = "pages.views.errors.server_error"
