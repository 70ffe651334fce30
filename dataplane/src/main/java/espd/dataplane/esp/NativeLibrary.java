package espd.dataplane.esp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A shared library of the host that may be there or not, and its functions as method handles.
///
/// Handles are wanted as constants (`static final`), for only then the JIT compiles a call into
/// some nanoseconds; and a class that holds constants must not fail to load. So a function that is
/// not there is a handle that throws, and [#lack()] says beforehand that one is missing.
final class NativeLibrary {

  private final String name;
  private final Optional<SymbolLookup> symbols;
  private final List<String> lacking = new ArrayList<>();

  private NativeLibrary(String name, Optional<SymbolLookup> symbols) {
    this.name = name;
    this.symbols = symbols;
  }

  /// {@return the first of these that the dynamic linker finds}
  ///
  /// @param sonames file names with their version, without a folder
  @SuppressWarnings("restricted") // the point of it
  static NativeLibrary of(List<String> sonames) {
    for (String soname : sonames) {
      try {
        SymbolLookup symbols = SymbolLookup.libraryLookup(soname, Arena.global());
        return new NativeLibrary(soname, Optional.of(symbols));
      } catch (IllegalArgumentException e) {
        // Not this one; that none is there is said by lack().
      }
    }
    return new NativeLibrary(sonames.getFirst(), Optional.empty());
  }

  /// {@return whether the host has it}
  boolean isThere() {
    return symbols.isPresent();
  }

  /// {@return whether it exports `symbol`}
  boolean has(String symbol) {
    return symbols.flatMap(all -> all.find(symbol)).isPresent();
  }

  /// {@return the function as a handle for `invokeExact`; one that throws when it is not there}
  @SuppressWarnings("restricted") // the point of it
  MethodHandle function(String symbol, FunctionDescriptor type, Linker.Option... options) {
    return symbols
        .flatMap(all -> all.find(symbol))
        .map(address -> Linker.nativeLinker().downcallHandle(address, type, options))
        .orElseGet(() -> absent(symbol, type.toMethodType()));
  }

  private MethodHandle absent(String symbol, MethodType type) {
    lacking.add(symbol);
    MethodHandle thrower =
        MethodHandles.throwException(type.returnType(), IllegalStateException.class)
            .bindTo(new IllegalStateException(name + " lacks " + symbol));
    return MethodHandles.dropArguments(thrower, 0, type.parameterList());
  }

  /// {@return what is missing of it, for people, or nothing when all functions asked for are there}
  Optional<String> lack() {
    if (symbols.isEmpty()) {
      return Optional.of("there is no " + name);
    }
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(name + " lacks " + String.join(", ", lacking));
  }

  /// What a downcall threw. A handle's type says `Throwable`, but C throws nothing.
  static IllegalStateException unforeseen(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case IllegalStateException known -> known;
      default -> new IllegalStateException("a call of native code failed", thrown);
    };
  }
}
