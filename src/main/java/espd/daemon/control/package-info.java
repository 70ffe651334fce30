/// The control socket: a Unix domain socket that only root may open, speaking strongSwan's vici
/// protocol, so that `swanctl` and its like work here too.
///
/// | layer                                   | where                                             |
/// |-----------------------------------------|---------------------------------------------------|
/// | a tree of sections, lists and values    | [Section], written and read by [SectionCodec]     |
/// | packets: commands, responses and events | [Packet], framed by [PacketChannel]               |
/// | one client's conversation               | [Conversation]                                    |
/// | the socket and all clients              | [ControlServer]                                   |
/// | the other end, for the command line     | [ControlClient]                                   |
/// | what the commands do                    | [Operations], which the daemon implements         |
/// | what they show                          | [Snapshot]: as sections by [ViciListing], as text by [StatusFormat] and [SetkeyFormat] |
/// | what would become of a packet           | [TraceCommand]                                    |
/// | sections for programs                   | [SectionJson]                                     |
///
/// Whatever arrives at the socket is bounded before it is stored: packets of 512 KiB, sections 32
/// deep, 16 clients. What is malformed ends the conversation and nothing else.
@NullMarked
package espd.daemon.control;

import org.jspecify.annotations.NullMarked;
