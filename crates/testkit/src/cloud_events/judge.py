"""The SDK of CloudEvents, asked line by line whether messages are events."""

import json
import sys

sys.path.insert(0, json.loads(sys.stdin.readline())["sdk"])

from cloudevents.core.bindings import http, kafka  # noqa: E402

print(json.dumps(True), flush=True)


def read(message):
    headers = dict(message["headers"])
    if len(headers) != len(message["headers"]):
        raise ValueError("a header stands twice")
    body = message["body"].encode()
    if message["binding"] == "http":
        return http.from_http_event(http.HTTPMessage(headers=headers, body=body))
    headers = {name: value.encode() for name, value in headers.items()}
    key = message["key"]
    return kafka.from_kafka_event(kafka.KafkaMessage(headers=headers, key=key, value=body))


for line in sys.stdin:
    try:
        event = read(json.loads(line))
        answer = {"attributes": event.get_attributes(), "data": event.get_data()}
    except Exception as wrong:  # whatever it finds
        answer = {"wrong": f"{type(wrong).__name__}: {wrong} {getattr(wrong, 'errors', '')}"}
    print(json.dumps(answer, default=str), flush=True)
