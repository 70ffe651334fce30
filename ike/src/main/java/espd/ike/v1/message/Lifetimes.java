package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// How long and how much an SA lasts, as a transform or a RESPONDER-LIFETIME says it (RFC 2407
/// §4.5, §4.6.3.1; RFC 2409 appendix A). Both phases share the values of the types, not their
/// numbers.
///
/// @param seconds how long, where it is said
/// @param kilobytes how much, where it is said, of 1024 octets
public record Lifetimes(OptionalLong seconds, OptionalLong kilobytes) {

  /// Nothing is said: 28 800 seconds (RFC 2407 §4.5).
  public static final Lifetimes UNSAID = new Lifetimes(OptionalLong.empty(), OptionalLong.empty());

  /// The seconds of an SA of whose life nothing is said (RFC 2407 §4.5).
  public static final long DEFAULT_SECONDS = 28_800;

  private static final int SECONDS = PhaseTwoAttribute.SECONDS;
  private static final int KILOBYTES = PhaseTwoAttribute.KILOBYTES;
  private static final long MOST = 0xffff_ffffL;

  /// {@return the life of a duration only; of none where it is zero}
  public static Lifetimes of(Duration lifetime) {
    return of(lifetime, 0);
  }

  /// {@return the life of a duration and of octets, each unsaid where it is zero}
  public static Lifetimes of(Duration lifetime, long octets) {
    return new Lifetimes(some(lifetime.toSeconds()), some(Math.ceilDiv(octets, 1024)));
  }

  private static OptionalLong some(long number) {
    return number == 0 ? OptionalLong.empty() : OptionalLong.of(Math.min(number, MOST));
  }

  /// {@return what a transform of phase 1 says}
  public static Lifetimes ofPhaseOne(List<Attribute> attributes) {
    return of(attributes, PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION);
  }

  /// {@return what a transform of phase 2 says}
  public static Lifetimes ofPhaseTwo(List<Attribute> attributes) {
    return of(attributes, PhaseTwoAttribute.LIFE_TYPE, PhaseTwoAttribute.LIFE_DURATION);
  }

  /// A duration has the unit of the type before it; one too large for a number is as good as the
  /// largest.
  private static Lifetimes of(List<Attribute> attributes, int typeType, int durationType) {
    OptionalLong seconds = OptionalLong.empty();
    OptionalLong kilobytes = OptionalLong.empty();
    long unit = 0;
    for (Attribute attribute : attributes) {
      if (attribute.type() == typeType) {
        unit = attribute.number().orElse(0);
      } else if (attribute.type() == durationType) {
        OptionalLong duration = OptionalLong.of(attribute.number().orElse(Long.MAX_VALUE));
        seconds = unit == SECONDS ? duration : seconds;
        kilobytes = unit == KILOBYTES ? duration : kilobytes;
      }
    }
    return new Lifetimes(seconds, kilobytes);
  }

  /// {@return the attributes of a transform of phase 1}
  public List<Attribute> phaseOne() {
    return attributes(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION);
  }

  /// {@return the attributes of a transform of phase 2}
  public List<Attribute> phaseTwo() {
    return attributes(PhaseTwoAttribute.LIFE_TYPE, PhaseTwoAttribute.LIFE_DURATION);
  }

  /// {@return the data of a RESPONDER-LIFETIME (RFC 2407 §4.6.3.1)}
  public Bytes notified() {
    Writer out = new Writer();
    phaseTwo().forEach(attribute -> attribute.write(out));
    return Bytes.of(out.toArray());
  }

  /// {@return what the data of a RESPONDER-LIFETIME says}
  ///
  /// @throws MalformedException when they are no attributes
  public static Lifetimes ofNotified(Bytes data) throws MalformedException {
    Reader in = new Reader(data.toArray());
    List<Attribute> attributes = new ArrayList<>();
    while (in.hasMore() && attributes.size() < IsakmpTransform.MAX_ATTRIBUTES) {
      attributes.add(Attribute.read(in));
    }
    return ofPhaseTwo(attributes);
  }

  private List<Attribute> attributes(int typeType, int durationType) {
    List<Attribute> attributes = new ArrayList<>();
    seconds.ifPresent(
        n -> {
          attributes.add(Attribute.of(typeType, SECONDS));
          attributes.add(Attribute.of(durationType, n));
        });
    kilobytes.ifPresent(
        n -> {
          attributes.add(Attribute.of(typeType, KILOBYTES));
          attributes.add(Attribute.of(durationType, n));
        });
    return attributes;
  }
}
