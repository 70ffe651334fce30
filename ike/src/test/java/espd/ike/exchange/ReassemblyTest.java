package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.crypto.OpenedFragment;
import espd.ike.message.Bytes;
import espd.ike.message.EncryptedFragment;
import espd.ike.message.Header;
import espd.ike.message.Notify;
import espd.ike.message.Payload;
import espd.ike.message.Payloads;
import espd.ike.message.VendorId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Fragments that gather (RFC 7383 §2.6), and those that a peer sends to make us hold much.
final class ReassemblyTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Header REQUEST = new Header(1, 2, Header.INFORMATIONAL, Header.INITIATOR, 5);

  private static OpenedFragment fragment(int number, int total, int octets) {
    return new OpenedFragment(REQUEST, 0, number, total, Bytes.of(new byte[octets]));
  }

  private static boolean wants(Reassembly gathered, int number, int total) {
    return gathered.wants(new EncryptedFragment(0, number, total, Bytes.EMPTY));
  }

  @Test
  void theOrderOfArrivalDoesNotMatter() throws Exception {
    List<Payload> payloads = List.of(new VendorId(Bytes.of(new byte[20])), Notify.of(16384));
    byte[] inner = Payloads.write(payloads);
    Reassembly gathered = Reassembly.NONE;
    for (int number : new int[] {3, 1, 2}) {
      assertFalse(gathered.isComplete());
      int from = (number - 1) * 12;
      Bytes part = Bytes.of(inner, from, Math.min(12, inner.length - from));
      int first = number == 1 ? VendorId.TYPE : 0;
      gathered = gathered.plus(new OpenedFragment(REQUEST, first, number, 3, part), NOW);
    }
    assertTrue(gathered.isComplete());
    assertEquals(payloads, gathered.message().read().payloads());
    assertEquals(inner.length, gathered.octets());
  }

  /// RFC 7383 §2.6: a sender that got no answer tries smaller fragments, of which there are more.
  @Test
  void moreFragmentsReplaceFewerAndFewerAreOld() {
    Reassembly gathered = Reassembly.NONE.plus(fragment(1, 3, 10), NOW);
    assertFalse(wants(gathered, 1, 3), "a duplicate");
    assertTrue(wants(gathered, 2, 3));
    assertFalse(wants(gathered, 2, 2), "of fewer");
    assertTrue(wants(gathered, 1, 4), "of more");
    Reassembly anew = gathered.plus(fragment(4, 4, 10), NOW);
    assertEquals(4, anew.total());
    assertEquals(1, anew.fragments().size(), "what came of the three is forgotten");
    assertFalse(wants(anew, 2, 3));
  }

  /// However many a message is said to have, and however long they are, there is an end to it.
  @Test
  void aMessageTooLongIsForgotten() {
    assertTrue(wants(Reassembly.NONE, 1, 255));
    assertFalse(wants(Reassembly.NONE, 1, 256));
    assertFalse(wants(Reassembly.NONE, 1, 65_535));
    Reassembly gathered = Reassembly.NONE;
    for (int number = 1; number <= 255; number++) {
      gathered = gathered.plus(fragment(number, 255, 1_200), NOW);
      assertTrue(gathered.octets() <= 65_535, "octets");
      assertFalse(gathered.isComplete());
    }
  }

  /// What a peer withholds is not waited for longer than it is sent again.
  @Test
  void fragmentsWithoutTheOthersAreForgottenInTime() {
    Reassembly gathered = Reassembly.NONE.plus(fragment(1, 2, 1_000), NOW);
    MessageWindow window = MessageWindow.fresh().with(REQUEST, gathered);
    Instant end = NOW.plusSeconds(60);
    assertEquals(Optional.of(end), window.forgetAt());
    assertEquals(window, window.forgetting(end.minusMillis(1)));
    MessageWindow after = window.forgetting(end);
    assertEquals(Reassembly.NONE, after.fragments(REQUEST));
    assertEquals(Optional.empty(), after.forgetAt());
    Reassembly later = gathered.plus(fragment(1, 3, 1), NOW.plusSeconds(9));
    assertEquals(NOW.plusSeconds(69), later.until(), "one begun anew has its time anew");
  }

  /// RFC 7296 §2.3: request and response of either end may gather at once, and neither outlives its
  /// message id.
  @Test
  void requestsAndResponsesGatherApart() {
    Header response = new Header(1, 2, Header.INFORMATIONAL, Header.RESPONSE, 0);
    MessageWindow window =
        MessageWindow.fresh()
            .requested(List.of(Bytes.EMPTY), NOW)
            .with(REQUEST, Reassembly.NONE.plus(fragment(1, 2, 10), NOW))
            .with(response, Reassembly.NONE.plus(fragment(2, 2, 10), NOW));
    assertEquals(Reassembly.NONE, window.responded().fragments(response));
    assertEquals(1, window.responded().fragments(REQUEST).fragments().size());
    assertEquals(Reassembly.NONE, window.answered(List.of()).fragments(REQUEST));
    assertEquals(1, window.answered(List.of()).fragments(response).fragments().size());
  }
}
