/// What the program logs: where lines go, how they look, and how many there are.
///
/// A line about a connection or an SA says so in key/value pairs of SLF4J, not in its words:
/// `connection`, `ike_sa` and `child_sa` (the n of `NAME[n]` and `NAME{n}`), `spi` and `direction`
/// ([Subject]). So both forms show the same:
///
/// ```
///  02:10:44.831 INFO  net[1] 0x559423e70259c6b4: CHILD_SA net{1} established …
///  {"time":"2026-11-27T02:10:44.831Z","level":"INFO","connection":"net","ike_sa":1, … }
/// ```
///
/// | question                    | answer                                                        |
/// |-----------------------------|---------------------------------------------------------------|
/// | where, and in which form?   | [LogOutput], [LogFormat]                                      |
/// | as text, or for the journal | [TextLayout], [Journal]                                       |
/// | as JSON                     | [JsonLayout]                                                  |
/// | how much, while it runs?    | [LogLevels]                                                   |
@NullMarked
package espd.daemon.logging;

import org.jspecify.annotations.NullMarked;
