"""Sends numbered datagrams to a peer that does the same, and says which of the peer's arrived.

usage: steady.py ADDRESS SECONDS RATE ENOUGH

It sends for SECONDS at the most, until there is a file ENOUGH. The last line of output is "sent N,
received M". Datagrams have 1000 octets.
"""
import os
import socket
import sys
import threading
import time

PORT = 5300
QUIET = 3.0
SO_RCVBUFFORCE = 33

peer, seconds, rate, enough = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
# Large enough for all of them, so that a slow machine loses none at this end.
udp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
udp.bind(("::", PORT))
hello = threading.Event()
received = set()
ends = set()


def receive():
    while True:
        try:
            octets = udp.recv(2048)
        except OSError:
            continue  # the peer does not listen yet
        if octets == b"hello":
            hello.set()
        elif octets.startswith(b"end "):
            ends.add(int(octets[4:]))
        else:
            received.add(octets[:8])


def say(words):
    udp.sendto(words, (peer, PORT))
    time.sleep(0.1)


threading.Thread(target=receive, daemon=True).start()
print("ready", flush=True)
# Until the peer listens too.
while not hello.is_set():
    say(b"hello")
say(b"hello")
start = time.monotonic()
sent = 0
while time.monotonic() - start < seconds and not os.path.exists(enough):
    udp.sendto(sent.to_bytes(8, "big") + bytes(992), (peer, PORT))
    sent += 1
    # Never faster than the rate: what was missed is not made up for in a burst.
    time.sleep(1 / rate)
# The peer says how many there are; when some are lost, nothing comes any more.
before, since = -1, time.monotonic()
while len(received) not in ends and time.monotonic() - since < QUIET:
    if before != len(received):
        before, since = len(received), time.monotonic()
    say(b"end %d" % sent)
for _ in range(5):
    say(b"end %d" % sent)
print(f"sent {sent}, received {len(received)}", flush=True)
