package espd.daemon.doctor;

import java.util.List;

/// Facts about one thing of the host, and a judgement of them. A check touches nothing: whatever it
/// speaks of was asked before.
sealed interface Check
    permits CapabilityCheck,
        CipherCheck,
        ClockCheck,
        ConfigurationCheck,
        ConfinementCheck,
        DaemonCheck,
        EntropyCheck,
        EspSocketCheck,
        FilterCheck,
        FirewallCheck,
        Ipv4Check,
        Ipv6Check,
        JavaCheck,
        KernelEspCheck,
        LinkCheck,
        MemoryCheck,
        PathCheck,
        PortCheck,
        RoutingCheck,
        StreamCheck,
        TunCheck {

  /// {@return what is to be said of the facts, at least one}
  List<Finding> findings();
}
