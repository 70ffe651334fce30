package espd.ike.eap;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// The Type-Data of EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2 §2).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    OpCode     | MS-CHAPv2-ID  |           MS-Length           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Data ...            the answers to success and failure are an OpCode only
/// +-+-+-+-+-+-+-+-+
/// ```
sealed interface MsChapV2Packet {

  /// The server's challenge.
  record Challenge(int id, Bytes challenge, Bytes name) implements MsChapV2Packet {}

  /// The peer's answer to it.
  record Response(int id, Bytes peerChallenge, Bytes ntResponse, Bytes name)
      implements MsChapV2Packet {}

  /// That the answer is right: `S=…` and text.
  record Success(int id, Bytes message) implements MsChapV2Packet {}

  /// That it is wrong: `E=… R=… C=… V=3 M=…`.
  record Failure(int id, Bytes message) implements MsChapV2Packet {}

  /// The peer has taken the success.
  record SuccessTaken() implements MsChapV2Packet {}

  /// The peer has taken the failure.
  record FailureTaken() implements MsChapV2Packet {}

  /// {@return the packet}
  ///
  /// @throws MalformedException when it is none
  static MsChapV2Packet read(Bytes typeData) throws MalformedException {
    Reader in = new Reader(typeData.toArray());
    int opCode = in.u8();
    if (!in.hasMore()) {
      return switch (opCode) {
        case 3 -> new SuccessTaken();
        case 4 -> new FailureTaken();
        default -> throw new MalformedException("MS-CHAPv2 packet without data");
      };
    }
    int id = in.u8();
    Reader body = in.sub(in.u16() - 4);
    return switch (opCode) {
      case 1 -> {
        sized(body, MsChapV2.CHALLENGE);
        yield new Challenge(id, body.bytes(MsChapV2.CHALLENGE), body.rest());
      }
      case 2 -> {
        sized(body, MsChapV2.CHALLENGE + 8 + MsChapV2.NT_RESPONSE + 1);
        Bytes peerChallenge = body.bytes(MsChapV2.CHALLENGE);
        body.skip(8);
        Bytes ntResponse = body.bytes(MsChapV2.NT_RESPONSE);
        body.skip(1);
        yield new Response(id, peerChallenge, ntResponse, body.rest());
      }
      case 3 -> new Success(id, body.rest());
      case 4 -> new Failure(id, body.rest());
      default -> throw new MalformedException("MS-CHAPv2 OpCode " + opCode);
    };
  }

  private static void sized(Reader body, int octets) throws MalformedException {
    int size = body.u8();
    if (size != octets) {
      throw new MalformedException("MS-CHAPv2 Value-Size " + size + ", not " + octets);
    }
  }

  /// {@return its octets}
  default Bytes write() {
    return switch (this) {
      case Challenge(int id, Bytes challenge, Bytes name) ->
          write(1, id, new Writer().u8(challenge.length()).bytes(challenge).bytes(name));
      case Response(int id, Bytes peerChallenge, Bytes ntResponse, Bytes name) ->
          write(
              2,
              id,
              new Writer()
                  .u8(peerChallenge.length() + 8 + ntResponse.length() + 1)
                  .bytes(peerChallenge)
                  .u64(0)
                  .bytes(ntResponse)
                  .u8(0)
                  .bytes(name));
      case Success(int id, Bytes message) -> write(3, id, new Writer().bytes(message));
      case Failure(int id, Bytes message) -> write(4, id, new Writer().bytes(message));
      case SuccessTaken() -> Bytes.of((byte) 3);
      case FailureTaken() -> Bytes.of((byte) 4);
    };
  }

  private static Bytes write(int opCode, int id, Writer body) {
    Bytes data = Bytes.of(body.toArray());
    Writer out = new Writer().u8(opCode).u8(id).u16(4 + data.length()).bytes(data);
    return Bytes.of(out.toArray());
  }
}
