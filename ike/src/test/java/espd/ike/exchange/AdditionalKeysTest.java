package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.IdInitiator;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Payload;
import espd.ike.message.Payloads;
import espd.spd.KeyMaterial;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// What two ends send each other, recomputed from the formulas with the JDK's HMAC and GCM and none
/// of our key derivation: SKEYSEED(n) and the seven keys (RFC 7296 §2.14, RFC 9370 §2.2.2), IntAuth
/// and AUTH (RFC 9242 §3.3, RFC 7296 §2.15), and what CREATE_CHILD_SA makes (RFC 9370 §2.2.4).
final class AdditionalKeysTest {

  private static final int PRF = 48;
  private static final int ENCR = 32 + 4;
  private static final int ICV = 16;
  private static final int IV = 8;

  /// SK_d, SK_ei, SK_er, SK_pi, SK_pr; GCM has no SK_a.
  private record Keys(Bytes d, Bytes ei, Bytes er, Bytes pi, Bytes pr) {}

  private static byte[] prf(byte[] key, byte[]... parts) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA384");
    mac.init(new SecretKeySpec(key, "HmacSHA384"));
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static Keys keys(byte[] skeyseed, byte[] seed) throws GeneralSecurityException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    byte[] t = {};
    for (byte i = 1; stream.size() < 3 * PRF + 2 * ENCR; i++) {
      t = prf(skeyseed, t, seed, new byte[] {i});
      stream.writeBytes(t);
    }
    ByteBuffer all = ByteBuffer.wrap(stream.toByteArray());
    return new Keys(
        next(all, PRF), next(all, ENCR), next(all, ENCR), next(all, PRF), next(all, PRF));
  }

  private static Bytes next(ByteBuffer from, int octets) {
    byte[] next = new byte[octets];
    from.get(next);
    return Bytes.of(next);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /// The payloads of a message of one SK payload, decrypted by GCM as RFC 5282 says.
  private static byte[] decrypted(byte[] key, byte[] datagram) throws GeneralSecurityException {
    int prefix = 28 + 4;
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] nonce =
        joined(Arrays.copyOfRange(key, 32, 36), Arrays.copyOfRange(datagram, prefix, prefix + IV));
    gcm.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, 0, 32, "AES"),
        new GCMParameterSpec(8 * ICV, nonce));
    gcm.updateAAD(datagram, 0, prefix);
    byte[] padded = gcm.doFinal(datagram, prefix + IV, datagram.length - prefix - IV);
    return Arrays.copyOf(padded, padded.length - 1 - (padded[padded.length - 1] & 0xff));
  }

  /// A | P: the datagram's first 32 octets with the lengths that it would have without IV, padding
  /// and ICV, and what was inside.
  private static byte[] covered(byte[] datagram, byte[] inner) {
    byte[] a = Arrays.copyOf(datagram, 32);
    ByteBuffer.wrap(a).putInt(24, 32 + inner.length).putShort(30, (short) (4 + inner.length));
    return joined(a, inner);
  }

  private static byte[] shared(EphemeralKeyPair pair, KeyExchange ker) throws Exception {
    try (KeyMaterial secret = pair.agree(ker.data())) {
      return secret.use(byte[]::clone);
    }
  }

  private static <P extends Payload> P payload(Class<P> type, List<Payload> payloads) {
    return payloads.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private static void assertSame(byte[] expected, KeyMaterial ours) {
    assertArrayEquals(expected, ours.use(byte[]::clone));
  }

  private static void assertSame(Keys expected, IkeKeys ours) {
    assertSame(expected.d.toArray(), ours.skD());
    assertSame(expected.ei.toArray(), ours.skE(Role.INITIATOR));
    assertSame(expected.er.toArray(), ours.skE(Role.RESPONDER));
    assertSame(expected.pi.toArray(), ours.skP(Role.INITIATOR));
    assertSame(expected.pr.toArray(), ours.skP(Role.RESPONDER));
  }

  @Test
  void keysAndAuthAreThoseOfTheFormulas() throws Exception {
    FaceToFace hosts =
        IkeIntermediateTest.both(IkeIntermediateTest.MLKEM_768, IkeIntermediateTest.X448);
    hosts.initiator.compute();
    byte[] request = hosts.initiator.sent.getFirst().payload();
    EphemeralKeyPair x25519 = ((Connecting.InitRequested) hosts.initiator.state).key();
    hosts.initiator.talksTo(hosts.responder);
    byte[] response = hosts.responder.sent.getFirst().payload();
    List<Payload> answered = Message.read(response).payloads();
    byte[] ni = payload(Nonce.class, Message.read(request).payloads()).data().toArray();
    byte[] nr = payload(Nonce.class, answered).data().toArray();
    byte[] seed = joined(ni, nr, Arrays.copyOf(response, 16));
    byte[] gIr = shared(x25519, payload(KeyExchange.class, answered));
    Keys keys = keys(prf(joined(ni, nr), gIr), seed);
    byte[] intAuthI = {};
    byte[] intAuthR = {};
    for (int n = 1; n <= 2; n++) {
      hosts.responder.talksTo(hosts.initiator);
      hosts.initiator.compute();
      assertSame(keys, ((Enciphered) hosts.initiator.state).ikeSa().keys());
      byte[] kei = hosts.initiator.sent.getFirst().payload();
      EphemeralKeyPair pair = ((Connecting.IntermediateRequested) hosts.initiator.state).key();
      hosts.initiator.talksTo(hosts.responder);
      byte[] ker = hosts.responder.sent.getFirst().payload();
      byte[] innerI = decrypted(keys.ei.toArray(), kei);
      byte[] innerR = decrypted(keys.er.toArray(), ker);
      intAuthI = prf(keys.pi.toArray(), intAuthI, covered(kei, innerI));
      intAuthR = prf(keys.pr.toArray(), intAuthR, covered(ker, innerR));
      KeyExchange secondHalf = payload(KeyExchange.class, Payloads.read(KeyExchange.TYPE, innerR));
      keys = keys(prf(keys.d.toArray(), shared(pair, secondHalf), ni, nr), seed);
      assertSame(keys, ((Enciphered) hosts.responder.state).ikeSa().keys());
    }
    hosts.responder.talksTo(hosts.initiator);
    hosts.initiator.compute();
    assertAuth(
        hosts, keys, joined(request, nr), joined(intAuthI, intAuthR, new byte[] {0, 0, 0, 3}));
    hosts.initiator.talksTo(hosts.responder);
    assertSame(keys, ((Established) hosts.responder.state).ikeSa().keys());
  }

  /// `AUTH = prf(prf(secret, pad), RealMessage1 | Nr | prf(SK_pi, IDi) | IntAuth)`
  private static void assertAuth(FaceToFace hosts, Keys keys, byte[] init, byte[] intAuth)
      throws Exception {
    byte[] authRequest = hosts.initiator.sent.getFirst().payload();
    List<Payload> inner =
        Payloads.read(IdInitiator.TYPE, decrypted(keys.ei.toArray(), authRequest));
    byte[] macedId = prf(keys.pi.toArray(), payload(IdInitiator.class, inner).body().toArray());
    byte[] secret = FaceToFace.SHARED_KEY.getBytes(StandardCharsets.UTF_8);
    byte[] pad = prf(secret, "Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        Bytes.of(prf(pad, init, macedId, intAuth)), payload(Authentication.class, inner).data());
  }

  /// Nonces and shared secrets of an SA that the initiator makes.
  private record Exchanged(Bytes nonces, List<Bytes> secrets) {

    /// SK(0) | Ni | Nr | SK(1) | … | SK(n)
    byte[] seed() {
      return joined(
          secrets.get(0).toArray(),
          nonces.toArray(),
          secrets.get(1).toArray(),
          secrets.get(2).toArray());
    }
  }

  private static Exchanged exchanged(FaceToFace hosts) throws Exception {
    List<Bytes> secrets = new ArrayList<>();
    byte[] nonces = {};
    for (int n = 0; n <= IkeFollowupKeTest.ADDITIONAL.length; n++) {
      hosts.initiator.compute();
      Pending pending =
          IkeFollowupKeTest.established(hosts.initiator).work().pending().orElseThrow();
      EphemeralKeyPair pair =
          switch (pending) {
            case Pending.ChildRequested p -> p.offer().key().orElseThrow();
            case Pending.IkeRequested p -> p.offer().key();
            case Pending.FollowupRequested p -> p.pair();
            default -> throw new AssertionError(pending);
          };
      List<Payload> request = IkeFollowupKeTest.said(hosts.initiator).payloads();
      hosts.initiator.talksTo(hosts.responder);
      List<Payload> response = IkeFollowupKeTest.said(hosts.responder).payloads();
      secrets.add(Bytes.of(shared(pair, payload(KeyExchange.class, response))));
      if (n == 0) {
        nonces =
            joined(
                payload(Nonce.class, request).data().toArray(),
                payload(Nonce.class, response).data().toArray());
      }
      hosts.responder.talksTo(hosts.initiator);
    }
    hosts.quiet();
    return new Exchanged(Bytes.of(nonces), secrets);
  }

  /// `KEYMAT = prf+ (SK_d, SK(0) | Ni | Nr | SK(1) | … | SK(n))`
  @Test
  void theKeysOfAChildSaAreThoseOfTheFormula() throws Exception {
    FaceToFace hosts = IkeFollowupKeTest.established();
    IkeKeys keys = IkeFollowupKeTest.established(hosts.initiator).ikeSa().keys();
    IkeFollowupKeTest.rekeysChild(hosts, hosts.initiator);
    byte[] seed = exchanged(hosts).seed();
    byte[] skD = keys.skD().use(byte[]::clone);
    byte[] first = prf(skD, seed, new byte[] {1});
    byte[] keymat = joined(first, prf(skD, first, seed, new byte[] {2}));
    ChildSa child = IkeFollowupKeTest.child(hosts.initiator);
    assertSame(Arrays.copyOf(keymat, ENCR), child.outbound().parameters().encryptionKey());
    assertSame(
        Arrays.copyOfRange(keymat, ENCR, 2 * ENCR), child.inbound().parameters().encryptionKey());
    IkeFollowupKeTest.assertSameChild(hosts);
  }

  /// `SKEYSEED = prf(SK_d, SK(0) | Ni | Nr | SK(1) | … | SK(n))`
  @Test
  void theKeysOfTheNextIkeSaAreThoseOfTheFormula() throws Exception {
    FaceToFace hosts = IkeFollowupKeTest.established();
    byte[] skD =
        IkeFollowupKeTest.established(hosts.initiator).ikeSa().keys().skD().use(byte[]::clone);
    hosts.initiator.happens(new Event.RekeyWanted(hosts.now));
    Exchanged exchanged = exchanged(hosts);
    Established one = hosts.initiator.successors.getFirst();
    Established other = hosts.responder.successors.getFirst();
    byte[] spis =
        joined(
            Bytes.ofLong(one.ikeSa().spiI()).toArray(), Bytes.ofLong(one.ikeSa().spiR()).toArray());
    Keys expected = keys(prf(skD, exchanged.seed()), joined(exchanged.nonces().toArray(), spis));
    assertSame(expected, one.ikeSa().keys());
    assertSame(expected, other.ikeSa().keys());
    assertEquals(1, one.children().size());
    assertEquals(1, other.children().size());
  }
}
