"""ESP by an independent implementation, scapy's: decrypts what was captured, makes what is to be sent.

The one argument is a JSON object whose "do" is

  decrypt  prints of each ESP packet of "capture": SPI, sequence number, and the packet inside or BAD;
           before it IPComp with its CPI when it was compressed
  ping     sends one echo request under "sa" with "sequence", damaged as "damage" says
  replay   sends each ESP packet of "capture" from "from" once more

An SA has the fields of espd.lab.SadEntry.
"""

import json
import logging
import sys
import zlib

logging.getLogger("scapy").setLevel(logging.ERROR)

from scapy.layers.inet6 import ICMPv6EchoRequest, IPv6
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.sendrecv import sendp
from scapy.utils import rdpcap

IPCOMP = 108

CIPHERS = {
    "3des-cbc": "3DES",
    "aes-cbc": "AES-CBC",
    "aes-gcm-16": "AES-GCM",
    "chacha20-poly1305": "CHACHA20-POLY1305",
}
AUTHENTICATORS = {
    "": None,
    "hmac-md5": "HMAC-MD5-96",
    "hmac-sha1": "HMAC-SHA1-96",
    "hmac-sha256": "SHA2-256-128",
    "hmac-sha384": "SHA2-384-192",
    "hmac-sha512": "SHA2-512-256",
}


def association(sa):
    tunnel = IPv6(src=sa["from"], dst=sa["to"]) if sa["mode"] == "tunnel" else None
    return SecurityAssociation(
        ESP,
        spi=int(sa["spi"], 16),
        crypt_algo=CIPHERS[sa["cipher"]],
        crypt_key=bytes.fromhex(sa["cipherKey"]),
        auth_algo=AUTHENTICATORS[sa["authenticator"]],
        auth_key=bytes.fromhex(sa["authenticatorKey"]) or None,
        tunnel_header=tunnel,
    )


def captured(task):
    # In UDP an SPI of 0 is the marker before IKE (RFC 3948 section 2.2), which scapy takes for ESP too.
    return [p for p in rdpcap(task["capture"]) if IPv6 in p and ESP in p and p[ESP].spi != 0]


def decrypt(task):
    associations = {int(sa["spi"], 16): association(sa) for sa in task["sas"]}
    for frame in captured(task):
        head = "0x%08x %d" % (frame[ESP].spi, frame[ESP].seq)
        try:
            inside = associations[frame[ESP].spi].decrypt(frame[IPv6].copy())
            inside = inside.__class__(bytes(inside))
            compressed = ""
            if isinstance(inside, Raw):  # in a tunnel, and not an IP packet
                payload, compressed = expanded(bytes(inside), 41)
                inside = IPv6(payload)
            elif inside.nh == IPCOMP:
                next_header = bytes(inside.payload)[0]
                payload, compressed = expanded(bytes(inside.payload), next_header)
                inside = IPv6(bytes(IPv6(src=inside.src, dst=inside.dst, nh=next_header) / Raw(payload)))
            print(head, inside.src, inside.dst, compressed + inside.summary().split(" / ", 1)[-1])
        except Exception as problem:
            print(head, "BAD", repr(problem))


def expanded(octets, next_header):
    """What is compressed with DEFLATE behind the header of IPComp, and its CPI (RFC 3173)."""
    if octets[0] != next_header or octets[1] != 0:
        raise ValueError("no header of IPComp: " + octets[:4].hex())
    stream = zlib.decompressobj(-15)
    payload = stream.decompress(octets[4:]) + stream.flush()
    if not stream.eof or stream.unused_data or len(payload) <= len(octets):
        raise ValueError("compressed badly: " + octets.hex())
    return payload, "IPComp(cpi=0x%s) " % octets[2:4].hex()


def ping(task):
    sa = task["sa"]
    echo = IPv6(src=sa["from"], dst=sa["to"]) / ICMPv6EchoRequest(id=0x4551, seq=task["sequence"], data=b"made by scapy")
    packet = association(sa).encrypt(echo, seq_num=task["sequence"])
    octets = bytearray(bytes(packet[ESP]))
    damage = task["damage"]
    if damage == "flip":
        octets[len(octets) // 2] ^= 1
    elif damage == "truncate":
        octets = octets[:10]
    elif damage == "spi":
        octets[3] ^= 1
    outer = IPv6(src=sa["from"], dst=sa["to"], nh=50, hlim=64) / Raw(bytes(octets))
    send(task, outer)


def replay(task):
    for frame in captured(task):
        if frame[IPv6].src == task["from"]:
            send(task, frame[IPv6])


def send(task, packet):
    sendp(Ether(dst=task["mac"]) / packet, iface="wire", verbose=False)


task = json.loads(sys.argv[1])
{"decrypt": decrypt, "ping": ping, "replay": replay}[task["do"]](task)
