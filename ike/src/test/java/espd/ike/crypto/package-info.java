/// Tests of the cryptography of IKEv2, with known answers where someone published them.
@NullMarked
package espd.ike.crypto;

import org.jspecify.annotations.NullMarked;
