package espd.daemon.setkey;

import java.util.Optional;

/// A text is not setkey's language, from the statement that was just read on.
public final class SetkeyException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Fault fault;
  private final transient Optional<String> policyWord;

  SetkeyException(Fault fault) {
    this(fault, Optional.empty());
  }

  /// @param policyWord the word of a policy that libipsec could not read
  SetkeyException(Fault fault, Optional<String> policyWord) {
    super(fault.toString());
    this.fault = fault;
    this.policyWord = policyWord;
  }

  /// {@return where and why}
  public Fault fault() {
    return fault;
  }

  /// {@return what libipsec says of it on the standard error, where it does}
  public Optional<String> libipsec() {
    return policyWord.map(word -> "libipsec: " + Fault.SYNTAX + " while parsing \"" + word + "\"");
  }
}
