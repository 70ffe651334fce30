package espd.ike.driver;

import java.util.OptionalInt;

/// A line about an IKE SA, for people.
///
/// @param connection its connection's name
/// @param serial the n of `NAME[n]`, where there is an IKE SA
/// @param weight whether a person should look at it
/// @param text in strongSwan's words
public record SaLine(String connection, OptionalInt serial, Weight weight, String text) {

  /// How much a line matters.
  public enum Weight {
    /// It is a step of the way.
    STEP,
    /// A person should look at it.
    WARNING
  }
}
