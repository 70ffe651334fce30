/// racoon's world: its files, its commands and its log lines.
@NullMarked
package espd.daemon.racoon;

import org.jspecify.annotations.NullMarked;
