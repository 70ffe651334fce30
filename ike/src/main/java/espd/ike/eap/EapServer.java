package espd.ike.eap;

import espd.ike.EapType;
import espd.ike.eap.EapPacket.Failure;
import espd.ike.eap.EapPacket.Request;
import espd.ike.eap.EapPacket.Response;
import espd.ike.eap.EapPacket.Success;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The end that wants proof (RFC 3748 §4): asks who the peer is, where that is not known, then asks
/// by one method, or by another that the peer wants instead. In IKE this is the responder.
public final class EapServer implements EapEnd {

  /// A method this server may ask by.
  ///
  /// @param type the method
  /// @param begun its conversation with a peer of this identity
  public record Offer(EapType type, Function<Bytes, ServerMethod> begun) {}

  private final List<Offer> offers;
  private Optional<Bytes> identity;
  private Optional<ServerMethod> method = Optional.empty();
  private boolean refusable = true;
  private int id;
  private int rounds;

  /// @param offers the methods, the preferred first
  /// @param identity who the peer is; empty asks it
  /// @param firstId the Identifier of the first request, 0 to 255, by chance (RFC 3748 §4.1)
  /// @throws IllegalArgumentException when there are no methods
  public EapServer(List<Offer> offers, Optional<Bytes> identity, int firstId) {
    if (offers.isEmpty()) {
      throw new IllegalArgumentException("no method of EAP");
    }
    this.offers = List.copyOf(offers);
    this.identity = identity;
    this.id = firstId & 0xff;
  }

  /// {@return the first request}
  public Bytes begin() {
    return identity
        .map(known -> ask(offers.getFirst(), known))
        .orElseGet(() -> new Request(id, EapPacket.IDENTITY, Bytes.EMPTY))
        .write();
  }

  private Request ask(Offer offer, Bytes peer) {
    method.ifPresent(ServerMethod::close);
    ServerMethod begun = offer.begun().apply(peer);
    method = Optional.of(begun);
    return new Request(id, offer.type().number(), begun.begin());
  }

  @Override
  public EapTurn received(Bytes packet) {
    int answered = id;
    try {
      if (++rounds > MAX_ROUNDS) {
        throw new EapFailedException("EAP does not end");
      }
      if (!(EapPacket.read(packet) instanceof Response response)) {
        throw new MalformedException("no EAP response from the peer");
      }
      if (response.id() != id) {
        throw new MalformedException("EAP response of another request");
      }
      return next(response);
    } catch (MalformedException | EapFailedException e) {
      // The Identifier is that of the response it answers (RFC 3748 §4.2), as that of Success is.
      Bytes failure = new Failure(answered).write();
      return new EapTurn.Failed(Optional.of(failure), String.valueOf(e.getMessage()));
    }
  }

  /// {@return why this will end in failure, where that is known after a turn that says something
  /// still}
  public Optional<String> complaint() {
    return method.flatMap(ServerMethod::complaint);
  }

  /// {@return the packet in the place of Success, when what the peer has proven does not count}
  public Bytes denial() {
    return new Failure((id - 1) & 0xff).write();
  }

  private EapTurn next(Response response) throws MalformedException, EapFailedException {
    int answered = id;
    id = (id + 1) & 0xff;
    if (method.isEmpty()) {
      if (response.type() != EapPacket.IDENTITY) {
        throw new MalformedException("EAP type " + response.type() + " instead of an identity");
      }
      identity = Optional.of(response.data());
      return new EapTurn.Next(ask(offers.getFirst(), response.data()).write());
    }
    ServerMethod asked = method.get();
    Bytes peer = identity.orElseThrow();
    if (response.type() == EapPacket.NAK && refusable) {
      refusable = false;
      return new EapTurn.Next(ask(instead(asked.type(), response.data()), peer).write());
    }
    if (response.type() != asked.type().number()) {
      throw new MalformedException(
          "EAP type " + response.type() + " in answer to " + asked.type().number());
    }
    refusable = false;
    return switch (asked.received(response.data())) {
      case ServerMethod.Ask(Bytes data) ->
          new EapTurn.Next(new Request(id, asked.type().number(), data).write());
      case ServerMethod.Accept accept ->
          new EapTurn.Succeeded(
              Optional.of(new Success(answered).write()),
              new EapTurn.Proof(asked.type(), peer, accept.msk(), asked.lines(), asked.inquiry()));
    };
  }

  /// The method that the peer wants instead, if we want it too (RFC 3748 §5.3.1).
  private Offer instead(EapType refused, Bytes wanted) throws EapFailedException {
    return offers.stream()
        .filter(offer -> offer.type() != refused)
        .filter(offer -> contains(wanted, offer.type().number()))
        .findFirst()
        .orElseThrow(
            () ->
                new EapFailedException(
                    "peer refuses %s and offers no method we allow".formatted(refused.label())));
  }

  private static boolean contains(Bytes octets, int value) {
    for (int i = 0; i < octets.length(); i++) {
      if (octets.at(i) == value) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    method.ifPresent(ServerMethod::close);
  }
}
