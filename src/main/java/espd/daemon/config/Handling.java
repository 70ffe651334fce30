package espd.daemon.config;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/// What becomes of a key of `ipsec.conf`.
///
/// @param kind what is done
/// @param fitting values that need no word, because they say what espd does anyway
/// @param why for people: why it is ignored or refused
public record Handling(Kind kind, Set<String> fitting, String why) {

  /// What is done about a key.
  public enum Kind {
    /// It does what it says.
    APPLIED,
    /// It does nothing, and a warning says so.
    IGNORED,
    /// The connection cannot be made.
    REFUSED
  }

  /// {@return that it does what it says}
  public static Handling applied() {
    return new Handling(Kind.APPLIED, Set.of(), "");
  }

  /// {@return that it does nothing, and why}
  public static Handling ignored(String why) {
    return new Handling(Kind.IGNORED, Set.of(), why);
  }

  /// {@return that it cannot be, and why}
  public static Handling refused(String why) {
    return new Handling(Kind.REFUSED, Set.of(), why);
  }

  /// {@return this, but without a word for these values}
  public Handling unless(String... values) {
    return new Handling(kind, new TreeSet<>(Arrays.asList(values)), why);
  }

  /// Says what becomes of a value that needs a word.
  ///
  /// @param shown the value, with its key's name where the place does not tell it
  public void report(Place place, String shown, Findings findings) {
    if (kind == Kind.IGNORED) {
      findings.warn(place, shown + " is ignored: " + why);
    } else {
      String instead = fitting.isEmpty() ? "no such key" : String.join(" or ", fitting);
      findings.problem(place, shown + " (" + why + ")", instead);
    }
  }

  /// {@return whether `value` needs a word}
  public boolean concerns(Value value) {
    return kind != Kind.APPLIED && !fitting.contains(value.lower());
  }
}
