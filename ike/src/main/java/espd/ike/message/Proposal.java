package espd.ike.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One proposal of a Security Association payload (RFC 7296 §3.3.1): of each transform type
/// present, one is to be chosen.
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Last Substruc |   RESERVED    |         Proposal Length       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Proposal Num  |  Protocol ID  |    SPI Size   |Num  Transforms|
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                        SPI (variable)                         ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                        <Transforms>                           ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param number 1 for the first, then counting up
/// @param protocol [#IKE], [#AH] or [#ESP]
/// @param spi the sender's SPI: empty for an IKE SA's first exchange, else 8 octets (IKE) or 4
///   (ESP, AH)
/// @param transforms in the order of preference within each type
public record Proposal(int number, int protocol, Bytes spi, List<Transform> transforms) {

  /// Protocol ID of IKE.
  public static final int IKE = 1;

  /// Protocol ID of AH.
  public static final int AH = 2;

  /// Protocol ID of ESP.
  public static final int ESP = 3;

  /// The octets before a proposal's number.
  static final int HEADER_OCTETS = 4;

  /// Copies the list.
  public Proposal {
    transforms = List.copyOf(transforms);
  }

  /// {@return its transforms of one type, in the order of preference}
  ///
  /// @param type as in [Transform#type()]
  public List<Transform> ofType(int type) {
    List<Transform> some = new ArrayList<>();
    for (Transform each : transforms) {
      if (each.type() == type) {
        some.add(each);
      }
    }
    return Collections.unmodifiableList(some);
  }

  /// {@return whether it names a transform of one type}
  public boolean names(int type) {
    for (Transform each : transforms) {
      if (each.type() == type) {
        return true;
      }
    }
    return false;
  }

  /// {@return this proposal without key exchanges, as a Child SA in IKE_AUTH has none of its own
  /// (RFC 7296 §1.2)}
  public Proposal withoutKeyExchanges() {
    return withTransforms(
        transforms.stream().filter(t -> !Transform.isKeyExchange(t.type())).toList());
  }

  /// {@return whether it names additional key exchanges (RFC 9370 §2.2.1)}
  public boolean hasAdditionalKeyExchanges() {
    return transforms.stream().anyMatch(t -> Transform.additionalNumber(t.type()) > 0);
  }

  /// {@return this proposal with its first key exchange only; nothing when it insists on more,
  /// which is what an additional one without NONE does (RFC 9370 §2.2.1)}
  public Optional<Proposal> withFirstKeyExchangeOnly() {
    boolean insists =
        transforms.stream()
            .map(Transform::type)
            .filter(type -> Transform.additionalNumber(type) > 0)
            .anyMatch(type -> !transforms.contains(Transform.of(type, Transform.NONE)));
    return insists
        ? Optional.empty()
        : Optional.of(
            withTransforms(
                transforms.stream()
                    .filter(t -> Transform.additionalNumber(t.type()) == 0)
                    .toList()));
  }

  /// {@return this proposal with other transforms}
  public Proposal withTransforms(List<Transform> others) {
    return new Proposal(number, protocol, spi, others);
  }

  /// {@return this proposal with a number and an SPI, ready to be sent}
  public Proposal with(int newNumber, Bytes newSpi) {
    return new Proposal(newNumber, protocol, newSpi, transforms);
  }

  /// {@return `ours` as they are sent: numbered from 1, all with one SPI}
  public static List<Proposal> numbered(List<Proposal> ours, Bytes spi) {
    return IntStream.range(0, ours.size()).mapToObj(i -> ours.get(i).with(i + 1, spi)).toList();
  }

  static Proposal read(Reader in) throws MalformedException {
    int number = in.u8();
    int protocol = in.u8();
    int spiOctets = in.u8();
    int count = in.u8();
    Bytes spi = in.bytes(spiOctets);
    List<Transform> transforms = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int last = in.u8();
      if (last != (i == count - 1 ? Transform.LAST : Transform.MORE)) {
        throw new MalformedException("last substructure " + last + " of a transform");
      }
      in.skip(1);
      transforms.add(Transform.read(in.sub(in.u16() - Transform.HEADER_OCTETS)));
    }
    in.expectEnd("proposal " + number);
    return new Proposal(number, protocol, spi, transforms);
  }

  void writeBody(Writer out) {
    out.u8(number).u8(protocol).u8(spi.length()).u8(transforms.size()).bytes(spi);
    for (int i = 0; i < transforms.size(); i++) {
      int start = out.length();
      out.u8(i < transforms.size() - 1 ? Transform.MORE : Transform.LAST).u8(0).u16(0);
      transforms.get(i).writeBody(out);
      out.setU16(start + 2, out.length() - start);
    }
  }
}
