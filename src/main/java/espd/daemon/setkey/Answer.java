package espd.daemon.setkey;

import espd.spd.Sa;
import espd.spd.SpdEntry;
import java.util.List;

/// What becomes of a statement.
public sealed interface Answer {

  /// It is done.
  record Done() implements Answer {}

  /// It is not done.
  ///
  /// @param errors why not, one for each entry that a kernel would have been asked for
  record Refused(List<KernelError> errors) implements Answer {

    /// Copies the list.
    public Refused {
      errors = List.copyOf(errors);
    }
  }

  /// It shows SAs.
  ///
  /// @param sas newest first
  record Sas(List<Sa> sas) implements Answer {

    /// Copies the list.
    public Sas {
      sas = List.copyOf(sas);
    }
  }

  /// It shows policies.
  ///
  /// @param entries newest first
  record Policies(List<SpdEntry> entries) implements Answer {

    /// Copies the list.
    public Policies {
      entries = List.copyOf(entries);
    }
  }

  /// {@return an answer for one reason}
  static Answer refused(KernelError error) {
    return new Refused(List.of(error));
  }
}
