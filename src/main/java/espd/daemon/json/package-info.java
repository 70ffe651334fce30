/// Text in JSON, for programs that read what others print for people.
@NullMarked
package espd.daemon.json;

import org.jspecify.annotations.NullMarked;
