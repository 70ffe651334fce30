package espd.ike.crypto;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.List;

/// A key exchange after the first one, whose secret goes into the same keys (RFC 9370 §2.2).
///
/// @param number of its transform type: 1 for ADDKE1, up to 7
/// @param method what is exchanged
public record AdditionalKeyExchange(int number, KeyExchangeMethod method) {

  /// {@return those of a proposal with one transform of each type, in the order in which they take
  /// place; NONE is none (RFC 9370 §2.2.1)}
  ///
  /// @param chosen as [ProposalSelection] or the peer chose it
  /// @throws IllegalArgumentException when it names one that we do not have
  static List<AdditionalKeyExchange> in(Proposal chosen) {
    return Transform.ADDKE.stream()
        .filter(type -> chosen.ofType(type).stream().anyMatch(t -> t.id() != Transform.NONE))
        .map(
            type ->
                new AdditionalKeyExchange(
                    Transform.additionalNumber(type),
                    Suites.one(chosen, type, t -> KeyExchangeMethod.of(t.id()))))
        .toList();
  }

  /// {@return as strongSwan prints it: `KE1_ML_KEM_768`}
  @Override
  public String toString() {
    return "KE" + number + "_" + method;
  }
}
