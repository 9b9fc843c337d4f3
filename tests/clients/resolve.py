"""Prints the key id that boto3 resolves for a profile, and whom AWS takes it for."""

import json
import sys

import boto3

session = boto3.Session(profile_name=sys.argv[1])
credentials = session.get_credentials()
print(
    json.dumps(
        {
            "Method": credentials.method,
            "AccessKeyId": credentials.get_frozen_credentials().access_key,
            "Region": session.region_name,
            "Arn": session.client("sts").get_caller_identity()["Arn"],
        }
    )
)
