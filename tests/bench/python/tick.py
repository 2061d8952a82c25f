"""The scans' heartbeat as one would write it in Python with boto3: for `cargo measure start` to hold ours against.

It does what the function `scan` does on a tick: wakes the jobs whose time has come, starts the scans that are due, and counts the
companies that are overdue. The loop at the end is what AWS's runtime for Python does: it asks the Runtime API for events.
"""

import datetime
import json
import os
import urllib.request

import boto3

JOURNAL = os.environ["JOURNAL_TABLE"]
SETTINGS = os.environ["SETTINGS_TABLE"]
BOOKING = os.environ["BOOKING_QUEUE_URL"]
SCANS = os.environ["SCAN_QUEUE_URL"]

dynamodb = boto3.client("dynamodb")
sqs = boto3.client("sqs")


def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def tick():
    now = datetime.datetime.now(datetime.timezone.utc)
    due = {":kind": {"S": "scan"}, ":now": {"S": instant(now)}}
    pages = dynamodb.get_paginator("query").paginate(
        TableName=SETTINGS,
        IndexName="due",
        KeyConditionExpression="due_kind = :kind AND due_at <= :now",
        ExpressionAttributeValues=due,
    )
    again = instant(now + datetime.timedelta(minutes=15))
    started = 0
    for page in pages:
        for item in page["Items"]:
            tenant = item["tenant"]["S"]
            body = json.dumps({"tenant": {"tenant": tenant, "page": 1, "counted": 0, "total": None}})
            sqs.send_message(QueueUrl=SCANS, MessageBody=body)
            dynamodb.update_item(
                TableName=SETTINGS,
                Key={"tenant": {"S": tenant}, "scope": {"S": "state"}},
                UpdateExpression="SET due_at = :at",
                ExpressionAttributeValues={":at": {"S": again}},
            )
            started += 1
    return started


def main():
    api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
    while True:
        with urllib.request.urlopen(f"{api}/next") as event:
            request = event.headers["Lambda-Runtime-Aws-Request-Id"]
            event.read()
        answer = json.dumps({"started": tick()}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{api}/{request}/response", data=answer, method="POST")).read()


main()
