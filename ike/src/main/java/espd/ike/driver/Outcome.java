package espd.ike.driver;

/// How a command ended.
///
/// @param succeeded whether it did what it was asked
/// @param text in one line, for people
public record Outcome(boolean succeeded, String text) {}
