package espd.dataplane.esp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The fixed part of an ESP packet (RFC 4303 §2), as accessors over (buffer, offset):
///
/// ```
///  0               1               2               3
///  ├───────────────┴───────────────┴───────────────┴───────────────┤
///  │              Security Parameters Index (SPI)                  │
///  │                      Sequence Number                          │
///  │                    IV, as the cipher asks                     │
/// ```
///
/// The caller has checked that the octets are there.
public final class EspHeader {

  /// ESP's number as a next header (RFC 4303 §2).
  public static final int PROTOCOL = 50;

  /// The octets of SPI and sequence number.
  public static final int OCTETS = 8;

  private static final int SEQUENCE = 4;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  private EspHeader() {}

  /// {@return the SPI (RFC 4303 §2.1)}
  public static int spi(MemorySegment memory, int at) {
    return memory.get(INT, at);
  }

  /// {@return the 32 bits of the sequence number that travel (RFC 4303 §2.2)}
  public static int sequence(MemorySegment memory, int at) {
    return memory.get(INT, at + SEQUENCE);
  }

  /// Writes SPI and sequence number.
  ///
  /// @param number the whole number; its low 32 bits travel (RFC 4303 §2.2.1)
  public static void write(MemorySegment memory, int at, int spi, long number) {
    memory.set(INT, at, spi);
    memory.set(INT, at + SEQUENCE, (int) number);
  }
}
