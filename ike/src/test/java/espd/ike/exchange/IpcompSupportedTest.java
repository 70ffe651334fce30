package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.spd.Ipcomp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// IPCOMP_SUPPORTED on the wire (RFC 7296 §2.22): CPI (16), algorithm (8), attributes of its own.
class IpcompSupportedTest {

  private static Optional<Ipcomp> read(String... notifications) throws MalformedException {
    ChildProposal plain = OnePeer.childProposal(4711, ChildProposal.Padding.TAKEN);
    List<Payload> payloads = new ArrayList<>(plain.payloads(List.of()));
    for (String data : notifications) {
      payloads.add(Notify.of(NotifyType.IPCOMP_SUPPORTED, Bytes.ofHex(data)));
    }
    return ChildProposal.in(new Contents("test", payloads)).orElseThrow().ipcomp();
  }

  /// RFC 7296 §3.10.1: DEFLATE has the number 2; we take no other, and heed no attributes.
  @ParameterizedTest
  @CsvSource({"0c0d 02, 3085", "0100 02 80010002, 256", "efff 02, 61439", "0002 02, 2"})
  void readsTheCpiOfDeflate(String data, int cpi) throws MalformedException {
    assertEquals(Optional.of(new Ipcomp(cpi)), read(data));
  }

  @Test
  void findsDeflateAmongOthers() throws MalformedException {
    assertEquals(Optional.of(new Ipcomp(3085)), read("0001 01", "0c0e 03", "0c0d 02"));
    assertEquals(Optional.empty(), read("0001 01", "0c0e 03"));
    assertEquals(Optional.empty(), read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0c", "0c0d"})
  void refusesEveryPrefix(String data) {
    assertThrows(MalformedException.class, () -> read(data));
  }

  /// RFC 3173 §3.3: other algorithms' own CPIs, and those that are reserved.
  @ParameterizedTest
  @ValueSource(strings = {"0000 02", "0003 02", "00ff 02", "f000 02", "ffff 02"})
  void refusesReservedCpis(String data) {
    assertThrows(MalformedException.class, () -> read(data));
  }

  @Test
  void writesWhatItReads() throws MalformedException {
    ChildProposal plain = OnePeer.childProposal(4711, ChildProposal.Padding.TAKEN);
    ChildProposal with =
        new ChildProposal(
            plain.sa(),
            plain.tsi(),
            plain.tsr(),
            plain.mode(),
            plain.padding(),
            Optional.of(new Ipcomp(3085)));
    List<Payload> payloads = with.payloads(List.of());
    assertEquals(
        Notify.of(NotifyType.IPCOMP_SUPPORTED, Bytes.ofHex("0c0d 02")), payloads.getFirst());
    assertEquals(with, ChildProposal.in(new Contents("test", payloads)).orElseThrow());
  }
}
