/// Addresses that peers get inside of their tunnels (RFC 7296 §2.19), and who has which.
@NullMarked
package espd.ike.pool;

import org.jspecify.annotations.NullMarked;
