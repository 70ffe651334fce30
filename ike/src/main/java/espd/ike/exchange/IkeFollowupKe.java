package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.message.Bytes;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The exchange of one additional key exchange after CREATE_CHILD_SA (RFC 9370 §2.2.4). The
/// responder gives a link, whose meaning is its own, for each that is to follow.
///
/// ```
/// HDR, SK {KEi(n), N(ADDITIONAL_KEY_EXCHANGE)(link n)}   -->
///                    <--  HDR, SK {KEr(n) [, N(ADDITIONAL_KEY_EXCHANGE)(link n+1)]}
///                or  <--  HDR, SK {N(STATE_NOT_FOUND)}
/// ```
final class IkeFollowupKe {

  private IkeFollowupKe() {}

  /// The request.
  ///
  /// @param kei the initiator's part
  /// @param link what the responder gave
  record Request(KeyExchange kei, Bytes link) {

    /// {@return the request in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Request from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("IKE_FOLLOWUP_KE request", payloads);
      Bytes link =
          IkeFollowupKe.link(in)
              .orElseThrow(() -> new MalformedException("IKE_FOLLOWUP_KE without its link"));
      return new Request(in.required(KeyExchange.class), link);
    }
  }

  /// The answer.
  sealed interface Response {

    /// {@return the answer in these decrypted payloads}
    ///
    /// @param agreed the key exchange that was asked for
    /// @throws MalformedException when there is no answer to it, or of another method
    static Response from(List<Payload> payloads, AdditionalKeyExchange agreed)
        throws MalformedException {
      Contents in = new Contents("IKE_FOLLOWUP_KE response", payloads);
      Optional<Notify> error = in.notifies().error();
      return error.isPresent()
          ? new Refused(error.get())
          : new Exchanged(IkeIntermediate.ke(in, agreed), link(in));
    }
  }

  /// The responder's part.
  ///
  /// @param ker what it sends
  /// @param link for the exchange that follows, if one does
  record Exchanged(KeyExchange ker, Optional<Bytes> link) implements Response {}

  /// No SA.
  record Refused(Notify error) implements Response {}

  /// {@return the link in a message, if it has one}
  static Optional<Bytes> link(Contents in) {
    return in.notifies().first(NotifyType.ADDITIONAL_KEY_EXCHANGE).map(Notify::data);
  }

  /// @throws MalformedException when key exchanges remain and there is no link to them
  static void expectLink(List<AdditionalKeyExchange> remaining, Optional<Bytes> link)
      throws MalformedException {
    if (!remaining.isEmpty() && link.isEmpty()) {
      throw new MalformedException("no link to " + remaining.getFirst());
    }
  }

  /// {@return the payloads of a request or of an answer}
  static List<Payload> payloads(KeyExchange ke, Optional<Bytes> link) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(ke);
    link.map(IkeFollowupKe::notify).ifPresent(payloads::add);
    return payloads;
  }

  /// {@return the notification with a link}
  static Notify notify(Bytes link) {
    return Notify.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, link);
  }
}
