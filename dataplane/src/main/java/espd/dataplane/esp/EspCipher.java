package espd.dataplane.esp;

/// The cryptography of one SA, in one direction, for one thread (RFC 4303 §3.3.2, §3.3.4.1 and
/// §3.4.4).
public interface EspCipher extends AutoCloseable {

  /// Seals, or verifies and opens, every packet of the run in place.
  ///
  /// Sealing finds the ESP header, the payload and the trailer written; it writes the IV behind the
  /// header, encrypts, and writes the ICV. Opening says of each packet in [EspRun#authentic]
  /// whether its ICV was right; the octets of one that is not authentic mean nothing afterwards and
  /// must go nowhere.
  ///
  /// @param run packets of this cipher's SA only
  void process(EspRun run);

  /// Forgets the keys as far as the engine can.
  @Override
  void close();
}
