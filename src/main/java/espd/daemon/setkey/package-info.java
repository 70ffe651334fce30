/// setkey's language: what people write into `setkey.conf` to fill the SPD and the SAD by hand, and
/// what it means.
///
/// | step                                 | where                                                 |
/// |--------------------------------------|-------------------------------------------------------|
/// | octets to words with their place     | [Token], read by `SetkeyLexer`                        |
/// | words to statements                  | [SetkeyParser], for SAs `SaParser`, for policies `SpdParser` |
/// | what stands behind `-P`              | `PolicyParser`, `PolicyLexer`                         |
/// | one statement                        | [Statement]: a record each                            |
/// | what cannot be read                  | [Fault], thrown in a [SetkeyException]                |
///
/// Keys stay octets from the file to the [espd.spd.KeyMaterial] of a statement; no message repeats
/// one. What can be read but not done, such as AH, is a [Statement.Unsupported]: setkey's command
/// goes on behind it as behind an error of the kernel, and a configuration with one is not used.
@NullMarked
package espd.daemon.setkey;

import org.jspecify.annotations.NullMarked;
