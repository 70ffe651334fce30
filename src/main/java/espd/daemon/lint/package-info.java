/// `espd check`: what can be used but should be thought over, and how the standards rank every
/// algorithm that a connection names.
///
/// [Requirements] is the table of RFC 8247 (IKE) and RFC 8221 (ESP), which RFC 9395 updates; [Lint]
/// looks at a whole configuration and gives [Remark]s, one class for each kind. What cannot be used
/// at all is an error of [espd.daemon.config] already.
@NullMarked
package espd.daemon.lint;

import org.jspecify.annotations.NullMarked;
