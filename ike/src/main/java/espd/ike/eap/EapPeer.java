package espd.ike.eap;

import espd.ike.eap.EapPacket.Failure;
import espd.ike.eap.EapPacket.Request;
import espd.ike.eap.EapPacket.Response;
import espd.ike.eap.EapPacket.Success;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Writer;
import java.util.List;
import java.util.Optional;

/// The end that proves itself (RFC 3748 §4): says who it is, and answers the one method that both
/// ends have. In IKE this is the initiator.
public final class EapPeer implements EapEnd {

  private final Bytes identity;
  private final List<PeerMethod> methods;
  private Optional<PeerMethod> chosen = Optional.empty();
  private int rounds;

  /// @param identity what it answers when it is asked who it is
  /// @param methods that it has, the preferred first; they are its own to close
  public EapPeer(Bytes identity, List<PeerMethod> methods) {
    this.identity = identity;
    this.methods = List.copyOf(methods);
  }

  @Override
  public EapTurn received(Bytes packet) {
    try {
      if (++rounds > MAX_ROUNDS) {
        throw new EapFailedException("EAP does not end");
      }
      return switch (EapPacket.read(packet)) {
        case Request request -> new EapTurn.Next(answer(request).write());
        case Success success -> succeeded();
        case Failure failure ->
            new EapTurn.Refused(
                chosen
                    .map(PeerMethod::complaint)
                    .orElse("received EAP_FAILURE, EAP authentication failed"));
        case Response response -> throw new MalformedException("EAP response from the server");
      };
    } catch (MalformedException | EapFailedException e) {
      return new EapTurn.Failed(Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private Response answer(Request request) throws MalformedException, EapFailedException {
    int id = request.id();
    return switch (request.type()) {
      case EapPacket.IDENTITY -> new Response(id, EapPacket.IDENTITY, identity);
      case EapPacket.NOTIFICATION -> new Response(id, EapPacket.NOTIFICATION, Bytes.EMPTY);
      default -> {
        if (chosen.isEmpty()) {
          chosen = methods.stream().filter(m -> m.type().number() == request.type()).findFirst();
        }
        if (chosen.isEmpty()) {
          yield new Response(id, EapPacket.NAK, wanted());
        }
        // Once a method is under way no other may take its place (RFC 3748 §2.1).
        if (chosen.get().type().number() != request.type()) {
          throw new MalformedException("EAP method " + request.type() + " after another");
        }
        yield new Response(id, request.type(), chosen.get().answer(request.data()));
      }
    };
  }

  /// The methods that a refusal asks for instead (RFC 3748 §5.3.1).
  private Bytes wanted() {
    Writer out = new Writer();
    methods.forEach(method -> out.u8(method.type().number()));
    return Bytes.of(out.toArray());
  }

  private EapTurn succeeded() throws EapFailedException {
    if (chosen.isEmpty()) {
      // A server that asked for no proof has proven nothing either (RFC 3748 §4.2).
      throw new EapFailedException("EAP_SUCCESS before any method");
    }
    PeerMethod method = chosen.get();
    return new EapTurn.Succeeded(
        Optional.empty(),
        new EapTurn.Proof(method.type(), identity, method.msk(), method.lines(), method.inquiry()));
  }

  @Override
  public void close() {
    methods.forEach(PeerMethod::close);
  }
}
