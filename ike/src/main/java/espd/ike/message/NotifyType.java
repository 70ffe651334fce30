package espd.ike.message;

/// The types of notifications (RFC 7296 §3.10.1) that we send or may see: an open registry, hence
/// numbers.
public final class NotifyType {

  /// UNSUPPORTED_CRITICAL_PAYLOAD (RFC 7296 §2.5).
  public static final int UNSUPPORTED_CRITICAL_PAYLOAD = 1;

  /// INVALID_IKE_SPI (RFC 7296 §2.21).
  public static final int INVALID_IKE_SPI = 4;

  /// INVALID_MAJOR_VERSION (RFC 7296 §2.5).
  public static final int INVALID_MAJOR_VERSION = 5;

  /// INVALID_SYNTAX (RFC 7296 §2.21).
  public static final int INVALID_SYNTAX = 7;

  /// INVALID_MESSAGE_ID (RFC 7296 §2.3).
  public static final int INVALID_MESSAGE_ID = 9;

  /// INVALID_SPI (RFC 7296 §1.5).
  public static final int INVALID_SPI = 11;

  /// NO_PROPOSAL_CHOSEN (RFC 7296 §2.7).
  public static final int NO_PROPOSAL_CHOSEN = 14;

  /// INVALID_KE_PAYLOAD (RFC 7296 §1.3; data: the group wanted, two octets).
  public static final int INVALID_KE_PAYLOAD = 17;

  /// AUTHENTICATION_FAILED (RFC 7296 §2.21.2).
  public static final int AUTHENTICATION_FAILED = 24;

  /// SINGLE_PAIR_REQUIRED (RFC 7296 §2.9).
  public static final int SINGLE_PAIR_REQUIRED = 34;

  /// NO_ADDITIONAL_SAS (RFC 7296 §1.3).
  public static final int NO_ADDITIONAL_SAS = 35;

  /// INTERNAL_ADDRESS_FAILURE (RFC 7296 §3.15.4).
  public static final int INTERNAL_ADDRESS_FAILURE = 36;

  /// FAILED_CP_REQUIRED (RFC 7296 §2.19).
  public static final int FAILED_CP_REQUIRED = 37;

  /// TS_UNACCEPTABLE (RFC 7296 §2.9).
  public static final int TS_UNACCEPTABLE = 38;

  /// INVALID_SELECTORS (RFC 7296 §3.10.1).
  public static final int INVALID_SELECTORS = 39;

  /// UNACCEPTABLE_ADDRESSES (RFC 4555 §3.5).
  public static final int UNACCEPTABLE_ADDRESSES = 40;

  /// UNEXPECTED_NAT_DETECTED (RFC 4555 §3.9).
  public static final int UNEXPECTED_NAT_DETECTED = 41;

  /// TEMPORARY_FAILURE (RFC 7296 §2.25).
  public static final int TEMPORARY_FAILURE = 43;

  /// CHILD_SA_NOT_FOUND (RFC 7296 §2.25).
  public static final int CHILD_SA_NOT_FOUND = 44;

  /// STATE_NOT_FOUND (RFC 9370 §2.2.4).
  public static final int STATE_NOT_FOUND = 47;

  /// INITIAL_CONTACT (RFC 7296 §2.4).
  public static final int INITIAL_CONTACT = 16384;

  /// SET_WINDOW_SIZE (RFC 7296 §2.3).
  public static final int SET_WINDOW_SIZE = 16385;

  /// ADDITIONAL_TS_POSSIBLE (RFC 7296 §2.9).
  public static final int ADDITIONAL_TS_POSSIBLE = 16386;

  /// IPCOMP_SUPPORTED (RFC 7296 §2.22).
  public static final int IPCOMP_SUPPORTED = 16387;

  /// NAT_DETECTION_SOURCE_IP (RFC 7296 §2.23).
  public static final int NAT_DETECTION_SOURCE_IP = 16388;

  /// NAT_DETECTION_DESTINATION_IP (RFC 7296 §2.23).
  public static final int NAT_DETECTION_DESTINATION_IP = 16389;

