/// The command line: [Espd] and its subcommands. All but `run`, `check` and `doctor` are clients of
/// the control socket; `run` is the daemon itself, which comes in as a [Runner].
///
/// What commands show goes to the standard output, what went wrong to the standard error. Exit
/// codes are those of [Exit].
@NullMarked
package espd.daemon.cli;

import org.jspecify.annotations.NullMarked;
