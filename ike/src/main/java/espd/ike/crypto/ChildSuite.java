package espd.ike.crypto;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.EspSuite;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The algorithms of one Child SA (RFC 7296 §3.3).
///
/// @param suite what protects its packets
/// @param esn whether sequence numbers have 64 bits
/// @param method of its own key exchange, where it has one (RFC 7296 §1.3.1)
/// @param additional those that follow it (RFC 9370 §2.2.4)
public record ChildSuite(
    EspSuite suite,
    boolean esn,
    Optional<KeyExchangeMethod> method,
    List<AdditionalKeyExchange> additional) {

  private static final int EXTENDED = 1;

  /// Copies the list.
  public ChildSuite {
    additional = List.copyOf(additional);
  }

  /// {@return the algorithms of a proposal with one transform of each type}
  ///
  /// @param chosen as [ProposalSelection] or the peer chose it
  /// @throws IllegalArgumentException when it names one that we do not have
  public static ChildSuite from(Proposal chosen) {
    boolean esn = chosen.ofType(Transform.ESN).stream().anyMatch(t -> t.id() == EXTENDED);
    boolean exchanges =
        chosen.ofType(Transform.DH).stream().anyMatch(t -> t.id() != Transform.NONE);
    return new ChildSuite(
        Suites.cipher(chosen),
        esn,
        exchanges
            ? Optional.of(Suites.one(chosen, Transform.DH, t -> KeyExchangeMethod.of(t.id())))
            : Optional.empty(),
        AdditionalKeyExchange.in(chosen));
  }

  /// {@return the suite as strongSwan prints it: `AES_CBC_128/HMAC_SHA1_96/NO_EXT_SEQ`}
  @Override
  public String toString() {
    return suite
        + method.map(each -> "/" + each).orElse("")
        + additional.stream().map(each -> "/" + each).collect(Collectors.joining())
        + (esn ? "/EXT_SEQ" : "/NO_EXT_SEQ");
  }
}
