/// The program as a whole: the rules of its architecture and style, and, in [espd.lab], two hosts
/// that talk through it, with foreign peers and independent judges.
@NullMarked
package espd;

import org.jspecify.annotations.NullMarked;
