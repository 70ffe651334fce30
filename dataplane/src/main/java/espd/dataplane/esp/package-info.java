/// ESP on the wire and its ciphers (RFC 4303).
///
/// [EspHeader] and [EspTrailer] are static accessors over a packet's octets; [Encapsulation] and
/// [Decapsulation] put ESP around a packet and take it off, in place. A cipher knows nothing of
/// batches, slots or databases: an [EspEngine] makes an [EspCipher] for one SA and one thread, and
/// the cipher takes an [EspRun], the packets of that SA within a batch. Another engine is another
/// implementation of these two interfaces.
///
/// | engine      | is                                             | has                  | must be there |
/// |-------------|------------------------------------------------|----------------------|---------------|
/// | [IpsecMb]   | Intel's multi-buffer library, version 1        | AES-GCM              | no            |
/// | [LibCrypto] | OpenSSL 3, over the packets' own memory        | what its providers do| no            |
/// | [SunJce]    | the JDK's provider, over copies in `byte[]`    | all                  | yes           |
///
/// [Engines] takes for each suite the first of them that this host has and that passes [SelfTest].
/// Native functions are called through `java.lang.foreign` ([NativeLibrary]), with nothing but
/// numbers as arguments: a packet allocates nothing. IKE and the host's administration use neither.
///
/// Nanoseconds for a packet, sealed / opened in place, the copy before the opening included. They
/// were measured on two cores of an AMD EPYC (Zen 4, VAES, AVX-512) with OpenSSL 3.0.19 and
/// libipsec-mb 1.3 by `perf/bench --quick EspBenchmark -p octets=64,1400`, at a raised priority,
/// for the host was not idle:
///
/// | suite                            | octets | [IpsecMb] | [LibCrypto] | [SunJce]    |
/// |----------------------------------|--------|-----------|-------------|-------------|
/// | AES_GCM_16_128                   | 64     | 57 / 52   | 279 / 272   | 369 / 335   |
/// |                                  | 1400   | 163 / 179 | 571 / 610   | 666 / 682   |
/// | AES_GCM_16_256                   | 64     | 61 / 51   | 267 / 285   | 404 / 399   |
/// |                                  | 1400   | 184 / 205 | 602 / 622   | 682 / 757   |
/// | CHACHA20_POLY1305                | 64     | –         | 589 / 616   | 1084 / 1215 |
/// |                                  | 1400   | –         | 1105 / 1103 | 1677 / 1597 |
/// | AES_CBC_128/HMAC_SHA1_96         | 64     | –         | 387 / 340   | 355 / 322   |
/// |                                  | 1400   | –         | 2052 / 1194 | 2065 / 1179 |
/// | AES_CBC_256/HMAC_SHA2_256_128    | 64     | –         | 441 / 352   | 406 / 356   |
/// |                                  | 1400   | –         | 2520 / 1316 | 2495 / 1351 |
///
/// Garbage for a packet: none of the first two; of [SunJce] 40 octets under HMAC-SHA1 and 2,232
/// under ChaCha20-Poly1305.
@NullMarked
package espd.dataplane.esp;

import org.jspecify.annotations.NullMarked;
