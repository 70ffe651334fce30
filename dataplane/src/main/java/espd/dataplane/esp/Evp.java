package espd.dataplane.esp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// The calls of OpenSSL 3's libcrypto that ESP needs: EVP ciphers and HMAC.
///
/// A `long` is an address. Only primitives cross, so a call allocates nothing. Calls of a packet's
/// AEAD are critical: the thread stays in the Java state, which saves the two transitions, and a
/// garbage collection waits for it. That is fair for some microseconds and not for a long CBC with
/// its HMAC (a tenth of a millisecond at 64 KiB): those calls make the transitions, as does
/// whatever may wait for a lock.
///
/// HMAC is called by its own functions, not by `EVP_MAC`: before OpenSSL 3.0.3 an `EVP_MAC_init`
/// without a key did not begin a new message.
final class Evp {

  /// The library and what is missing of it.
  static final NativeLibrary LIBRARY = NativeLibrary.of(List.of("libcrypto.so.3", "libcrypto.so"));

  static final int DECRYPT = 0;
  static final int ENCRYPT = 1;

  private static final int SAME_DIRECTION = -1;
  private static final int GET_TAG = 0x10;
  private static final int SET_TAG = 0x11;

  /// Longer updates are not critical: ChaCha20-Poly1305 takes some 7 µs for so much.
  private static final int LONG = 8192;

  private static final Linker.Option CRITICAL = Linker.Option.critical(false);

  private static final long NO_ATEXIT = 0x80000;

  private static final MethodHandle INIT_LIBRARY =
      LIBRARY.function(
          "OPENSSL_init_crypto", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CIPHER_FETCH =
      LIBRARY.function("EVP_CIPHER_fetch", longs(JAVA_LONG, 3));
  private static final MethodHandle CONTEXT_NEW =
      LIBRARY.function("EVP_CIPHER_CTX_new", longs(JAVA_LONG, 0));
  private static final MethodHandle CONTEXT_FREE =
      LIBRARY.function("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle SET_PADDING =
      LIBRARY.function(
          "EVP_CIPHER_CTX_set_padding", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));

  private static final FunctionDescriptor INIT_TYPE =
      longs(JAVA_INT, 5).appendArgumentLayouts(JAVA_INT);
  private static final MethodHandle INIT_KEY = LIBRARY.function("EVP_CipherInit_ex", INIT_TYPE);
  private static final MethodHandle INIT_IV =
      LIBRARY.function("EVP_CipherInit_ex", INIT_TYPE, CRITICAL);

  private static final FunctionDescriptor UPDATE_TYPE =
      longs(JAVA_INT, 4).appendArgumentLayouts(JAVA_INT);
  private static final MethodHandle UPDATE =
      LIBRARY.function("EVP_CipherUpdate", UPDATE_TYPE, CRITICAL);
  private static final MethodHandle UPDATE_LONG = LIBRARY.function("EVP_CipherUpdate", UPDATE_TYPE);
  private static final MethodHandle FINAL =
      LIBRARY.function("EVP_CipherFinal_ex", longs(JAVA_INT, 3), CRITICAL);
  private static final MethodHandle CONTROL =
      LIBRARY.function(
          "EVP_CIPHER_CTX_ctrl",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG),
          CRITICAL);

