/// What the host says of itself in files: `/proc`, `/sys`. Read only, no native call, any thread;
/// in the network namespace of the reader.
///
/// [HostFiles] reads them below a root, which is `/` but in tests.
@NullMarked
package espd.tun.facts;

import org.jspecify.annotations.NullMarked;