  /// COOKIE (RFC 7296 §2.6).
  public static final int COOKIE = 16390;

  /// USE_TRANSPORT_MODE (RFC 7296 §1.3.1).
  public static final int USE_TRANSPORT_MODE = 16391;

  /// HTTP_CERT_LOOKUP_SUPPORTED (RFC 7296 §3.7).
  public static final int HTTP_CERT_LOOKUP_SUPPORTED = 16392;

  /// REKEY_SA (RFC 7296 §1.3.3).
  public static final int REKEY_SA = 16393;

  /// ESP_TFC_PADDING_NOT_SUPPORTED (RFC 7296 §1.3.1).
  public static final int ESP_TFC_PADDING_NOT_SUPPORTED = 16394;

  /// NON_FIRST_FRAGMENTS_ALSO (RFC 7296 §1.3.1).
  public static final int NON_FIRST_FRAGMENTS_ALSO = 16395;

  /// MOBIKE_SUPPORTED (RFC 4555 §3.1).
  public static final int MOBIKE_SUPPORTED = 16396;

  /// ADDITIONAL_IP4_ADDRESS (RFC 4555 §3.2).
  public static final int ADDITIONAL_IP4_ADDRESS = 16397;

  /// ADDITIONAL_IP6_ADDRESS (RFC 4555 §3.2).
  public static final int ADDITIONAL_IP6_ADDRESS = 16398;

  /// NO_ADDITIONAL_ADDRESSES (RFC 4555 §3.2).
  public static final int NO_ADDITIONAL_ADDRESSES = 16399;

  /// UPDATE_SA_ADDRESSES (RFC 4555 §3.5).
  public static final int UPDATE_SA_ADDRESSES = 16400;

  /// COOKIE2 (RFC 4555 §3.7).
  public static final int COOKIE2 = 16401;

  /// NO_NATS_ALLOWED (RFC 4555 §3.9).
  public static final int NO_NATS_ALLOWED = 16402;

  /// AUTH_LIFETIME (RFC 4478 §3).
  public static final int AUTH_LIFETIME = 16403;

  /// MULTIPLE_AUTH_SUPPORTED (RFC 4739 §3.1).
  public static final int MULTIPLE_AUTH_SUPPORTED = 16404;

  /// ANOTHER_AUTH_FOLLOWS (RFC 4739 §3.2).
  public static final int ANOTHER_AUTH_FOLLOWS = 16405;

  /// REDIRECT_SUPPORTED (RFC 5685 §3).
  public static final int REDIRECT_SUPPORTED = 16406;

  /// REDIRECT (RFC 5685 §3).
  public static final int REDIRECT = 16407;

  /// REDIRECTED_FROM (RFC 5685 §3).
  public static final int REDIRECTED_FROM = 16408;

  /// TICKET_LT_OPAQUE (RFC 5723 §7.2; data: how many seconds the ticket lives, the ticket).
  public static final int TICKET_LT_OPAQUE = 16409;

  /// TICKET_REQUEST (RFC 5723 §4.1).
  public static final int TICKET_REQUEST = 16410;

  /// TICKET_ACK (RFC 5723 §4.2).
  public static final int TICKET_ACK = 16411;

  /// TICKET_NACK (RFC 5723 §4.2, §4.3.2).
  public static final int TICKET_NACK = 16412;

  /// TICKET_OPAQUE (RFC 5723 §4.3.2; data: the ticket).
  public static final int TICKET_OPAQUE = 16413;

  /// EAP_ONLY_AUTHENTICATION (RFC 5998 §3).
  public static final int EAP_ONLY_AUTHENTICATION = 16417;

  /// CHILDLESS_IKEV2_SUPPORTED (RFC 6023 §3).
  public static final int CHILDLESS_IKEV2_SUPPORTED = 16418;

  /// QUICK_CRASH_DETECTION (RFC 6290 §4).
  public static final int QUICK_CRASH_DETECTION = 16419;

  /// IKEV2_MESSAGE_ID_SYNC_SUPPORTED (RFC 6311 §8).
  public static final int IKEV2_MESSAGE_ID_SYNC_SUPPORTED = 16420;

