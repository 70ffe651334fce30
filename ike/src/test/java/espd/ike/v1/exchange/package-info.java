/// Tests of IKEv1's exchanges.
@NullMarked
package espd.ike.v1.exchange;

import org.jspecify.annotations.NullMarked;
