"""Runs one function inside an installation: says "ready" once Django stands, waits for the word, prints the result."""

import importlib
import json
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    module, _colon, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(function(*json.loads(sys.argv[2])), ensure_ascii=False), flush=True)
