# Deflates and inflates without a zlib header (RFC 1951), a line a time: "deflate LEVEL HEX" or
# "inflate 0 HEX". What is inflated has to be one stream and nothing behind it.
import sys
import zlib

print("ready", flush=True)
for line in sys.stdin:
    verb, level, text = line.split()
    octets = bytes.fromhex(text)
    try:
        if verb == "deflate":
            machine = zlib.compressobj(int(level), zlib.DEFLATED, -15)
            print((machine.compress(octets) + machine.flush()).hex(), flush=True)
        else:
            machine = zlib.decompressobj(-15)
            inflated = machine.decompress(octets)
            complete = machine.eof and not machine.unused_data
            print(inflated.hex() if complete else "error: not one stream", flush=True)
    except zlib.error as error:
        print("error:", error, flush=True)