  /// IKEV2_FRAGMENTATION_SUPPORTED (RFC 7383 §2.3).
  public static final int IKEV2_FRAGMENTATION_SUPPORTED = 16430;

  /// SIGNATURE_HASH_ALGORITHMS (RFC 7427 §4).
  public static final int SIGNATURE_HASH_ALGORITHMS = 16431;

  /// USE_PPK (RFC 8784 §3).
  public static final int USE_PPK = 16435;

  /// PPK_IDENTITY (RFC 8784 §3).
  public static final int PPK_IDENTITY = 16436;

  /// NO_PPK_AUTH (RFC 8784 §3).
  public static final int NO_PPK_AUTH = 16437;

  /// INTERMEDIATE_EXCHANGE_SUPPORTED (RFC 9242 §3.1).
  public static final int INTERMEDIATE_EXCHANGE_SUPPORTED = 16438;

  /// ADDITIONAL_KEY_EXCHANGE (RFC 9370 §2.2.4).
  public static final int ADDITIONAL_KEY_EXCHANGE = 16441;

  private static final int FIRST_STATUS = 16384;

  private NotifyType() {}

  /// {@return whether `type` reports an error rather than a status}
  public static boolean isError(int type) {
    return type < FIRST_STATUS;
  }

  /// {@return the name in the RFC, or the number in brackets}
  public static String name(int type) {
    return switch (type) {
      case UNSUPPORTED_CRITICAL_PAYLOAD -> "UNSUPPORTED_CRITICAL_PAYLOAD";
      case INVALID_IKE_SPI -> "INVALID_IKE_SPI";
      case INVALID_MAJOR_VERSION -> "INVALID_MAJOR_VERSION";
      case INVALID_SYNTAX -> "INVALID_SYNTAX";
      case INVALID_MESSAGE_ID -> "INVALID_MESSAGE_ID";
      case INVALID_SPI -> "INVALID_SPI";
      case NO_PROPOSAL_CHOSEN -> "NO_PROPOSAL_CHOSEN";
      case INVALID_KE_PAYLOAD -> "INVALID_KE_PAYLOAD";
      case AUTHENTICATION_FAILED -> "AUTHENTICATION_FAILED";
      case SINGLE_PAIR_REQUIRED -> "SINGLE_PAIR_REQUIRED";
      case NO_ADDITIONAL_SAS -> "NO_ADDITIONAL_SAS";
      case INTERNAL_ADDRESS_FAILURE -> "INTERNAL_ADDRESS_FAILURE";
      case FAILED_CP_REQUIRED -> "FAILED_CP_REQUIRED";
      case TS_UNACCEPTABLE -> "TS_UNACCEPTABLE";
      case INVALID_SELECTORS -> "INVALID_SELECTORS";
      case UNACCEPTABLE_ADDRESSES -> "UNACCEPTABLE_ADDRESSES";
      case UNEXPECTED_NAT_DETECTED -> "UNEXPECTED_NAT_DETECTED";
      case TEMPORARY_FAILURE -> "TEMPORARY_FAILURE";
      case CHILD_SA_NOT_FOUND -> "CHILD_SA_NOT_FOUND";
      case STATE_NOT_FOUND -> "STATE_NOT_FOUND";
      case INITIAL_CONTACT -> "INITIAL_CONTACT";
      case SET_WINDOW_SIZE -> "SET_WINDOW_SIZE";
      case ADDITIONAL_TS_POSSIBLE -> "ADDITIONAL_TS_POSSIBLE";
      case IPCOMP_SUPPORTED -> "IPCOMP_SUPPORTED";
      case NAT_DETECTION_SOURCE_IP -> "NAT_DETECTION_SOURCE_IP";
      case NAT_DETECTION_DESTINATION_IP -> "NAT_DETECTION_DESTINATION_IP";
      case COOKIE -> "COOKIE";
      case USE_TRANSPORT_MODE -> "USE_TRANSPORT_MODE";
      case HTTP_CERT_LOOKUP_SUPPORTED -> "HTTP_CERT_LOOKUP_SUPPORTED";
      case REKEY_SA -> "REKEY_SA";
      case ESP_TFC_PADDING_NOT_SUPPORTED -> "ESP_TFC_PADDING_NOT_SUPPORTED";
      case NON_FIRST_FRAGMENTS_ALSO -> "NON_FIRST_FRAGMENTS_ALSO";
      case MOBIKE_SUPPORTED -> "MOBIKE_SUPPORTED";
      case ADDITIONAL_IP4_ADDRESS -> "ADDITIONAL_IP4_ADDRESS";
      case ADDITIONAL_IP6_ADDRESS -> "ADDITIONAL_IP6_ADDRESS";
      case NO_ADDITIONAL_ADDRESSES -> "NO_ADDITIONAL_ADDRESSES";
      case UPDATE_SA_ADDRESSES -> "UPDATE_SA_ADDRESSES";
      case COOKIE2 -> "COOKIE2";
      case NO_NATS_ALLOWED -> "NO_NATS_ALLOWED";
      case AUTH_LIFETIME -> "AUTH_LIFETIME";
      case MULTIPLE_AUTH_SUPPORTED -> "MULTIPLE_AUTH_SUPPORTED";
      case ANOTHER_AUTH_FOLLOWS -> "ANOTHER_AUTH_FOLLOWS";
      case REDIRECT_SUPPORTED -> "REDIRECT_SUPPORTED";
      case REDIRECT -> "REDIRECT";
      case REDIRECTED_FROM -> "REDIRECTED_FROM";
      case TICKET_LT_OPAQUE -> "TICKET_LT_OPAQUE";
      case TICKET_REQUEST -> "TICKET_REQUEST";
      case TICKET_ACK -> "TICKET_ACK";
      case TICKET_NACK -> "TICKET_NACK";
      case TICKET_OPAQUE -> "TICKET_OPAQUE";
      case EAP_ONLY_AUTHENTICATION -> "EAP_ONLY_AUTHENTICATION";
      case CHILDLESS_IKEV2_SUPPORTED -> "CHILDLESS_IKEV2_SUPPORTED";
      case QUICK_CRASH_DETECTION -> "QUICK_CRASH_DETECTION";
      case IKEV2_MESSAGE_ID_SYNC_SUPPORTED -> "IKEV2_MESSAGE_ID_SYNC_SUPPORTED";
      case IKEV2_FRAGMENTATION_SUPPORTED -> "IKEV2_FRAGMENTATION_SUPPORTED";
      case SIGNATURE_HASH_ALGORITHMS -> "SIGNATURE_HASH_ALGORITHMS";
      case USE_PPK -> "USE_PPK";
      case PPK_IDENTITY -> "PPK_IDENTITY";
      case NO_PPK_AUTH -> "NO_PPK_AUTH";
      case INTERMEDIATE_EXCHANGE_SUPPORTED -> "INTERMEDIATE_EXCHANGE_SUPPORTED";
      case ADDITIONAL_KEY_EXCHANGE -> "ADDITIONAL_KEY_EXCHANGE";
      default -> "(" + type + ")";
    };
  }

