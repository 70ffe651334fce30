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
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/// The server of EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2 §2). There is one try a
/// conversation, and a peer that nobody knows gets the same packets as one with a wrong password.
public final class MsChapV2Server implements ServerMethod {

  private static final int ID = 1;

  private final boolean known;
  private final KeyMaterial passwordHash;
  private final Bytes name;
  private final Bytes identity;
  private final Bytes challenge;
  private State state = new Asked();

  private sealed interface State {}

  private record Asked() implements State {}

  private record Proven(Bytes ntResponse) implements State {}

  private record Refused(String why) implements State {}

  /// @param identity of the peer
  /// @param passwordHash [MsChapV2#ntPasswordHash] of its password, if we know it; copied, as
  ///   another may take its place in the midst of this conversation
  /// @param name of the server, for people
  /// @param random where the challenge is drawn from
  public MsChapV2Server(
      Bytes identity, Optional<KeyMaterial> passwordHash, Bytes name, SecureRandom random) {
    byte[] octets = new byte[MsChapV2.CHALLENGE];
    random.nextBytes(octets);
    this.challenge = Bytes.of(octets);
    this.known = passwordHash.isPresent();
    random.nextBytes(octets);
    this.passwordHash =
        passwordHash
            .map(hash -> hash.use(KeyMaterial::copyOf))
            .orElseGet(() -> KeyMaterial.copyOf(octets));
    this.name = name;
    this.identity = identity;
  }

  @Override
  public EapType type() {
    return EapType.MSCHAPV2;
  }

  @Override
  public Bytes begin() {
    return new Challenge(ID, challenge, name).write();
  }

  @Override
  public Verdict received(Bytes response) throws MalformedException, EapFailedException {
    MsChapV2Packet packet = MsChapV2Packet.read(response);
    if (state instanceof Asked && packet instanceof Response answer) {
      return judge(answer);
    }
    if (state instanceof Proven proven && packet instanceof SuccessTaken) {
      return new Accept(MsChapV2.msk(passwordHash, proven.ntResponse()));
    }
    if (state instanceof Refused refused && packet instanceof FailureTaken) {
      throw new EapFailedException(refused.why());
    }
    throw new MalformedException(
        "MS-CHAPv2 %s out of turn".formatted(packet.getClass().getSimpleName()));
  }

  private Ask judge(Response answer) {
    Bytes userName = MsChapV2.withoutDomain(answer.name());
    MsChapV2.Exchange exchange = new MsChapV2.Exchange(challenge, answer.peerChallenge(), userName);
    Bytes expected = MsChapV2.ntResponse(passwordHash, exchange);
    boolean right = MsChapV2.matches(expected.toArray(), answer.ntResponse().toArray());
    // The password belongs to the identity of EAP, so nobody else may be named here.
    boolean same = userName.equals(MsChapV2.withoutDomain(identity));
    if (right && same && known) {
      state = new Proven(answer.ntResponse());
      String proof = MsChapV2.authenticatorResponse(passwordHash, answer.ntResponse(), exchange);
      return new Ask(new Success(answer.id(), ascii(proof + " M=Welcome")).write());
    }
    state =
        new Refused(
            known
                ? "EAP-MS-CHAPv2 verification failed, the passwords differ"
                : "no EAP key found for '%s'".formatted(Identities.text(identity)));
    String error =
        "E=691 R=0 C=%s V=3 M=Authentication failed"
            .formatted(challenge.toString().toUpperCase(Locale.ROOT));
    return new Ask(new Failure(answer.id(), ascii(error)).write());
  }

  private static Bytes ascii(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    state = new Asked();
    passwordHash.close();
  }
}
