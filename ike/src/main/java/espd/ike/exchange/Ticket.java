package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.EapType;
import espd.ike.Identity;
import espd.ike.crypto.IkeSuite;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.KeyMaterial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// What a responder puts into a ticket of an IKE SA, to know it again (RFC 5723 §5, §6.1). Only who
/// wrote it reads it, in the same process.
///
/// @param connection the name of the one that it was established under
/// @param configured tells that connection from what it may have become: how the ends prove
///   themselves is part of it
/// @param local who we said we are
/// @param remote who the peer has proven it is
/// @param eap what it has proven by EAP
/// @param provenAt when it did
/// @param until when the ticket is not taken any more
/// @param suite the algorithms
/// @param skD SK_d, the ticket's own
record Ticket(
    String connection,
    int configured,
    Identity local,
    Identity remote,
    Optional<Peer.EapIdentified> eap,
    Instant provenAt,
    Instant until,
    IkeSuite suite,
    KeyMaterial skD)
    implements AutoCloseable {

  private static final int TRANSFORM_OCTETS = 5;

  /// {@return the ticket of an IKE SA, with a copy of its key}
  static Ticket of(Established s, Instant until) {
    Peer peer = s.peer();
    return new Ticket(
        peer.connection().name(),
        peer.connection().hashCode(),
        peer.local(),
        peer.remote(),
        peer.eap(),
        peer.provenAt().orElseThrow(),
        until,
        s.ikeSa().keys().suite(),
        s.ikeSa().keys().skD().use(KeyMaterial::copyOf));
  }

  /// {@return the peer that it is of, under the connection that it names}
  Peer peer(Connection named) {
    Peer proven = new Peer(named, local, remote).provenAt(provenAt);
    return eap.map(proven::with).orElse(proven);
  }

  /// {@return its octets, the caller's to wipe}
  byte[] write() {
    Bytes name = Bytes.of(connection.getBytes(StandardCharsets.UTF_8));
    List<Transform> transforms = suite.proposal().transforms();
    Bytes eapIdentity = eap.map(Peer.EapIdentified::identity).orElse(Bytes.EMPTY);
    int octets =
        Integer.BYTES
            + 2 * Long.BYTES
            + 5 * Short.BYTES
            + name.length()
            + local.data().length()
            + remote.data().length()
            + eapIdentity.length()
            + skD.length()
            + 4
            + transforms.size() * TRANSFORM_OCTETS;
    ByteBuffer out = ByteBuffer.allocate(octets);
    out.putInt(configured).putLong(provenAt.toEpochMilli()).putLong(until.toEpochMilli());
    write(out, name);
    write(out.put((byte) local.type()), local.data());
    write(out.put((byte) remote.type()), remote.data());
    int eapType = eap.map(by -> by.type().number()).orElse(0);
    write(out.put((byte) eapType), eapIdentity);
    skD.use(key -> out.putShort((short) key.length).put(key));
    out.put((byte) transforms.size());
    for (Transform each : transforms) {
      out.put((byte) each.type()).putShort((short) each.id());
      out.putShort((short) each.keyBits().orElse(0));
    }
    return out.array();
  }

  private static void write(ByteBuffer out, Bytes octets) {
    out.putShort((short) octets.length()).put(octets.toArray());
  }

  /// {@return the ticket of octets that [#write] has written}
  static Ticket read(byte[] octets) {
    ByteBuffer in = ByteBuffer.wrap(octets);
    int configured = in.getInt();
    Instant provenAt = Instant.ofEpochMilli(in.getLong());
    Instant until = Instant.ofEpochMilli(in.getLong());
    String connection = new String(next(in), StandardCharsets.UTF_8);
    Identity local = new Identity(Byte.toUnsignedInt(in.get()), Bytes.of(next(in)));
    Identity remote = new Identity(Byte.toUnsignedInt(in.get()), Bytes.of(next(in)));
    int eapType = in.get();
    Bytes eapIdentity = Bytes.of(next(in));
    byte[] key = next(in);
    KeyMaterial skD = KeyMaterial.copyOf(key);
    Arrays.fill(key, (byte) 0);
    return new Ticket(
        connection,
        configured,
        local,
        remote,
        Stream.of(EapType.values())
            .filter(type -> type.number() == eapType)
            .findAny()
            .map(type -> new Peer.EapIdentified(type, eapIdentity)),
        provenAt,
        until,
        suite(in),
        skD);
  }

  private static IkeSuite suite(ByteBuffer in) {
    List<Transform> transforms = new ArrayList<>();
    for (int left = in.get(); left > 0; left--) {
      int type = in.get();
      int id = Short.toUnsignedInt(in.getShort());
      int keyBits = Short.toUnsignedInt(in.getShort());
      transforms.add(
          new Transform(type, id, keyBits == 0 ? OptionalInt.empty() : OptionalInt.of(keyBits)));
    }
    return IkeSuite.from(new Proposal(1, Proposal.IKE, Bytes.EMPTY, transforms));
  }

  private static byte[] next(ByteBuffer in) {
    byte[] octets = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(octets);
    return octets;
  }

  /// Wipes the key.
  @Override
  public void close() {
    skD.close();
  }
}
