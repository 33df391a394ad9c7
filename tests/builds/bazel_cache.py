#!/usr/bin/env python3
"""A server on loopback that is as strict as those of Bazel's HTTP cache: bazel_cache.py PORT_FILE TOKEN

Knows /ac and /cas below any prefix, by names of 64 hexadecimal digits. Whoever does not say TOKEN (bearer) gets 401. What comes
to /cas must have the SHA-256 that it is named by, what comes to /ac must be a message ActionResult, to which it adds a field and
which it writes anew; both need a length. All of it is said on standard output, a line per request: METHOD STATUS NAME.
The port is written to PORT_FILE once it listens.
"""
import hashlib
import http.server
import os
import re
import sys

NAME = re.compile(r"^/?(?:.*/)?(ac|cas)/([0-9a-f]{64})$")
STDOUT_RAW, EXECUTION_METADATA = 5, 9
WORKER = b"\x0a\x04here"  # its field 1


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def fields_of(message):
    """(number, bytes) for each field; all that ActionResult has at the top are bytes but exit_code, which is none of ours."""
    at = 0

    def take():
        nonlocal at
        number = shift = 0
        while True:
            byte = message[at]
            at += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    while at < len(message):
        tag = take()
        if tag & 7 != 2:
            raise ValueError(f"field {tag >> 3} of type {tag & 7}")
        length = take()
        if at + length > len(message):
            raise ValueError("a field goes beyond the end")
        yield tag >> 3, message[at:at + length]
        at += length


def with_worker(message):
    fields = dict(fields_of(message))
    if not fields.keys() <= {STDOUT_RAW}:
        raise ValueError(f"fields {sorted(fields)}")
    # In front, as no writer of such messages would: readers must take any order.
    fields = {EXECUTION_METADATA: WORKER, **fields}
    return b"".join(varint(number << 3 | 2) + varint(len(value)) + value for number, value in fields.items())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept = {}
    token = ""

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        print(self.command, status, self.path, flush=True)

    def place(self):
        """Folder and name, when this request may go on."""
        found = NAME.match(self.path)
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            self.answer(401)
        elif not found:
            self.answer(400)
        else:
            return found.groups()
        return None

    def do_GET(self):
        if place := self.place():
            body = self.kept.get(place)
            self.answer(200 if body is not None else 404, body or b"")

    do_HEAD = do_GET

    def do_PUT(self):
        length = self.headers.get("Content-Length")
        body = self.rfile.read(int(length)) if length else b""
        place = self.place()
        if not place:
            return
        try:
            if not length or not body:
                raise ValueError("no length, or nothing")
            if place[0] == "cas" and hashlib.sha256(body).hexdigest() != place[1]:
                raise ValueError("another digest")
            self.kept[place] = with_worker(body) if place[0] == "ac" else body
        except (ValueError, IndexError) as wrong:
            print("refused:", wrong, flush=True)
            return self.answer(400)
        self.answer(200)

    def log_message(self, *arguments):
        pass


def main():
    port_file, Handler.token = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(port_file + ".new", "w", encoding="utf-8") as file:
        file.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
