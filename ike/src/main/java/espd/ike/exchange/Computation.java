package espd.ike.exchange;

import espd.ike.Identity;
import espd.ike.crypto.AuthSignature;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.InvalidPublicValueException;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.SignatureScheme;
import espd.ike.eap.EapEnd;
import espd.ike.eap.EapTurn;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Certificate;
import espd.ike.message.KeyExchange;
import espd.ike.pki.Inquiry;
import espd.ike.pki.Trust;
import espd.spd.KeyMaterial;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One end's work in a key exchange (RFC 7296 §2.14) or its turn of EAP (§2.16) or a signature
/// (§2.15): milliseconds of work that nobody waits for on the event loop. Any thread may run it,
/// one at a time.
public sealed interface Computation {

  /// Runs it.
  ///
  /// @param random where private values are drawn from
  Result run(SecureRandom random);

  /// What comes of it. A state has at most one computation of its own request and one for the
  /// peer's request under way, and their results differ in type.
  sealed interface Result extends AutoCloseable {

    /// Wipes what is secret in it: for one that comes too late.
    @Override
    default void close() {}
  }

  /// The key pair of our request.
  record Generate(KeyExchangeMethod method) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      return new Generated(method.generate(random));
    }
  }

  /// A key pair.
  record Generated(EphemeralKeyPair key) implements Result {
    @Override
    public void close() {
      key.close();
    }
  }

  /// The shared secret once the response to our request is here. The key pair is used up.
  record Agree(EphemeralKeyPair key, Bytes peerPublic) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      try (key) {
        return new Agreed(key.agree(peerPublic));
      } catch (InvalidPublicValueException e) {
        return new NotAgreed(String.valueOf(e.getMessage()));
      }
    }
  }

  /// The shared secret, for our request.
  record Agreed(KeyMaterial secret) implements Result {
    @Override
    public void close() {
      secret.close();
    }
  }

  /// The peer's public value in its response is not to be used.
  record NotAgreed(String why) implements Result {}

  /// Public value and shared secret for the peer's request.
  record Answer(KeyExchangeMethod method, Bytes peerPublic) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      try {
        KeyExchangeMethod.Answer answer = method.answer(peerPublic, random);
        return new Answered(new KeyExchange(method.transformId(), answer.data()), answer.secret());
      } catch (InvalidPublicValueException e) {
        return new NotAnswered(String.valueOf(e.getMessage()));
      }
    }
  }

  /// Our KE payload and the shared secret.
  record Answered(KeyExchange ke, KeyMaterial secret) implements Result {
    @Override
    public void close() {
      secret.close();
    }
  }

  /// The peer's public value in its request is not to be used.
  record NotAnswered(String why) implements Result {}

  /// The next turn of a conversation by EAP, which is this computation's alone until it is there.
  record Converse(EapEnd end, Bytes packet) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      return new Conversed(end, end.received(packet));
    }
  }

  /// Our end's turn.
  record Conversed(EapEnd end, EapTurn turn) implements Result {
    @Override
    public void close() {
      end.close();
      if (turn instanceof EapTurn.Succeeded succeeded) {
        succeeded.proof().msk().close();
      }
    }
  }

  /// Our signature (RFC 7296 §2.15).
  ///
  /// @param key ours
  /// @param scheme that fits it
  /// @param octets to sign
  /// @param withoutPpk to sign besides, where the peer may do without the PPK (RFC 8784 §3)
  /// @param certificates that go with it
  record Sign(
      PrivateKey key,
      SignatureScheme scheme,
      Bytes octets,
      Optional<Bytes> withoutPpk,
      List<Certificate> certificates)
      implements Computation {
    @Override
    public Result run(SecureRandom random) {
      try {
        Optional<Authentication> without = Optional.empty();
        if (withoutPpk.isPresent()) {
          without = Optional.of(proof(withoutPpk.get(), random));
        }
        return new Signed(scheme, proof(octets, random), without, certificates);
      } catch (GeneralSecurityException e) {
        return new NotSigned("the private key does not sign: " + e.getMessage());
      }
    }

    private Authentication proof(Bytes signed, SecureRandom random)
        throws GeneralSecurityException {
      return AuthSignature.authentication(scheme, scheme.sign(key, signed.toArray(), random));
    }
  }

  /// Our proof.
  record Signed(
      SignatureScheme scheme,
      Authentication auth,
      Optional<Authentication> withoutPpk,
      List<Certificate> certificates)
      implements Result {}

  /// We cannot prove ourselves.
  record NotSigned(String why) implements Result {}

  /// The peer's certificate and signature (RFC 7296 §2.15).
  ///
  /// @param trust that judges the certificate
  /// @param identity who the peer says it is
  /// @param certificates it has sent
  /// @param signature its proof
  /// @param octets what it may sign: one of these
  record Verify(
      Trust trust,
      Identity identity,
      List<Bytes> certificates,
      AuthSignature signature,
      List<Bytes> octets)
      implements Computation {
    @Override
    public Result run(SecureRandom random) {
      return switch (trust.judge(identity, certificates)) {
        case Trust.Distrusted(String why) -> new NotVerified(why);
        case Trust.Trusted(List<PublicKey> keys, List<String> lines) ->
            proven(keys)
                .<Result>map(line -> new Verified(lines, line))
                .orElseGet(() -> wrong(keys));
        case Trust.Unsettled(Trust.Trusted(List<PublicKey> keys, List<String> lines), Inquiry i) ->
            proven(keys)
                .<Result>map(line -> new Unsettled(lines, i, line))
                .orElseGet(() -> wrong(keys));
      };
    }

    private Optional<String> proven(List<PublicKey> keys) {
      return keys.stream().flatMap(key -> proving(key).stream()).findFirst();
    }

    private Optional<String> proving(PublicKey key) {
      return signature.schemes().stream()
          .filter(scheme -> scheme.fits(key) && trust.rule().permits(scheme))
          .filter(
              scheme ->
                  octets.stream()
                      .anyMatch(o -> scheme.verifies(key, o.toArray(), signature.value())))
          .findFirst()
          .map(scheme -> "authentication of '%s' with %s successful".formatted(identity, scheme));
    }

    private NotVerified wrong(List<PublicKey> keys) {
      return new NotVerified(
          "signature of '%s' (%s) is wrong, or not of its key (%s), or not allowed (%s)"
              .formatted(
                  identity,
                  signature.schemes().getFirst(),
                  keys.getFirst().getAlgorithm(),
                  trust.rule().schemes().isEmpty() ? "any" : trust.rule().schemes()));
    }
  }

  /// The peer is who it says it is.
  ///
  /// @param lines for people
  record Verified(List<String> lines) implements Result {

    private Verified(List<String> lines, String last) {
      this(Stream.concat(lines.stream(), Stream.of(last)).toList());
    }
  }

  /// The peer is who it says it is, unless a certificate is revoked: that is to be asked
  /// ([Action.Inquire]).
  ///
  /// @param lines for people
  /// @param inquiry that settles it
  /// @param proven for people, once it is settled
  record Unsettled(List<String> lines, Inquiry inquiry, String proven) implements Result {}

  /// What has come of an inquiry.
  ///
  /// @param lines for people
  /// @param verdict what the peer's proof is worth
  record Settled(List<String> lines, Result verdict) implements Result {

    /// {@return of a proof that was right}
    static Settled of(Inquiry.Finding finding, String proven) {
      return new Settled(
          finding.lines(),
          finding
              .objection()
              .<Result>map(NotVerified::new)
              .orElseGet(() -> new Verified(List.of(proven))));
    }
  }

  /// The peer has not proven who it is.
  record NotVerified(String why) implements Result {}

  /// What one of several exchanges at a time waits for, as those of IKEv1 are.
  ///
  /// @param messageId of the exchange
  record Within(int messageId, Computation computation) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      return new DoneWithin(messageId, computation.run(random));
    }
  }

  /// What an exchange has waited for.
  ///
  /// @param messageId of the exchange
  record DoneWithin(int messageId, Result result) implements Result {
    @Override
    public void close() {
      result.close();
    }
  }
}
