package espd.daemon.config;

import java.util.List;
import java.util.Optional;

/// An `ipsec.conf` as written: sections in the order of the file, included files where they are
/// included.
///
/// @param sections `config setup`, `conn` and `ca` sections
record ConfFile(List<Section> sections) {

  ConfFile {
    sections = List.copyOf(sections);
  }

  /// What a section is about.
  enum Kind {
    CONFIG,
    CONN,
    CA
  }

  /// @param kind what it is about
  /// @param name of the conn or ca; `setup` for config
  /// @param parameters in the order of the file
  record Section(Kind kind, Value name, List<Parameter> parameters) {}

  /// @param key as written
  /// @param value nothing for `key=`, which takes back what a section before said
  record Parameter(Value key, Optional<Value> value) {}
}
