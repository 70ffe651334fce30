package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Unknown;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The request of IKE_SA_INIT as octets (RFC 7296 §2.6): with a cookie it is the same but for that.
final class IkeSaInitTest {

  private static final Bytes COOKIE = Bytes.ofHex("00c0ffee");

  private static Bytes request(Payload... payloads) {
    Header header = new Header(1, 0, Header.IKE_SA_INIT, Header.INITIATOR, 0);
    return Bytes.of(new Message(header, List.of(payloads)).write());
  }

  private static Bytes request(Bytes cookie) {
    return request(
        Stream.concat(Stream.of(Notify.of(NotifyType.COOKIE, cookie)), Stream.of(REST))
            .toArray(Payload[]::new));
  }

  private static final Payload[] REST = {
    Notify.of(NotifyType.REDIRECT_SUPPORTED),
    new Unknown(200, false, Bytes.ofHex("01")),
    new Nonce(Bytes.of(new byte[32]))
  };

  @Test
  void aCookieComesFirstAndTakesThePlaceOfAnother() throws MalformedException {
    Bytes with = IkeSaInit.withCookie(request(REST), COOKIE);
    assertEquals(request(COOKIE), with);
    assertEquals(with, Bytes.of(Message.read(with.toArray()).write()));
    Bytes longer = Bytes.of(new byte[64]);
    assertEquals(request(longer), IkeSaInit.withCookie(with, longer));
    assertEquals(with, IkeSaInit.withCookie(request(longer), COOKIE));
  }

  /// What we do not know, reserved bits too, stays as it is.
  @Test
  void allElseStaysOctetByOctet() {
    byte[] octets = request(REST).toArray();
    octets[Header.OCTETS + 1] |= 0x7f;
    byte[] with = IkeSaInit.withCookie(Bytes.of(octets), COOKIE).toArray();
    int rest = octets.length - Header.OCTETS;
    assertEquals(Bytes.of(octets, Header.OCTETS, rest), Bytes.of(with, with.length - rest, rest));
  }
}
