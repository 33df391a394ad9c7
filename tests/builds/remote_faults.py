#!/usr/bin/env python3
"""A server on loopback that does what no server should: remote_faults.py MODE PORT_FILE [TARGET_PORT]

The port that it listens on is written to PORT_FILE once it listens. Modes:
  stall      takes everything, says nothing
  hangup     hangs up on everybody
  garbage    answers with bytes that are no protocol
  endless    answers with a text that never ends, as Redis and as HTTP
  drip       begins an answer, and sends one byte every tenth of a second
  STATUS     an HTTP status, as 500 or 302 (which leads to itself)
  delay=MS   hands on to TARGET_PORT, each piece in each direction late by so many milliseconds; each answer that follows a
             question adds a line to PORT_FILE.rounds: how often somebody waited
"""
import os
import socket
import sys
import threading
import time


def listen(port_file):
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    with open(port_file + ".new", "w") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(port_file + ".new", port_file)
    return listener


def swallow(connection):
    while connection.recv(65536):
        pass


def answer_once(connection, data):
    while connection.recv(65536):
        connection.sendall(data)


def endless(connection):
    asked = connection.recv(65536)
    if asked.startswith(b"*"):
        connection.sendall(b"$2000000000\r\n")
    else:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def drip(connection):
    asked = connection.recv(65536)
    data = b"$1000\r\n" if asked.startswith(b"*") else b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    connection.sendall(data)
    while True:
        connection.sendall(b"x")
        time.sleep(0.1)


def status(connection, code):
    text = f"HTTP/1.1 {code} So\r\nContent-Length: 0\r\nLocation: /elsewhere\r\n\r\n".encode()
    pending = b""
    while True:
        data = connection.recv(65536)
        if not data:
            return
        pending += data
        while b"\r\n\r\n" in pending:
            pending = pending.split(b"\r\n\r\n", 1)[1]
            connection.sendall(text)


def hand_on(source, target, delay, told):
    """Each piece goes on when its time has come; pieces do not wait for each other."""
    queue = []
    ready = threading.Condition()

    def send():
        while True:
            with ready:
                while not queue:
                    ready.wait()
                due, data = queue.pop(0)
            time.sleep(max(0, due - time.monotonic()))
            try:
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)
            except OSError:
                return

    threading.Thread(target=send, daemon=True).start()
    while True:
        try:
            data = source.recv(262144)
        except OSError:
            data = b""
        told()
        with ready:
            queue.append((time.monotonic() + delay, data))
            ready.notify()
        if not data:
            return


def relay(connection, target_port, delay, rounds_file):
    server = socket.create_connection(("127.0.0.1", target_port))
    for end in (connection, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    last = [""]

    def told(direction):
        def note():
            if direction == "up" and last[0] != "up":
                with open(rounds_file, "a") as file:
                    file.write("round\n")
            last[0] = direction
        return note

    threading.Thread(target=hand_on, args=(connection, server, delay, told("up")), daemon=True).start()
    hand_on(server, connection, delay, told("down"))


def main():
    mode, port_file = sys.argv[1:3]
    listener = listen(port_file)
    if mode.startswith("delay="):
        # There and back together take as long as is said.
        delay = int(mode.split("=")[1]) / 2000
        target_port = int(sys.argv[3])
        handle = lambda connection: relay(connection, target_port, delay, port_file + ".rounds")
    elif mode.isdigit():
        handle = lambda connection: status(connection, mode)
    else:
        handle = {
            "stall": swallow,
            "hangup": lambda connection: connection.close(),
            "garbage": lambda connection: answer_once(connection, b"\x00\xffthis is no protocol\n" * 10),
            "endless": endless,
            "drip": drip,
        }[mode]

    def serve(connection):
        try:
            handle(connection)
        except OSError:
            pass
        finally:
            connection.close()

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


main()
