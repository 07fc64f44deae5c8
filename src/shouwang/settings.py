"""Django's settings. What an operator sets is an environment variable named here; nothing secret stands in this file."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from shouwang.lib.postgres import Cluster
from shouwang.lib.sealing import read_or_make_keys

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("SHOUWANG_DATA", "var")).resolve()
SEALING_KEY_FILE = Path(os.environ.get("SHOUWANG_SEALING_KEY", DATA / "secrets" / "sealing.key"))
PACKAGE_KEY_FILE = DATA / "secrets" / "package.key"
DEMO = os.environ.get("SHOUWANG_DEMO") == "1"
DEMO_PASSWORD = "shouwang-yanshi-2020"  # shown on the log-in page of a demo; only its invented people have it
# "owner" only for migrations, backup and restore; everything else is the app role, under row-level security.
ROLE = os.environ.get("SHOUWANG_ROLE", "app")

SECRET_KEY = read_or_make_keys(DATA / "secrets" / "web.key").hex()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SHOUWANG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
# Proxies of our own in front of the server: so many of the last entries of X-Forwarded-For are believed.
PROXIES = int(os.environ.get("SHOUWANG_PROXIES", "0"))
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SHOUWANG_ORIGINS", "").split(",") if origin]


def _connection(address: str) -> dict[str, object]:
    """Django's words for a PostgreSQL address, given as a URL or as key=value pairs."""
    known = conninfo_to_dict(address)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    basics = {ours: str(known.pop(theirs, "")) for ours, theirs in names.items()}
    pool = {"min_size": 1, "max_size": 8, "timeout": 10}
    return {"ENGINE": "django.db.backends.postgresql", **basics, "OPTIONS": {**known, "pool": pool}}


def _database_url() -> str:
    named = os.environ.get("DATABASE_URL" if ROLE == "app" else "DATABASE_OWNER_URL", "")
    return named or Cluster(DATA).dsn(f"shouwang_{ROLE}", "shouwang")


DATABASES = {"default": _connection(_database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "shouwang.access",
    "shouwang.plans",
    "shouwang.register",
    "shouwang.duties",
    "shouwang.standing",
    "shouwang.devices",
    "shouwang.screening",
    "shouwang.isolation",
    "shouwang.gates",
    "shouwang.testing",
    "shouwang.outreach",
    "shouwang.directives",
    "shouwang.roster",
    "shouwang.supplies",
    "shouwang.disinfection",
    "shouwang.inspection",
    "shouwang.retention",
    "shouwang.inbox",
    "shouwang.vaccination",
    "shouwang.ledgers",
    "shouwang.desk",
]

MIDDLEWARE = [
    "shouwang.api.checking.GatesFirst",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shouwang.desk.compressed.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "shouwang.urls"
WSGI_APPLICATION = "shouwang.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "desk" / "templates"],  # before allauth's own pages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouwang.desk.frame.frame",
            ]
        },
    }
]

# Log-in: names are given by the community's clerk, nobody signs up; TOTP is available to everybody.
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "shouwang.desk.signing_in.Adapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/5m/key,20/5m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "守望"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("SHOUWANG_HTTPS") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "shouwang.desk.wrong.csrf_failed"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF, NONCE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Rate limits hold across processes: what is counted is counted in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体"), ("zh-hant", "繁體"), ("en", "English")]  # each in its own words
LOCALE_PATHS = [HERE / "locale"]
USE_TZ = True
TIME_ZONE = os.environ.get("SHOUWANG_ZONE", "Asia/Shanghai")

# Vite names each built file by what is in it and lays its compressed forms beside it: nothing is left to collect.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(desk|field)/dist/assets/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

PGHISTORY_APPEND_ONLY = True
PROCRASTINATE_IMPORT_PATHS = ["shouwang.jobs"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHOUWANG_LOG", "WARNING")},
}
