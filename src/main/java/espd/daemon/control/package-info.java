/// The control socket: a Unix domain socket that only root may open, speaking strongSwan's vici
/// protocol, so that `swanctl` and its like work here too.
///
/// | layer                                   | where                                             |
/// |-----------------------------------------|---------------------------------------------------|
/// | a tree of sections, lists and values    | [Section], written and read by [SectionCodec]     |
/// | packets: commands, responses and events | [Packet], framed by [PacketChannel]               |
/// | one client's conversation               | [Conversation]; what it hears of events: [Narration] |
/// | the commands by name                    | [ViciCommands]: [DaemonCommands], [SaCommands], [ListCommands], [LoadCommands], [OwnCommands] |
/// | the socket and all clients              | [ControlServer]                                   |
/// | the other end, for the command line     | [ControlClient]                                   |
/// | what the commands do                    | [Operations] and [Loading], which the daemon implements |
/// | what they show                          | [Snapshot]: as sections by [ViciListing], [ViciSas] and [ViciConnections], as text by [StatusFormat] and [SetkeyFormat] |
/// | what happens meanwhile                  | [Happening], through [Happenings]; as events by [ViciEvent] |
/// | sections for programs                   | [SectionJson]                                     |
/// | all of it for the status page           | [StatusDocument]                                  |
///
/// A connection `gw/net` is for vici the Child SA `net` of the IKE SA `gw` ([ConnectionName]).
///
/// Whatever arrives at the socket is bounded before it is stored: packets of 512 KiB, sections 32
/// deep, 16 clients. What is malformed ends the conversation and nothing else.
@NullMarked
package espd.daemon.control;

import org.jspecify.annotations.NullMarked;
