"""Settings of the web pages: for one machine, without a database, an admin or anything fetched from elsewhere."""

from __future__ import annotations

from frontend import backend

backend.make_importable()

from frontend.secret_key import secret_key  # noqa: E402
from saves.storage import Storage  # noqa: E402

SECRET_KEY = secret_key(Storage.of_checkout().temp)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = ["django.contrib.staticfiles", "pages"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pages.middleware.content_security_policy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pages.middleware.FaultsAsPages",
]
ROOT_URLCONF = "frontend.urls"
WSGI_APPLICATION = "frontend.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES: dict[str, dict[str, str]] = {}
USE_TZ = True
TIME_ZONE = None  # the clock of this machine
USE_I18N = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [backend.FRONTEND_SERVER / "static_dirs"]
WHITENOISE_USE_FINDERS = True
# Worlds and looks may be drawn again while the server runs, and one user causes no load.
WHITENOISE_AUTOREFRESH = True

X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "pages.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000

# The terminal belongs to the simulation: only what goes wrong is said there.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
    },
}
