/// racoon's files, commands and log lines, compared with the seed's and with what racoon itself
/// reads and prints.
@NullMarked
package espd.daemon.racoon;

import org.jspecify.annotations.NullMarked;
