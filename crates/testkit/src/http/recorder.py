"""A real HTTPS server that records what it was asked and answers as it is told to.

Speaks one JSON object a line: the first line of the input says how to listen, each further one is a
command, and each is answered by one line of the output. Ends with its input.
"""

import base64
import hashlib
import hmac
import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REQUESTS = []
ANSWER = {"status": 200, "body": "", "headers": {}, "delay": 0}


def is_signed(secret, headers, body):
    """As the Standard Webhooks specification has it: one of the signatures is enough."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")


def basic(headers):
    kind, _, rest = headers.get("authorization", "").partition(" ")
    return base64.b64decode(rest).decode().split(":", 1) if kind == "Basic" else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        secrets = SETTINGS["secrets"] if "webhook-signature" in headers else []
        REQUESTS.append({
            "method": self.command,
            "path": self.path,
            "headers": headers,
            "body": body.decode(),
            "basic": basic(headers),
            "signed_by": [secret for secret in secrets if is_signed(secret, headers, body)],
        })
        time.sleep(ANSWER["delay"])
        content = ANSWER["body"].encode()
        self.send_response(ANSWER["status"])
        for name, value in ANSWER["headers"].items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = answer

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that turn away are what tests are about."""


SETTINGS = json.loads(sys.stdin.readline())
server = Server(("127.0.0.1", 0), Handler)
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(SETTINGS["certificate"], SETTINGS["key"])
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)

threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps(server.server_address[1]), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    if command["do"] == "answer":
        ANSWER.update(command["answer"])
    if command["do"] == "know":
        SETTINGS["secrets"].append(command["secret"])
    print(json.dumps(REQUESTS), flush=True)
