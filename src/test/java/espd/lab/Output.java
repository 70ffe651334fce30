package espd.lab;

import java.util.List;

/// What a program that has ended said.
///
/// @param command as it was run
/// @param exit its status, 0 for success
/// @param out its standard output
/// @param err its standard error
public record Output(List<String> command, int exit, String out, String err) {

  /// {@return this, when the program succeeded}
  ///
  /// @throws AssertionError with all it said, when it did not
  public Output succeeded() {
    if (exit != 0) {
      throw new AssertionError("should have succeeded: " + this);
    }
    return this;
  }

  /// {@return this, when the program failed}
  ///
  /// @throws AssertionError with all it said, when it succeeded
  public Output failed() {
    if (exit == 0) {
      throw new AssertionError("should have failed: " + this);
    }
    return this;
  }

  /// {@return both outputs}
  public String all() {
    return out + err;
  }

  @Override
  public String toString() {
    return String.join(" ", command) + "\nexit " + exit + "\n" + out + err;
  }
}
