"""What holds everywhere. What differs by place is in dev, test and production."""

import tomllib

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.env import BASE_DIR, database, env
from config.logs import logging_config

INSTALLED_APPS = [
    "config",
    "core",
    "organisations",
    "fieldwork",
    "lrs",
    "cms",
    "lms",
    "observation",
    "visits",
    "mentoring",
    "analytics",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.forms",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

# Addresses that programs ask: they are answered in JSON and led nowhere.
FOR_PROGRAMS = ("/api/", "/xapi/")
MIDDLEWARE = [
    "config.middleware.HttpsForProgramsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestLogMiddleware",
    "config.middleware.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "organisations.second_steps.SecondStepMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.NulMiddleware",
    "config.middleware.RefusalMiddleware",
    # Last, so that it sees a lock-out raised anywhere below it.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["core.templatetags.components"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organisations.context_processors.navigation",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.Renderer"

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "cms.adapters.EditorBackend",  # opens Wagtail's editor to posts that may edit
]
AUTH_PASSWORD_VALIDATORS: list[dict] = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",  # Django's own list: 8,351 of eight letters and more
            "NumericPasswordValidator",
        )
    ),
    {"NAME": "organisations.passwords.OwnWordsValidator"},
]
# A file of passwords seen in breaches, one a line in small letters, plain or gzip.
if PASSWORD_LIST := env.str("TRENZA_PASSWORD_LIST", default=""):
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "django.contrib.auth.password_validation.CommonPasswordValidator",
            "OPTIONS": {"password_list_path": PASSWORD_LIST},
        }
    )
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "/"

# allauth: e-mail and password, or a one-time code by e-mail; TOTP and passkeys as second step.
ACCOUNT_ADAPTER = "organisations.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Mail may take its time to an old phone; longer is not advised (ASVS 6.5.5).
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
PASSWORD_RESET_TIMEOUT = 3600
# Who registers a person vouches for her address (User.objects.create_user). An address that nobody
# vouched for is proven by a code, typed where it was asked for: a link could be pressed by whoever
# gets the mail, and would then open another's account to the one who asked.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # one address each, which posts and lists go by
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    # Passwords lock at axes' six, before this; what it guards is the code of the second step.
    "login_failed": "10/15m/key",
    # Those who learn together in one room sign in at the same moment, from one address.
    "login": "120/m/ip",
    "request_login_code": "120/m/ip,3/m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "organisations.forms.accounts.AddKeyForm",
    "edit_webauthn": "organisations.forms.accounts.EditKeyForm",
}
MFA_TOTP_ISSUER = "Trenza"
# Roles that must bring a second step or a passkey; a demonstration asks it of nobody.
SECOND_STEP_ROLES = env.list("TRENZA_SECOND_STEP_ROLES", default=[])

AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
# allauth hands its credentials on as "email": without this, one lock would hold for all accounts.
AXES_USERNAME_CALLABLE = "organisations.adapters.sign_in_name"
AXES_CLIENT_IP_CALLABLE = "organisations.adapters.client_address"
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has it, without address and network

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.str("TRENZA_TIME_ZONE", default="America/Mexico_City")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has business with them
# Records made offline (docs/fieldwork.md). Pictures beside them only where the programme wants
# them; they stand below no address.
FIELD_ATTACHMENTS = env.bool("TRENZA_FIELD_ATTACHMENTS", default=False)
FIELD_BLOBS_ROOT = env.str("TRENZA_FIELD_BLOBS", default=str(BASE_DIR / "var" / "field"))
# Far above what any honest phone sends, even after weeks without a network.
FIELD_RECORDS_PER_HOUR = env.int("TRENZA_FIELD_RECORDS_PER_HOUR", default=1000)
# Attachments of statements, which the record store gives to its clients alone.
XAPI_BLOBS_ROOT = env.str("TRENZA_XAPI_BLOBS", default=str(BASE_DIR / "var" / "xapi"))

STORAGES_BASE = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "field": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FIELD_BLOBS_ROOT},
    },
    "xapi": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": XAPI_BLOBS_ROOT},
    },
}
STORAGES = STORAGES_BASE
MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("TRENZA_MEDIA", default=str(BASE_DIR / "var" / "media"))

# Ratings frozen for analyses: private, never below an address. Workers of a cluster read it too.
SNAPSHOTS_ROOT = env.str("TRENZA_SNAPSHOTS", default=str(BASE_DIR / "var" / "snapshots"))
# Sessions exported by their readers: private and forgotten after days; web and worker share it.
EXPORTS_ROOT = env.str("TRENZA_EXPORTS", default=str(BASE_DIR / "var" / "exports"))
# "local": in the worker's own process. "dask": over the workers of the scheduler named.
ANALYTICS_ENGINE = env.str("TRENZA_ENGINE", default="local")
DASK_SCHEDULER = env.str("TRENZA_DASK_SCHEDULER", default="")

# Forms and API bodies; larger files stream to disk and are checked by their own door.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A session form of two cycles posts some 150 fields; a national import none.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A session at rest ends after four days, which a weekend fits in, and any after two weeks, as the
# agenda of a phone does (docs/security.md, 7.1.1).
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = env.int("TRENZA_SESSION_REST_HOURS", default=96) * 3600
SESSION_LONGEST = env.int("TRENZA_SESSION_DAYS", default=14) * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they may name people
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page, or ask for it
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Wagtail's editor writes inline scripts and styles and previews pages in a frame.
EDITOR_URL = "/editor/"
EDITOR_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "media-src": [SELF, "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
}

WAGTAIL_SITE_NAME = "Trenza"
# Wagtail's own page table: the setting cannot change once pages exist (docs/adr/0004).
WAGTAIL_PAGE_MODEL = "wagtailcore.Page"
# Pictures and documents of our own, for the same reason.
WAGTAILIMAGES_IMAGE_MODEL = "cms.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.Paper"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt"]
WAGTAILEMBEDS_FINDERS: list[dict] = []  # the server asks no other site for anything
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
# One door for everybody, /cuenta/: Wagtail's own sign-in knows no second step.
# cms.views.editor_login stands before it and answers 403 to who is in but may not edit.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "/cuenta/login/"
WAGTAILADMIN_BASE_URL = env.str("TRENZA_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no visitor's address goes to a third party
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["organisations.adapters.ScopedFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "core.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # A page of 500 ratings each: a region's year in a few minutes.
    "DEFAULT_THROTTLE_RATES": {"api": env.str("TRENZA_API_RATE", default="600/min")},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Trenza",
    "DESCRIPTION": _("Read what you may see on the pages, with a key of your own."),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["config.openapi.documented"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.answered",
    ],
    "SERVERS": [{"url": WAGTAILADMIN_BASE_URL}],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "SessionStatus": "observation.enums.SessionStatus",
        "VersionStatus": "observation.enums.VersionStatus",
    },
}

# People and lessons are named below this address in xAPI statements. It must never change: the
# statements cannot.
XAPI_HOME_PAGE = env.str("TRENZA_XAPI_HOME", default="https://trenza.example")
# One request to the record store: a batch of statements with their attachments, or a document.
XAPI_LARGEST_BODY = env.int("TRENZA_XAPI_LARGEST_BODY", default=32 * 1024 * 1024)
# Of one client, in each web process.
XAPI_REQUESTS_PER_MINUTE = env.int("TRENZA_XAPI_REQUESTS_PER_MINUTE", default=60_000)

LOGGING = logging_config(level=env.str("TRENZA_LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

SITE_NAME = _("Trenza")
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
