/// Reads the files people have, `ipsec.conf` and `ipsec.secrets`, into [espd.ike.Connection] and
/// [espd.ike.Credentials]; no other package knows these files.
///
/// | step                                  | where                                                       |
/// |---------------------------------------|-------------------------------------------------------------|
/// | which kind of file is it              | [Dialect]                                                   |
/// | octets to characters with their place | [Source], [Value]                                           |
/// | characters to sections and parameters | [ConfLexer], [ConfFile]                                     |
/// | which keys there are                  | [ConfKey] and [SwanctlKey], a table each                    |
/// | `%default`, `also=` and own values    | [Inheritance], [Settings]                                   |
/// | values to what they mean              | [Units], [Identities], [Endpoints], [TrafficSelectors], [ProposalText], [Algorithm] |
/// | settings to a connection              | [ConnReader], [Lifetimes]                                   |
/// | secrets, octets all the way           | [SecretsReader], [Secrets]                                  |
/// | how long a packet may be inside ESP   | [TunnelMtu]                                                 |
/// | all of it together                    | [Configuration]                                             |
///
/// An error names file, line and column, what was read and what was expected. All errors of a run
/// are collected in [Findings] and thrown together as one [ConfigException]; where there is one,
/// nothing that was read is used. What works but is not done as the file says is a [Warning].
@NullMarked
package espd.daemon.config;

import org.jspecify.annotations.NullMarked;
