/// The pages of `docs/`, read and done as a reader does them: [Page] is what is written, [Shape]
/// compares what is shown with what is seen, [PageReader] types it into the hosts of a lab.
@NullMarked
package espd.docs;

import org.jspecify.annotations.NullMarked;
