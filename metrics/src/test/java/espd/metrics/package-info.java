/// Tests of what the program counts and of the page that shows it.
@NullMarked
package espd.metrics;

import org.jspecify.annotations.NullMarked;
