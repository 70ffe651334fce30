@NullMarked
package espd.ike.pool;

import org.jspecify.annotations.NullMarked;
