"""Quotes what a delivery costs: GET /delivery-quotes?country=DE&weight=1200 (grams).

Python's standard library only, without Rockpool's sdk: a service that keeps no organization's data and causes no
effect needs nothing but HTTP. The gateway in front of it authenticates and routes as for any other service.
"""

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from quotes import find_quote


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "delivery-quotes"
    sys_version = ""
    timeout = 75  # longer than a gateway keeps an idle connection, so that the gateway closes it first

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/health":
            self.answer(200, {"status": "ok"})
        elif url.path == "/delivery-quotes":
            quote, findings = find_quote(parse_qs(url.query, keep_blank_values=True))
            if findings:
                self.problem(422, "invalid_input", "The query is not valid.", findings=findings)
            else:
                self.answer(200, quote)
        else:
            self.problem(404, "not_found", "There is nothing at this path.")

    def refuse_method(self):
        self.close_connection = True  # a body may follow, which nobody reads
        self.problem(405, "method_not_allowed", "Only GET is answered here.", headers={"Allow": "GET"})

    do_POST = do_PUT = do_PATCH = do_DELETE = refuse_method

    def problem(self, status, code, detail, findings=None, headers=None):
        body = {"type": f"https://shop.example/problems/{code}", "title": code.replace("_", " ").capitalize()}
        body.update({"status": status, "code": code, "detail": detail})
        if findings:
            body["findings"] = findings
        self.answer(status, body, "application/problem+json", headers)

    def answer(self, status, body, content_type="application/json", headers=None):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        """The gateway writes the access log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True  # an idle keep-alive connection must not hold up the end of the process


def main():
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080")))
    server = Server(address, Handler)
    # shutdown() waits for serve_forever(), which this very thread runs: hence a thread of its own
    stop = lambda *_: threading.Thread(target=server.shutdown).start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(json.dumps({"msg": "delivery-quotes listens on http://%s:%s" % server.server_address[:2]}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    main()
