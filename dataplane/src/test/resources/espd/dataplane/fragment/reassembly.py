# Puts datagrams together, each from the fragments of one line, in hexadecimal.
#   scapy   answers the datagram
#   kernel  answers what the datagram carries in UDP to port 6000 of ::1; needs a network namespace
#           of its own, and root
# Or answers "error REASON".
import socket
import subprocess
import sys


def scapy():
    from scapy.compat import raw
    from scapy.layers.inet6 import IPv6, defragment6

    return lambda fragments: raw(defragment6([IPv6(fragment) for fragment in fragments]))


def kernel():
    udp_no_check6_rx = 102
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    receiver = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.IPPROTO_UDP, udp_no_check6_rx, 1)
    receiver.bind(("::1", 6000))
    receiver.settimeout(5)
    sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)

    def receive(fragments):
        for fragment in fragments:
            sender.sendto(fragment, ("::1", 0))
        return receiver.recv(65535)

    return receive


answer = {"scapy": scapy, "kernel": kernel}[sys.argv[1]]()
print("ready", flush=True)
for line in sys.stdin:
    try:
        print(answer([bytes.fromhex(word) for word in line.split()]).hex(), flush=True)
    except Exception as e:
        print("error", repr(e), flush=True)
