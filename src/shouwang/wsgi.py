"""What granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

YOUNG = 50_000  # a batch of half a thousand events makes some thousands of objects, and leaves none

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)
gc.freeze()  # what is loaded stays: a collection in the middle of a batch need not look through it again
gc.set_threshold(YOUNG)
