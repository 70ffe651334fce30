package espd.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Tests that need root, network namespaces and other programs. `scripts/test --quick` leaves them
/// out; without root they are disabled, and say so.
///
/// They wait for their hosts most of the time: two are under way at once. One that measures what a
/// busy machine would spoil is `@Isolated`.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("lab")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(LabCondition.class)
public @interface InLab {}
