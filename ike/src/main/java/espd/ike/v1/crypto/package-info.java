/// The cryptography of IKEv1 (RFC 2409 §5, appendix B): from what was negotiated to keys, to the
/// encrypted message, to the proofs of both phases, and to what may be negotiated.
///
/// | formula or rule                                        | where                               |
/// |--------------------------------------------------------|-------------------------------------|
/// | offers and choices of phase 1 (RFC 2409 appendix A)    | [PhaseOneTerms], [PhaseOneSelection] |
/// | offers and choices of phase 2 (RFC 2407 §4.5)          | [PhaseTwoTerms], [PhaseTwoSelection] |
/// | SKEYID, SKEYID_d, SKEYID_a, SKEYID_e (RFC 2409 §5)     | [PhaseOneKeys]                      |
/// | HASH_I, HASH_R, HASH(1), HASH(2), HASH(3) (§5, §5.5)   | [PhaseOneKeys]                      |
/// | SIG_I, SIG_R (§5.1, RFC 4754)                          | [PhaseOneSignature]                 |
/// | KEYMAT (§5.5)                                          | [PhaseOneKeys#child]                |
/// | encryption and its chain of IVs (appendix B)           | [PhaseOneCipher], [Iv]              |
/// | NAT detection (RFC 3947 §3.2)                          | [NatDiscovery]                      |
///
/// The sibling of [espd.ike.crypto], whose algorithms, suites and way of comparing proposals it
/// uses: a transform of IKEv1 becomes a [espd.ike.message.Proposal] with one transform of each
/// type, so that one connection's proposals, and one explanation of a difference, serve both
/// versions. Nothing here knows a state; which IV belongs to which exchange is the state machine's.
@NullMarked
package espd.ike.v1.crypto;

import org.jspecify.annotations.NullMarked;
