package espd.ike.v1.exchange;

import espd.ike.exchange.IsakmpState;

/// Where an ISAKMP SA stands: on its way, established, or gone with something left to look after.
sealed interface Isakmp extends IsakmpState permits Phase1, Established, Kept {}
