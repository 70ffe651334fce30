/// Tests of IKEv1's cryptography by published known answers and by recorded exchanges.
@NullMarked
package espd.ike.v1.crypto;

import org.jspecify.annotations.NullMarked;
