package espd.ike.v1.crypto;

import espd.ike.crypto.ChildKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.Role;
import espd.ike.crypto.SignatureScheme;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Tshark;
import espd.ike.pki.Certificates;
import espd.ike.v1.message.AuthenticationMethod;
import espd.ike.v1.message.Certificate;
import espd.ike.v1.message.Encapsulation;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpDatagram;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.Recording;
import espd.ike.v1.message.SecurityAssociation;
import espd.ike.v1.message.Signature;
import espd.spd.KeyMaterial;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A recorded exchange, gone through once more by one who knows its secrets.
final class Replay {

  private final Recording recording;
  private final List<IsakmpDatagram> datagrams = new ArrayList<>();
  private final List<Deciphered> deciphered = new ArrayList<>();
  private final Map<Integer, Iv> ivs = new HashMap<>();
  private final PhaseOneSelection.Chosen chosen;
  private final PhaseOneKeys keys;

  /// A message decrypted.
  ///
  /// @param line as it was recorded
  /// @param before the IV that it was encrypted with
  /// @param opened what was inside, and the next IV
  record Deciphered(Recording.Line line, Iv before, PhaseOneCipher.Opened opened) {}

  private Replay(Recording recording) throws MalformedException {
    this.recording = recording;
    for (Recording.Line line : recording.messages()) {
      datagrams.add(IsakmpDatagram.read(line.datagram()));
    }
    PhaseOneTerms terms =
        new PhaseOneTerms(
            List.of(Samples.IKE), List.of(AuthenticationMethod.values()), Lifetimes.UNSAID);
    this.chosen = (PhaseOneSelection.Chosen) terms.choose(clear(SecurityAssociation.class, 0));
    this.keys = derive();
    ivs.put(0, keys.firstIv());
  }

  static Replay of(Recording recording) throws MalformedException {
    return new Replay(recording);
  }

  private PhaseOneKeys derive() {
    Header header = datagrams.get(1).header();
    KeyInputs exchanged =
        new KeyInputs(
            clear(Nonce.class, 0).data(),
            clear(Nonce.class, 1).data(),
            header.spiI(),
            header.spiR());
    PhaseOneInputs inputs =
        new PhaseOneInputs(
            exchanged, clear(KeyExchange.class, 0).data(), clear(KeyExchange.class, 1).data());
    KeyMaterial gXy = recording.secret("shared");
    return chosen.method().signs()
        ? PhaseOneKeys.withSignatures(suite(), inputs, gXy)
        : PhaseOneKeys.withPreSharedKey(suite(), inputs, recording.secret("psk"), gXy);
  }

  /// The `number`th payload of a kind that is sent in the clear.
  private <P extends IsakmpPayload> P clear(Class<P> kind, int number) {
    return datagrams.stream()
        .filter(IsakmpMessage.class::isInstance)
        .flatMap(message -> ((IsakmpMessage) message).all(kind).stream())
        .toList()
        .get(number);
  }

  IsakmpDatagram read(int index) {
    return datagrams.get(index);
  }

  IkeSuite suite() {
    return chosen.suite();
  }

  PhaseOneSelection.Chosen chosen() {
    return chosen;
  }

  PhaseOneKeys keys() {
    return keys;
  }

  SecurityAssociation answered() {
    return clear(SecurityAssociation.class, 1);
  }

  List<Deciphered> deciphered() {
    return deciphered;
  }

  List<Deciphered> toTheEnd() throws MalformedException {
    for (int i = 0; i < datagrams.size(); i++) {
      if (datagrams.get(i) instanceof EncryptedMessage message) {
        int id = message.header().messageId();
        Iv iv = ivs.computeIfAbsent(id, each -> keys.firstIv(phaseOneIv(), each));
        PhaseOneCipher.Opened opened = keys.cipher().open(message, iv);
        ivs.put(id, opened.next());
        deciphered.add(new Deciphered(recording.messages().get(i), iv, opened));
      }
    }
    return deciphered;
  }

  private Iv phaseOneIv() {
    return Optional.ofNullable(ivs.get(0)).orElseThrow();
  }

