/// The screen of `espd watch`, from fixed figures.
@NullMarked
package espd.daemon.watch;

import org.jspecify.annotations.NullMarked;
