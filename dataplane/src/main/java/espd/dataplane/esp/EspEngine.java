package espd.dataplane.esp;

import espd.spd.EspSuite;
import espd.spd.SaParameters;

/// A library of ciphers for ESP. Any thread may ask it for a cipher.
public interface EspEngine {

  /// {@return its name, for people and as a label of metrics}
  String name();

  /// {@return whether it has the suite's algorithms}
  boolean supports(EspSuite suite);

  /// {@return a cipher that seals packets of this SA, for one thread}
  ///
  /// @throws IllegalStateException when the SA's keys are wiped already
  EspCipher sealing(SaParameters sa);

  /// {@return a cipher that verifies and opens packets of this SA, for one thread}
  ///
  /// @throws IllegalStateException when the SA's keys are wiped already
  EspCipher opening(SaParameters sa);
}
