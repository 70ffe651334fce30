@NullMarked
package espd.dataplane.tap;

import org.jspecify.annotations.NullMarked;
