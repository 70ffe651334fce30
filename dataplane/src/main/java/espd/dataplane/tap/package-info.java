/// Packets copied on their way for whoever looks on: a [espd.dataplane.tap.Recording] is four
/// [espd.dataplane.tap.RecordRing]s, one for each side of ESP in each direction, for each has one
/// thread that writes. While nobody looks on there is neither.
@NullMarked
package espd.dataplane.tap;

import org.jspecify.annotations.NullMarked;
