package espd.ike.v1.message;

import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// One choice of algorithms in a proposal (RFC 2408 §3.6).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ! Next Payload  !   RESERVED    !         Payload Length        !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !  Transform #  !  Transform-Id !           RESERVED2           !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                        SA Attributes                          ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param number counts up within the proposal
/// @param id [#KEY_IKE] in phase 1, else the proposal's protocol's transform (RFC 2407 §4.4)
/// @param attributes in the order of the wire
public record IsakmpTransform(int number, int id, List<Attribute> attributes) {

  /// The transform of phase 1 (RFC 2407 §4.4.2).
  public static final int KEY_IKE = 1;

  /// More attributes than this make no sense in one transform.
  public static final int MAX_ATTRIBUTES = 32;

  static final int TYPE = 3;

  /// Copies the list.
  public IsakmpTransform {
    attributes = List.copyOf(attributes);
  }

  /// {@return the first attribute of a type, if there is one}
  public Optional<Attribute> attribute(int type) {
    return attributes.stream().filter(a -> a.type() == type).findFirst();
  }

  /// {@return the number that is the first attribute of a type, if there is one}
  public OptionalLong number(int type) {
    return attribute(type).map(Attribute::number).orElse(OptionalLong.empty());
  }

  /// {@return this transform with another number}
  public IsakmpTransform numbered(int other) {
    return new IsakmpTransform(other, id, attributes);
  }

  /// {@return whether it has attributes of these types only, each at most once}
  ///
  /// @param repeatable those that may come more than once
  public boolean hasOnly(Set<Integer> types, Set<Integer> repeatable) {
    Set<Integer> seen = new HashSet<>();
    return attributes.stream()
        .map(Attribute::type)
        .allMatch(type -> repeatable.contains(type) || (types.contains(type) && seen.add(type)));
  }

  static IsakmpTransform read(Reader in) throws MalformedException {
    int number = in.u8();
    int id = in.u8();
    Reserved.expectZero(in.u16(), "transform");
    List<Attribute> attributes = new ArrayList<>();
    while (in.hasMore()) {
      if (attributes.size() == MAX_ATTRIBUTES) {
        throw new MalformedException("more than " + MAX_ATTRIBUTES + " attributes");
      }
      attributes.add(Attribute.read(in));
    }
    return new IsakmpTransform(number, id, attributes);
  }

  void writeBody(Writer out) {
    out.u8(number).u8(id).u16(0);
    attributes.forEach(attribute -> attribute.write(out));
  }
}
