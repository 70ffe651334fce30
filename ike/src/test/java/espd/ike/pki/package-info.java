@NullMarked
package espd.ike.pki;

import org.jspecify.annotations.NullMarked;
