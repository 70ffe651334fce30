package espd.dataplane.esp;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The AES-GCM of libipsec-mb, by the functions that it exports for each generation of processors:
/// the fastest of those that this processor can run.
///
/// A `long` is an address. All calls are critical: 64 KiB take some ten microseconds.
final class IpsecMbCalls {

  /// The library, and what is missing of it.
  static final NativeLibrary LIBRARY =
      NativeLibrary.of(List.of("libIPSec_MB.so.1", "libIPSec_MB.so.2"));

  /// The octets of an expanded key (`gcm_key_data`, 1,264 in version 1.5 at the most, aligned to
  /// 64), and more.
  static final int KEY_OCTETS = 4096;

  /// The octets of a message's state (`gcm_context_data`, 88), and more.
  static final int STATE_OCTETS = 512;

  /// A generation of processors: the end of the functions' names, and the flags of `/proc/cpuinfo`
  /// that they need; fastest first.
  private record Generation(String suffix, Set<String> flags) {
    static final List<Generation> ALL =
        List.of(
            of(
                "vaes_avx512",
                "aes pclmulqdq bmi2 avx2 avx512f avx512dq avx512cd avx512bw avx512vl avx512ifma"
                    + " vaes vpclmulqdq gfni"),
            of("vaes_avx2", "aes pclmulqdq bmi2 avx2 vaes vpclmulqdq gfni"),
            of("avx_gen4", "aes pclmulqdq bmi2 avx2"),
            of("avx_gen2", "aes pclmulqdq avx"),
            of("sse", "aes pclmulqdq sse4_2"));

    static Generation of(String suffix, String flags) {
      return new Generation(suffix, Set.of(flags.split(" ", -1)));
    }
  }

  private static final Optional<Generation> GENERATION = fastest();
  private static final String SUFFIX = GENERATION.map(Generation::suffix).orElse("of this CPU");

  private static final FunctionDescriptor EXPAND_TYPE =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor MESSAGE_TYPE =
      FunctionDescriptor.ofVoid(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG);

  private static final MethodHandle EXPAND_128 = function("pre_128", EXPAND_TYPE);
  private static final MethodHandle EXPAND_192 = function("pre_192", EXPAND_TYPE);
  private static final MethodHandle EXPAND_256 = function("pre_256", EXPAND_TYPE);
  private static final MethodHandle ENCRYPT_128 = function("enc_128", MESSAGE_TYPE);
  private static final MethodHandle ENCRYPT_192 = function("enc_192", MESSAGE_TYPE);
  private static final MethodHandle ENCRYPT_256 = function("enc_256", MESSAGE_TYPE);
  private static final MethodHandle DECRYPT_128 = function("dec_128", MESSAGE_TYPE);
  private static final MethodHandle DECRYPT_192 = function("dec_192", MESSAGE_TYPE);
  private static final MethodHandle DECRYPT_256 = function("dec_256", MESSAGE_TYPE);

  private static final long TAG_OCTETS = 16;

  private IpsecMbCalls() {}

  private static MethodHandle function(String verb, FunctionDescriptor type) {
    return LIBRARY.function("aes_gcm_" + verb + "_" + SUFFIX, type, Linker.Option.critical(false));
  }

  private static Optional<Generation> fastest() {
    Set<String> flags = processorFlags();
    return Generation.ALL.stream()
        .filter(generation -> flags.containsAll(generation.flags()))
        .filter(generation -> LIBRARY.has("aes_gcm_enc_128_" + generation.suffix()))
        .findFirst();
  }

  private static Set<String> processorFlags() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(Arrays.asList(line.split("\\s+", -1))))
          .orElse(Set.of());
    } catch (IOException e) {
      return Set.of();
    }
  }

  /// {@return why AES-GCM cannot be called, or nothing when it can}
  static Optional<String> lack() {
    Optional<String> lack = LIBRARY.lack();
    return lack.isPresent() && LIBRARY.isThere() && GENERATION.isEmpty()
        ? Optional.of("this version of it exports no AES-GCM that this processor can run")
        : lack;
  }

  /// Writes the expanded form of a key to `expanded`.
  static void expand(int keyBits, long key, long expanded) {
    try {
      switch (keyBits) {
        case 128 -> EXPAND_128.invokeExact(key, expanded);
        case 192 -> EXPAND_192.invokeExact(key, expanded);
        default -> EXPAND_256.invokeExact(key, expanded);
      }
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Encrypts in place and writes the tag.
  static void encrypt(IpsecMbGcm cipher, long aad, long body, int octets, long tag) {
    long key = cipher.key;
    long state = cipher.state;
    long nonce = cipher.nonce;
    long aadOctets = cipher.aadOctets;
    long length = octets;
    try {
      switch (cipher.keyBits) {
        case 128 ->
            ENCRYPT_128.invokeExact(
                key, state, body, body, length, nonce, aad, aadOctets, tag, TAG_OCTETS);
        case 192 ->
            ENCRYPT_192.invokeExact(
                key, state, body, body, length, nonce, aad, aadOctets, tag, TAG_OCTETS);
        default ->
            ENCRYPT_256.invokeExact(
                key, state, body, body, length, nonce, aad, aadOctets, tag, TAG_OCTETS);
      }
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Decrypts in place and writes the tag that the message should have.
  static void decrypt(IpsecMbGcm cipher, long aad, long body, int octets, long tag) {
    long key = cipher.key;
    long state = cipher.state;
    long nonce = cipher.nonce;
    long aadOctets = cipher.aadOctets;
    long length = octets;
    try {
      switch (cipher.keyBits) {
        case 128 ->
            DECRYPT_128.invokeExact(
                key, state, body, body, length, nonce, aad, aadOctets, tag, TAG_OCTETS);
        case 192 ->
            DECRYPT_192.invokeExact(
                key, state, body, body, length, nonce, aad, aadOctets, tag, TAG_OCTETS);
        default ->
            DECRYPT_256.invokeExact(
                key, state, body, body, length, nonce, aad, aadOctets, tag, TAG_OCTETS);
      }
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }
}
