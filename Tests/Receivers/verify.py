"""Verifies what a webhook was sent, with the packages that receivers use.

Reads {"schema": PATH, "secrets": [...], "requests": [{"headers": {...}, "body": "..."}]} from the standard input: each
request must be verified by every secret, be a CloudEvents event, and carry data that the schema allows. Prints how many
there were.
"""
import json
import sys

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from jsonschema import Draft202012Validator, FormatChecker
from standardwebhooks import Webhook, WebhookVerificationError

given = json.load(sys.stdin)
with open(given["schema"], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=FormatChecker())
webhooks = [Webhook(secret if secret.startswith("whsec_") else secret.encode()) for secret in given["secrets"]]

for request in given["requests"]:
    headers, body = request["headers"], request["body"]
    for webhook in webhooks:
        assert webhook.verify(body, headers)["id"] == headers["webhook-id"]
    for forged in [body + " ", body.replace("acme", "evil", 1)]:
        try:
            webhooks[0].verify(forged, headers)
        except WebhookVerificationError:
            continue
        raise AssertionError("a forged body was verified")
    event = from_http_event(HTTPMessage(headers=headers, body=body.encode()))
    assert event.get_specversion() == "1.0"
    assert event.get_id() == headers["webhook-id"]
    assert event.get_datacontenttype() == "application/json"
    assert event.get_dataschema() == schema["$id"]
    data = event.get_data()
    assert event.get_type() == "landlord.execution." + data["status"]
    assert event.get_source() == "/landlord/tenants/" + data["tenant"]
    assert event.get_subject() == data["execution_id"]
    assert event.get_time() is not None
    validator.validate(data)
    for broken in [{**data, "status": "odd"}, {**data, "more": 1}, {k: v for k, v in data.items() if k != "error"}]:
        assert not validator.is_valid(broken), "the schema lets everything in"
print(len(given["requests"]))
