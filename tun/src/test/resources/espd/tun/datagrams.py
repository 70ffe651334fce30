"""Sends and receives datagrams, many in one call.

send ADDRESS CALLS SEGMENT COUNT SHORTER: in each call COUNT datagrams of SEGMENT octets and one of
SHORTER, each filled with its number in two octets.
receive SINGLE|MANY COUNT: prints R when ready, then each datagram behind its length in two octets,
then 0xffff and the number of calls in four.
"""
import socket
import struct
import sys
import time

PORT = 5002
SOL_UDP, UDP_SEGMENT, UDP_GRO = 17, 103, 104
SO_RCVBUFFORCE = 33


def send(address, calls, segment, count, shorter):
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.setsockopt(SOL_UDP, UDP_SEGMENT, segment)
    number = 0
    for _ in range(calls):
        payload = b""
        for octets in [segment] * count + [shorter]:
            payload += (struct.pack("!H", number) * octets)[:octets]
            number += 1
        udp.sendto(payload, (address, PORT))
        time.sleep(0.005)


def receive(kind, count):
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 25)
    if kind == "MANY":
        udp.setsockopt(SOL_UDP, UDP_GRO, 1)
    udp.bind(("::", PORT))
    udp.settimeout(5)
    out = sys.stdout.buffer
    out.write(b"R")
    out.flush()
    received = calls = 0
    try:
        while received < count:
            octets, said, _, _ = udp.recvmsg(65535, 256)
            calls += 1
            segment = max(1, len(octets))
            for level, kind, value in said:
                if (level, kind) == (SOL_UDP, UDP_GRO):
                    segment = struct.unpack("=i", value[:4])[0]
            for at in range(0, len(octets), segment):
                one = octets[at:at + segment]
                out.write(struct.pack("!H", len(one)) + one)
                received += 1
    except TimeoutError:
        pass
    out.write(struct.pack("!HI", 0xFFFF, calls))


if sys.argv[1] == "send":
    send(sys.argv[2], *map(int, sys.argv[3:]))
else:
    receive(sys.argv[2], int(sys.argv[3]))
