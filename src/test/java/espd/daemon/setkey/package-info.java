/// setkey's language, its policies and SAs, and its command.
@NullMarked
package espd.daemon.setkey;

import org.jspecify.annotations.NullMarked;
