package espd.daemon.config;

import java.util.List;
import java.util.Optional;

/// An `ipsec.conf` as written: sections in the order of the file, included files where they are
/// included.
///
/// @param sections `config setup`, `conn` and `ca` sections
/// @param version the line `version 2.0`, which files of pluto have
record ConfFile(List<Section> sections, Optional<Parameter> version) {

  /// What the `version` line is called among a connection's settings.
  static final String VERSION = "version";

  /// A file that says nothing.
  static final ConfFile EMPTY = new ConfFile(List.of(), Optional.empty());

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
