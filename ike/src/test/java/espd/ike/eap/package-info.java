@NullMarked
package espd.ike.eap;

import org.jspecify.annotations.NullMarked;