  private static final MethodHandle DIGEST_FETCH =
      LIBRARY.function("EVP_MD_fetch", longs(JAVA_LONG, 3));
  private static final MethodHandle HMAC_NEW =
      LIBRARY.function("HMAC_CTX_new", longs(JAVA_LONG, 0));
  private static final MethodHandle HMAC_FREE =
      LIBRARY.function("HMAC_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle HMAC_INIT =
      LIBRARY.function(
          "HMAC_Init_ex",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle HMAC_UPDATE =
      LIBRARY.function("HMAC_Update", longs(JAVA_INT, 3));
  private static final MethodHandle HMAC_FINAL = LIBRARY.function("HMAC_Final", longs(JAVA_INT, 3));

  private Evp() {}

  private static FunctionDescriptor longs(MemoryLayout result, int count) {
    FunctionDescriptor type = FunctionDescriptor.of(result);
    for (int i = 0; i < count; i++) {
      type = type.appendArgumentLayouts(JAVA_LONG);
    }
    return type;
  }

  /// Has the library not clean up at the end of the process: threads may be in it still.
  static void initialise() {
    try {
      require((int) INIT_LIBRARY.invokeExact(NO_ATEXIT, 0L));
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// {@return a cipher of that name, for good, or 0 when no provider has it}
  static long cipher(long name) {
    try {
      return (long) CIPHER_FETCH.invokeExact(0L, name, 0L);
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// {@return a digest of that name, for good, or 0 when no provider has it}
  static long digest(long name) {
    try {
      return (long) DIGEST_FETCH.invokeExact(0L, name, 0L);
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// {@return a context of `cipher` for one direction, without padding, with this key}
  ///
  /// @throws IllegalStateException when the library refuses
  static long context(long cipher, long key, int direction) {
    long context = 0;
    boolean complete = false;
    try {
      context = (long) CONTEXT_NEW.invokeExact();
      require(context != 0 ? 1 : 0);
      require((int) INIT_KEY.invokeExact(context, cipher, 0L, key, 0L, direction));
      require((int) SET_PADDING.invokeExact(context, 0));
      complete = true;
      return context;
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    } finally {
      if (!complete) {
        free(context);
      }
    }
  }

  /// Wipes a context and gives it back; nothing when it is 0.
  static void free(long context) {
    try {
      CONTEXT_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Begins a message under the key that the context has.
  static void begin(long context, long iv) {
    try {
      require((int) INIT_IV.invokeExact(context, 0L, 0L, 0L, iv, SAME_DIRECTION));
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Encrypts or decrypts in place, or takes additional data where `out` is 0.
  ///
  /// @param written where the library may put an `int`
  static void update(long context, long out, long written, long in, int octets) {
    try {
      require(
          octets < LONG
              ? (int) UPDATE.invokeExact(context, out, written, in, octets)
              : (int) UPDATE_LONG.invokeExact(context, out, written, in, octets));
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// {@return whether the message ended well: for one that is opened, whether its tag was right}
  static boolean end(long context, long out, long written) {
    try {
      return (int) FINAL.invokeExact(context, out, written) > 0;
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Writes the tag of a message that has ended.
  static void writeTag(long context, int octets, long tag) {
    control(context, GET_TAG, octets, tag);
  }

  /// Says which tag the message should have, before its end.
  static void expectTag(long context, int octets, long tag) {
    control(context, SET_TAG, octets, tag);
  }

  private static void control(long context, int what, int octets, long address) {
    try {
      require((int) CONTROL.invokeExact(context, what, octets, address));
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// {@return an HMAC with this key}
  ///
  /// @throws IllegalStateException when the library refuses
  static long hmac(long digest, long key, int keyOctets) {
    long hmac = 0;
    boolean complete = false;
    try {
      hmac = (long) HMAC_NEW.invokeExact();
      require(hmac != 0 ? 1 : 0);
      require((int) HMAC_INIT.invokeExact(hmac, key, keyOctets, digest, 0L));
      complete = true;
      return hmac;
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    } finally {
      if (!complete) {
        freeHmac(hmac);
      }
    }
  }

  /// Wipes an HMAC and gives it back; nothing when it is 0.
  static void freeHmac(long hmac) {
    try {
      HMAC_FREE.invokeExact(hmac);
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Begins a message under the key that the HMAC has.
  static void beginHmac(long hmac) {
    try {
      require((int) HMAC_INIT.invokeExact(hmac, 0L, 0, 0L, 0L));
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Takes octets of the message.
  static void updateHmac(long hmac, long in, long octets) {
    try {
      require((int) HMAC_UPDATE.invokeExact(hmac, in, octets));
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  /// Ends the message and writes its whole digest.
  ///
  /// @param written where the library may put an `int`
  static void endHmac(long hmac, long digest, long written) {
    try {
      require((int) HMAC_FINAL.invokeExact(hmac, digest, written));
    } catch (Throwable e) {
      throw NativeLibrary.unforeseen(e);
    }
  }

  private static void require(int result) {
    if (result <= 0) {
      throw new IllegalStateException("libcrypto refused its own parameters");
    }
  }
}
