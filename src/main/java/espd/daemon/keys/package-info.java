/// Keys on request: as lines of the files from which Wireshark and tcpdump learn them, for those
/// who asked by name to have what is encrypted decrypted.
///
/// | what                                            | where                                         |
/// |-------------------------------------------------|-----------------------------------------------|
/// | a line for each SA there is, and for each to come | [espd.daemon.keys.KeyLog]                   |
/// | a line, whose octets are wiped                  | [espd.daemon.keys.KeyLine]                    |
/// | a file for its owner only                       | [espd.daemon.keys.KeyFile]                    |
/// | Wireshark's folder, `WIRESHARK_CONFIG_DIR`      | [espd.daemon.keys.KeyFolder]                  |
///
/// The formats are those of Wireshark 4.0 (its manual, chapter 11) and tcpdump 4.99 (`-E`). No
/// other place of espd writes a key to the disk. A capture file cannot hold these keys itself:
/// there is no type of Decryption Secrets Block for ESP or IKE.
@NullMarked
package espd.daemon.keys;

import org.jspecify.annotations.NullMarked;
