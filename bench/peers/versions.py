"""Prints what the peers are, as one JSON object of names and versions."""

import json
import platform
from importlib import metadata

NAMES = ("torch", "transformers", "trl", "peft")

print(json.dumps({"Python": platform.python_version(), **{name: metadata.version(name) for name in NAMES}}))
