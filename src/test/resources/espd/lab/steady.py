"""Sends numbered datagrams to a peer that does the same, and says which of the peer's arrived.

usage: steady.py ADDRESS SECONDS RATE

The last line of output is "sent N, received M". Datagrams have 1000 octets.
"""
import socket
import sys
import threading
import time

PORT = 5300
QUIET = 3.0
SO_RCVBUFFORCE = 33

peer, seconds, rate = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
# Large enough for all of them, so that a slow machine loses none at this end.
udp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
udp.bind(("::", PORT))
received = set()


def receive():
    while True:
        try:
            received.add(udp.recv(2048)[:8])
        except OSError:
            pass  # the peer does not listen yet


threading.Thread(target=receive, daemon=True).start()
print("ready", flush=True)
# Until the peer listens too.
while not received:
    udp.sendto(b"hello", (peer, PORT))
    time.sleep(0.1)
for _ in range(10):
    udp.sendto(b"hello", (peer, PORT))
    time.sleep(0.1)
received.discard(b"hello")
start = time.monotonic()
sent = 0
while time.monotonic() - start < seconds:
    udp.sendto(sent.to_bytes(8, "big") + bytes(992), (peer, PORT))
    sent += 1
    # Never faster than the rate: what was missed is not made up for in a burst.
    time.sleep(1 / rate)
before = -1
while before != len(received):
    before = len(received)
    time.sleep(QUIET)
received.discard(b"hello")
print(f"sent {sent}, received {len(received)}", flush=True)
