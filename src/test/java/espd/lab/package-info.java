/// Two hosts in one machine: network namespaces joined by a wire, what runs on them, and what
/// judges them.
///
/// | who                            | what it is                                                   |
/// |--------------------------------|--------------------------------------------------------------|
/// | [Lab]                          | the two [Host]s of a test, and its directory                 |
/// | [Espd]                         | our program, as users start it                               |
/// | `Program`                      | what makes it start fast: Java learns it once                |
/// | [Certified]                    | us and strongSwan with certificates of one [Pki]             |
/// | [Terminal]                     | somebody's shell on a host                                   |
/// | [Charon]                       | strongSwan, the foreign peer: IKEv2, tunnel mode in UDP      |
/// | [Capture], [Tshark], [Scapy]   | the judges: who sees, decrypts and makes packets by itself   |
@NullMarked
package espd.lab;

import org.jspecify.annotations.NullMarked;