  /// {@return the short name that strongSwan prints, or the number in brackets}
  static String shortName(int type) {
    return switch (type) {
      case UNSUPPORTED_CRITICAL_PAYLOAD -> "CRIT";
      case INVALID_IKE_SPI -> "INVAL_IKE_SPI";
      case INVALID_MAJOR_VERSION -> "INVAL_MAJOR";
      case INVALID_SYNTAX -> "INVAL_SYN";
      case INVALID_MESSAGE_ID -> "INVAL_MID";
      case INVALID_SPI -> "INVAL_SPI";
      case NO_PROPOSAL_CHOSEN -> "NO_PROP";
      case INVALID_KE_PAYLOAD -> "INVAL_KE";
      case AUTHENTICATION_FAILED -> "AUTH_FAILED";
      case SINGLE_PAIR_REQUIRED -> "SINGLE_PAIR";
      case NO_ADDITIONAL_SAS -> "NO_ADD_SAS";
      case INTERNAL_ADDRESS_FAILURE -> "INT_ADDR_FAIL";
      case FAILED_CP_REQUIRED -> "FAIL_CP_REQ";
      case TS_UNACCEPTABLE -> "TS_UNACCEPT";
      case INVALID_SELECTORS -> "INVAL_SEL";
      case UNACCEPTABLE_ADDRESSES -> "UNACC_ADDR";
      case UNEXPECTED_NAT_DETECTED -> "UNEXP_NAT";
      case TEMPORARY_FAILURE -> "TEMP_FAIL";
      case CHILD_SA_NOT_FOUND -> "NO_CHILD_SA";
      case STATE_NOT_FOUND -> "STATE_NOT_FOUND";
      case INITIAL_CONTACT -> "INIT_CONTACT";
      case SET_WINDOW_SIZE -> "SET_WINSIZE";
      case ADDITIONAL_TS_POSSIBLE -> "ADD_TS_POSS";
      case IPCOMP_SUPPORTED -> "IPCOMP_SUP";
      case NAT_DETECTION_SOURCE_IP -> "NATD_S_IP";
      case NAT_DETECTION_DESTINATION_IP -> "NATD_D_IP";
      case COOKIE -> "COOKIE";
      case USE_TRANSPORT_MODE -> "USE_TRANSP";
      case HTTP_CERT_LOOKUP_SUPPORTED -> "HTTP_CERT_LOOK";
      case REKEY_SA -> "REKEY_SA";
      case ESP_TFC_PADDING_NOT_SUPPORTED -> "ESP_TFC_PAD_N";
      case NON_FIRST_FRAGMENTS_ALSO -> "NON_FIRST_FRAG";
      case MOBIKE_SUPPORTED -> "MOBIKE_SUP";
      case ADDITIONAL_IP4_ADDRESS -> "ADD_4_ADDR";
      case ADDITIONAL_IP6_ADDRESS -> "ADD_6_ADDR";
      case NO_ADDITIONAL_ADDRESSES -> "NO_ADD_ADDR";
      case UPDATE_SA_ADDRESSES -> "UPD_SA_ADDR";
      case COOKIE2 -> "COOKIE2";
      case NO_NATS_ALLOWED -> "NO_NATS";
      case AUTH_LIFETIME -> "AUTH_LFT";
      case MULTIPLE_AUTH_SUPPORTED -> "MULT_AUTH";
      case ANOTHER_AUTH_FOLLOWS -> "AUTH_FOLLOWS";
      case REDIRECT_SUPPORTED -> "REDIR_SUP";
      case REDIRECT -> "REDIR";
      case REDIRECTED_FROM -> "REDIR_FROM";
      case TICKET_LT_OPAQUE -> "TKT_LT_OPAK";
      case TICKET_REQUEST -> "TKT_REQ";
      case TICKET_ACK -> "TKT_ACK";
      case TICKET_NACK -> "TKT_NACK";
      case TICKET_OPAQUE -> "TKT_OPAK";
      case EAP_ONLY_AUTHENTICATION -> "EAP_ONLY";
      case CHILDLESS_IKEV2_SUPPORTED -> "CHDLESS_SUP";
      case QUICK_CRASH_DETECTION -> "QCD_TOKEN";
      case IKEV2_MESSAGE_ID_SYNC_SUPPORTED -> "MSG_ID_SYN_SUP";
      case IKEV2_FRAGMENTATION_SUPPORTED -> "FRAG_SUP";
      case SIGNATURE_HASH_ALGORITHMS -> "HASH_ALG";
      case USE_PPK -> "USE_PPK";
      case PPK_IDENTITY -> "PPK_ID";
      case NO_PPK_AUTH -> "NO_PPK";
      case INTERMEDIATE_EXCHANGE_SUPPORTED -> "INTERMED_SUP";
      case ADDITIONAL_KEY_EXCHANGE -> "ADD_KE";
      default -> "(" + type + ")";
    };
  }
}
