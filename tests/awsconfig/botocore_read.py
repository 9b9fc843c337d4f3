"""Prints what botocore reads from each file: one JSON object per line, in the order of the arguments.

Paths come one a line on stdin, so that a batch of any size is one process. Each answer is
{"profiles": {name: {key: value}}} or {"error": text}; a nested block is an object.
"""

import json
import sys

import botocore.exceptions
from botocore.configloader import load_config

for path in sys.stdin.read().split("\n"):
    if not path:
        continue
    try:
        answer = {"profiles": load_config(path)["profiles"]}
    except botocore.exceptions.ConfigParseError as error:
        answer = {"error": type(error).__name__}
    print(json.dumps(answer))
