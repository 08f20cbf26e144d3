"""Greets by name: GET /greetings/Mia. Python's standard library, and nothing of Rockpool's."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path.startswith("/greetings/")
        body = {"greeting": f"Hello, {self.path.split('/')[2]}!"} if known else {"status": "ok"}
        content = json.dumps(body).encode()
        self.send_response(200 if known or self.path == "/health" else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
