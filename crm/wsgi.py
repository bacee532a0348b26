"""The web door's entry point, served by granian."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from crm.supervisor import ground

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
# Several web processes serve one address: each writes its figures into this folder, and any of them reads all.
# The folder is named before the library is loaded, which happens with the application.
if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(ground.metrics_folder(settings.RUN_DIR, os.getppid()))

application = get_wsgi_application()
