package espd.ike.eap;

import espd.ike.EapType;
import espd.ike.eap.MsChapV2Packet.Challenge;
import espd.ike.eap.MsChapV2Packet.Failure;
import espd.ike.eap.MsChapV2Packet.FailureTaken;
import espd.ike.eap.MsChapV2Packet.Response;
import espd.ike.eap.MsChapV2Packet.Success;
import espd.ike.eap.MsChapV2Packet.SuccessTaken;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The peer of EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2 §2): answers one challenge, and wants
/// to see that the server knows the password too.
public final class MsChapV2Peer implements PeerMethod {

  private static final int PROOF_OCTETS = 42;

  private final Bytes userName;
  private final KeyMaterial passwordHash;
  private final Bytes peerChallenge;
  private State state = new Begun();

  private sealed interface State {}

  private record Begun() implements State {}

  private record Answered(MsChapV2.Exchange exchange, Bytes ntResponse) implements State {}

  private record Convinced(Bytes ntResponse) implements State {}

  private record Refused(String why) implements State {}

  /// @param userName whose password it is, a domain before a backslash allowed
  /// @param passwordHash [MsChapV2#ntPasswordHash] of it, copied: another may take its place in the
  ///   midst of this conversation
  /// @param peerChallenge 16 octets by chance
  public MsChapV2Peer(Bytes userName, KeyMaterial passwordHash, Bytes peerChallenge) {
    this.userName = userName;
    this.passwordHash = passwordHash.use(KeyMaterial::copyOf);
    this.peerChallenge = peerChallenge;
  }

  @Override
  public EapType type() {
    return EapType.MSCHAPV2;
  }

  @Override
  public Bytes answer(Bytes request) throws MalformedException, EapFailedException {
    MsChapV2Packet packet = MsChapV2Packet.read(request);
    if (state instanceof Begun && packet instanceof Challenge challenge) {
      return respond(challenge);
    }
    if (state instanceof Answered answered) {
      if (packet instanceof Success success) {
        return judge(answered, success);
      }
      if (packet instanceof Failure failure) {
        state =
            new Refused("EAP-MS-CHAPv2 failed: '%s'".formatted(Identities.text(failure.message())));
        return new FailureTaken().write();
      }
    }
    throw new MalformedException(
        "MS-CHAPv2 %s out of turn".formatted(packet.getClass().getSimpleName()));
  }

  private Bytes respond(Challenge challenge) {
    MsChapV2.Exchange exchange =
        new MsChapV2.Exchange(
            challenge.challenge(), peerChallenge, MsChapV2.withoutDomain(userName));
    Bytes ntResponse = MsChapV2.ntResponse(passwordHash, exchange);
    state = new Answered(exchange, ntResponse);
    return new Response(challenge.id(), peerChallenge, ntResponse, userName).write();
  }

  private Bytes judge(Answered answered, Success success) throws EapFailedException {
    String expected =
        MsChapV2.authenticatorResponse(passwordHash, answered.ntResponse(), answered.exchange());
    byte[] proof = Arrays.copyOf(success.message().toArray(), PROOF_OCTETS);
    if (!MsChapV2.matches(expected.getBytes(StandardCharsets.US_ASCII), proof)) {
      throw new EapFailedException("EAP-MS-CHAPv2 verification failed: the server does not know");
    }
    state = new Convinced(answered.ntResponse());
    return new SuccessTaken().write();
  }

  @Override
  public KeyMaterial msk() throws EapFailedException {
    if (state instanceof Convinced convinced) {
      return MsChapV2.msk(passwordHash, convinced.ntResponse());
    }
    throw new EapFailedException("EAP_SUCCESS before MS-CHAPv2 has ended");
  }

  @Override
  public String complaint() {
    return state instanceof Refused refused ? refused.why() : PeerMethod.super.complaint();
  }

  @Override
  public void close() {
    state = new Begun();
    passwordHash.close();
  }
}
