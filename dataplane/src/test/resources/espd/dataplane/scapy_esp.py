# Seals and opens ESP packets with scapy, one request a line:
#   seal|open  transport|tunnel  CIPHER KEY AUTH|- AUTHKEY|-  SPI SEQUENCE ESN-HIGH|-  LOCAL REMOTE  PACKET
# Keys and packets in hexadecimal. Answers the packet, or "error REASON".
import sys

from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.compat import raw


def answer(words):
    verb, mode, cipher, key, auth, auth_key, spi, sequence, high, local, remote, packet = words
    sa = SecurityAssociation(
        ESP,
        spi=int(spi),
        crypt_algo=cipher,
        crypt_key=None if key == "-" else bytes.fromhex(key),
        auth_algo=None if auth == "-" else auth,
        auth_key=None if auth_key == "-" else bytes.fromhex(auth_key),
        tunnel_header=IPv6(src=local, dst=remote) if mode == "tunnel" else None,
        esn_en=high != "-",
        esn=0 if high == "-" else int(high),
    )
    if verb == "seal":
        return raw(sa.encrypt(IPv6(bytes.fromhex(packet)), seq_num=int(sequence)))
    return raw(sa.decrypt(IPv6(bytes.fromhex(packet))))


print("ready", flush=True)
for line in sys.stdin:
    try:
        print(answer(line.split()).hex(), flush=True)
    except Exception as e:
        print("error", repr(e), flush=True)
