@NullMarked
package espd.daemon.pluto;

import org.jspecify.annotations.NullMarked;