  /// {@return the messages of phase 1 with what was encrypted in them}
  private List<IsakmpMessage> phaseOne(Role sender) {
    List<IsakmpMessage> messages = new ArrayList<>();
    for (int i = 0; i < datagrams.size(); i++) {
      boolean sent = recording.messages().get(i).fromInitiator() == (sender == Role.INITIATOR);
      if (sent && datagrams.get(i) instanceof IsakmpMessage clear) {
        messages.add(clear);
      }
    }
    messages.addAll(
        deciphered.stream()
            .filter(d -> d.line.fromInitiator() == (sender == Role.INITIATOR))
            .map(d -> d.opened.message())
            .filter(m -> m.header().messageId() == 0)
            .toList());
    return messages;
  }

  private <P extends IsakmpPayload> Optional<P> phaseOne(Role sender, Class<P> kind) {
    return phaseOne(sender).stream().flatMap(m -> m.all(kind).stream()).findFirst();
  }

  Bytes proof(Role prover) {
    Identification id = phaseOne(prover, Identification.class).orElseThrow();
    return keys.proof(prover, clear(SecurityAssociation.class, 0), id);
  }

  /// {@return whether what an end sent proves `claimed`}
  boolean isProven(Role sender, Role claimed) throws CertificateException {
    Bytes expected = proof(claimed);
    if (!chosen.method().signs()) {
      return phaseOne(sender, Hash.class).orElseThrow().proves(expected);
    }
    Certificate certificate = phaseOne(sender, Certificate.class).orElseThrow();
    PublicKey key = Certificates.ofDer(certificate.data()).getPublicKey();
    Signature signature = phaseOne(sender, Signature.class).orElseThrow();
    SignatureScheme scheme = PhaseOneSignature.scheme(chosen.method());
    return scheme.verifies(key, expected.toArray(), signature.data());
  }

  private List<IsakmpMessage> quick() {
    return deciphered.stream()
        .map(d -> d.opened.message())
        .filter(m -> m.header().exchange() == Header.QUICK_MODE)
        .toList();
  }

  /// {@return what the HASH of a message has to be; nothing of phase 1}
  Optional<Bytes> hash(Deciphered deciphered) {
    IsakmpMessage message = deciphered.opened.message();
    int id = message.header().messageId();
    Bytes ni = quick(0, Nonce.class).data();
    return switch (message.header().exchange()) {
      case Header.INFORMATIONAL_V1 -> Optional.of(keys.hash1(id, message.afterFirst()));
      case Header.QUICK_MODE ->
          Optional.of(
              switch (quick().indexOf(message)) {
                case 0 -> keys.hash1(id, message.afterFirst());
                case 1 -> keys.hash2(id, ni, message.afterFirst());
                default -> keys.hash3(id, ni, quick(1, Nonce.class).data());
              });
      default -> Optional.empty();
    };
  }

  private <P extends IsakmpPayload> P quick(int message, Class<P> kind) {
    return quick().get(message).first(kind).orElseThrow();
  }

  SecurityAssociation quickAnswer() {
    return quick(1, SecurityAssociation.class);
  }

  PhaseTwoSelection.Chosen childChosen() {
    PhaseTwoTerms terms =
        new PhaseTwoTerms(List.of(Samples.ESP), Encapsulation.UDP_TUNNEL, Lifetimes.UNSAID);
    return (PhaseTwoSelection.Chosen) terms.choose(quick(0, SecurityAssociation.class));
  }

  int responderSpi() {
    return quickAnswer().proposals().getFirst().spi().toInt();
  }

  ChildKeys childKeys() {
    PhaseTwoInputs inputs =
        new PhaseTwoInputs(
            childChosen().peerSpi(),
            responderSpi(),
            quick(0, Nonce.class).data(),
            quick(1, Nonce.class).data());
    List<Bytes> shared = recording.all("shared");
    return shared.size() > 1
        ? keys.child(
            childChosen().suite().suite(), KeyMaterial.copyOf(shared.get(1).toArray()), inputs)
        : keys.child(childChosen().suite().suite(), inputs);
  }

  /// {@return all of it as it was on the wire}
  List<Tshark.Packet> packets() {
    return recording.messages().stream()
        .map(line -> new Tshark.Packet(!line.fromInitiator(), line.datagram()))
        .toList();
  }
}
