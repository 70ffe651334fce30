/// EAP-TLS against itself and against the JDK's TLS.
@NullMarked
package espd.ike.eap.tls;

import org.jspecify.annotations.NullMarked;
