package espd.daemon.doctor;

import espd.dataplane.esp.CipherSpeed;
import java.util.List;

/// Whether an engine of ciphers is there, and what it does in a second.
///
/// @param word for `--crypto`
/// @param measured its speed, or why it is not there
/// @param aes whether the processor has instructions for AES
record CipherCheck(String word, Measured measured, boolean aes) implements Check {

  /// What came of measuring.
  sealed interface Measured {}

  /// The engine is there.
  record Speed(CipherSpeed speed) implements Measured {}

  /// The engine is not.
  ///
  /// @param reason why
  /// @param remedy what to do about it
  record Lack(String reason, String remedy) implements Measured {}

  @Override
  public List<Finding> findings() {
    String subject = "cipher " + word;
    return List.of(
        switch (measured) {
          case Lack(String reason, String remedy) -> Finding.warn(subject, reason, remedy);
          case Speed(CipherSpeed speed) -> {
            String seen =
                "%.0f MB/s of %s in packets of %d octets, one thread"
                    .formatted(
                        speed.megabytesPerSecond(), speed.suite(), CipherSpeed.PACKET_OCTETS);
            yield aes
                ? Finding.ok(subject, seen)
                : Finding.warn(
                    subject,
                    seen + "; the processor has no instructions for AES",
                    "try esp=chacha20poly1305!; pass the processor through to a virtual machine");
          }
        });
  }
}
