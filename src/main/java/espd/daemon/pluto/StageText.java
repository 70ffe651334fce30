package espd.daemon.pluto;

import espd.ike.exchange.IsakmpStage;

/// How pluto names the stages of a negotiation of IKEv1.
final class StageText {

  /// RC_SUCCESS.
  static final int SUCCESS = 4;

  private StageText() {}

  static boolean isQuickMode(IsakmpStage stage) {
    return switch (stage) {
      case QUICK_I1, QUICK_I2, QUICK_R1, QUICK_R2 -> true;
      case MAIN_I1, MAIN_I2, MAIN_I3, MAIN_I4, MAIN_R1, MAIN_R2, MAIN_R3 -> false;
      case AGGR_I1, AGGR_I2, AGGR_R1, AGGR_R2 -> false;
    };
  }

  /// {@return whether we have begun what is at this stage}
  static boolean isInitiators(IsakmpStage stage) {
    return switch (stage) {
      case MAIN_I1, MAIN_I2, MAIN_I3, MAIN_I4, AGGR_I1, AGGR_I2, QUICK_I1, QUICK_I2 -> true;
      case MAIN_R1, MAIN_R2, MAIN_R3, AGGR_R1, AGGR_R2, QUICK_R1, QUICK_R2 -> false;
    };
  }

  /// {@return `STATE_MAIN_I1`}
  static String name(IsakmpStage stage) {
    return "STATE_" + stage;
  }

  /// {@return the code of whack's line: 100 and the state's number, or success}
  ///
  /// @param aggressive whether it is a pluto that has aggressive mode, whose states come between
  ///   those of main and of quick mode
  static int code(IsakmpStage stage, boolean aggressive) {
    return switch (stage) {
      case MAIN_R1 -> 105;
      case MAIN_R2 -> 107;
      case MAIN_I1 -> 104;
      case MAIN_I2 -> 106;
      case MAIN_I3 -> 108;
      case AGGR_I1 -> 112;
      case AGGR_R1 -> 113;
      case QUICK_I1 -> aggressive ? 117 : 112;
      case QUICK_R1 -> aggressive ? 118 : 113;
      case MAIN_I4, MAIN_R3, AGGR_I2, AGGR_R2, QUICK_I2, QUICK_R2 -> SUCCESS;
    };
  }

  /// {@return what whack's line says behind the state's name, without the SAs}
  static String said(IsakmpStage stage) {
    return switch (stage) {
      case MAIN_I1, AGGR_I1, QUICK_I1 -> "initiate";
      default -> story(stage);
    };
  }

  /// {@return what a status line says in parentheses}
  static String story(IsakmpStage stage) {
    return switch (stage) {
      case MAIN_I1 -> "sent MI1, expecting MR1";
      case MAIN_I2 -> "sent MI2, expecting MR2";
      case MAIN_I3 -> "sent MI3, expecting MR3";
      case MAIN_I4 -> "ISAKMP SA established";
      case MAIN_R1 -> "sent MR1, expecting MI2";
      case MAIN_R2 -> "sent MR2, expecting MI3";
      case MAIN_R3 -> "sent MR3, ISAKMP SA established";
      case AGGR_I1 -> "sent AI1, expecting AR1";
      case AGGR_I2 -> "sent AI2, ISAKMP SA established";
      case AGGR_R1 -> "sent AR1, expecting AI2";
      case AGGR_R2 -> "ISAKMP SA established";
      case QUICK_I1 -> "sent QI1, expecting QR1";
      case QUICK_I2 -> "sent QI2, IPsec SA established";
      case QUICK_R1 -> "sent QR1, inbound IPsec SA installed, expecting QI2";
      case QUICK_R2 -> "IPsec SA established";
    };
  }
}
