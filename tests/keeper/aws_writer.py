"""Sets one key after the other as `aws configure set` does, with the AWS CLI's own writer, without its slow start."""

import sys
import time

from awscli.customizations.configure.writer import ConfigFileWriter

path, count = sys.argv[1], int(sys.argv[2])
for n in range(count):
    values = {"__section__": "profile theirs", f"key{n}": f"value-{n}-end"}
    ConfigFileWriter().update_config(values, path)
    # Never in step with the other writer.
    time.sleep(0.01 + (n * 0.618034 % 1) * 0.05)
