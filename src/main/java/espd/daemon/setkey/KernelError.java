package espd.daemon.setkey;

/// What a kernel answers to a statement that it does not do, in setkey's words.
public enum KernelError {
  /// The SA or policy is there already.
  FILE_EXISTS("File exists"),
  /// There is no such SA.
  NO_SUCH_PROCESS("No such process"),
  /// There is no such policy.
  NO_ENTRY("No entry"),
  /// The statement contradicts itself or what stands already.
  INVALID_ARGUMENT("Invalid argument"),
  /// A protocol that is not there.
  PROTOCOL_NOT_SUPPORTED("Protocol not supported"),
  /// A feature that is not there.
  NOT_SUPPORTED("Operation not supported"),
  /// Neither end is an address of this host.
  ADDRESS_NOT_AVAILABLE("Cannot assign requested address"),
  /// No daemon is there to take the keys.
  NO_DAEMON("Connection refused");

  private final String text;

  KernelError(String text) {
    this.text = text;
  }

  /// {@return the text, without a full stop}
  @Override
  public String toString() {
    return text;
  }
}
