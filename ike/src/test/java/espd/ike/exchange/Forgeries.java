package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.message.Bytes;
import espd.ike.message.Delete;
import espd.ike.message.KeyExchange;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Unknown;
import espd.spd.Ipcomp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/// What an authentic peer with evil or confused intents puts into a message.
///
/// @param choices made by the fuzzer
/// @param connection that it knows
/// @param anySpi an SPI that may be one of its Child SAs
record Forgeries(Choices choices, Connection connection, IntSupplier anySpi) {

  /// {@return the payloads of a message}
  List<Payload> payloads() {
    if (choices.next(2) == 0) {
      return whole();
    }
    List<Payload> payloads = new ArrayList<>();
    for (int n = choices.next(8); n > 0; n--) {
      payloads.add(payload());
    }
    return payloads;
  }

  /// A request, or the response to one, that is whole.
  private List<Payload> whole() {
    int child = 256 + choices.next(16);
    Bytes nonce = Bytes.of(new byte[32]);
    return switch (choices.next(5)) {
      case 0 -> List.of(Delete.esp(anySpi.getAsInt(), child));
      case 1 -> List.of(Delete.ikeSa());
      case 2 ->
          CreateChildSa.ike(
              Proposal.numbered(connection.ikeProposals(), Bytes.ofLong(choices.next(256))),
              nonce,
              new KeyExchange(31, Bytes.ofHex("09" + "00".repeat(31))));
      default -> {
        var selectors = TrafficSelection.offer(connection, Optional.empty());
        yield CreateChildSa.child(
            choices.next(2) == 0 ? Optional.of(256 + choices.next(16)) : Optional.empty(),
            new ChildProposal(
                Proposal.numbered(connection.espProposals(), Bytes.ofInt(child)),
                TrafficSelection.remoteEnds(selectors),
                TrafficSelection.localEnds(selectors),
                connection.mode(),
                ChildProposal.Padding.TAKEN,
                choices.next(2) == 0 ? Optional.of(new Ipcomp(2)) : Optional.empty()),
            nonce,
            Optional.empty());
      }
    };
  }

  private Payload payload() {
    return switch (choices.next(8)) {
      case 0 -> new Nonce(Bytes.of(new byte[16 + choices.next(64)]));
      case 1 ->
          new SecurityAssociation(
              Proposal.numbered(
                  choices.next(2) == 0 ? connection.ikeProposals() : connection.espProposals(),
                  Bytes.of(new byte[choices.next(9)])));
      case 2 -> new KeyExchange(choices.next(40), choices.octets(choices.next(40)));
      case 3 -> Notify.of(choices.next(256), choices.octets(choices.next(8)));
      case 4 -> Notify.of(NotifyType.INITIAL_CONTACT + choices.next(64));
      case 5 -> Notify.ofEsp(NotifyType.REKEY_SA, anySpi.getAsInt());
      default ->
          new Unknown(
              1 + choices.next(255), choices.next(8) == 0, choices.octets(choices.next(32)));
    };
  }
}
