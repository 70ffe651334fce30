package espd.ike.v1.message;

/// The types of notifications (RFC 2408 §3.14.1, RFC 2407 §4.6.3, RFC 3706 §5): an open registry,
/// hence numbers.
public final class NotificationType {

  /// INVALID-PAYLOAD-TYPE.
  public static final int INVALID_PAYLOAD_TYPE = 1;

  /// DOI-NOT-SUPPORTED.
  public static final int DOI_NOT_SUPPORTED = 2;

  /// SITUATION-NOT-SUPPORTED.
  public static final int SITUATION_NOT_SUPPORTED = 3;

  /// INVALID-COOKIE.
  public static final int INVALID_COOKIE = 4;

  /// INVALID-MAJOR-VERSION.
  public static final int INVALID_MAJOR_VERSION = 5;

  /// INVALID-MINOR-VERSION.
  public static final int INVALID_MINOR_VERSION = 6;

  /// INVALID-EXCHANGE-TYPE.
  public static final int INVALID_EXCHANGE_TYPE = 7;

  /// INVALID-FLAGS.
  public static final int INVALID_FLAGS = 8;

  /// INVALID-MESSAGE-ID.
  public static final int INVALID_MESSAGE_ID = 9;

  /// INVALID-PROTOCOL-ID.
  public static final int INVALID_PROTOCOL_ID = 10;

  /// INVALID-SPI.
  public static final int INVALID_SPI = 11;

  /// INVALID-TRANSFORM-ID.
  public static final int INVALID_TRANSFORM_ID = 12;

  /// ATTRIBUTES-NOT-SUPPORTED.
  public static final int ATTRIBUTES_NOT_SUPPORTED = 13;

  /// NO-PROPOSAL-CHOSEN.
  public static final int NO_PROPOSAL_CHOSEN = 14;

  /// BAD-PROPOSAL-SYNTAX.
  public static final int BAD_PROPOSAL_SYNTAX = 15;

  /// PAYLOAD-MALFORMED.
  public static final int PAYLOAD_MALFORMED = 16;

  /// INVALID-KEY-INFORMATION.
  public static final int INVALID_KEY_INFORMATION = 17;

  /// INVALID-ID-INFORMATION.
  public static final int INVALID_ID_INFORMATION = 18;

  /// INVALID-CERT-ENCODING.
  public static final int INVALID_CERT_ENCODING = 19;

  /// INVALID-CERTIFICATE.
  public static final int INVALID_CERTIFICATE = 20;

  /// CERT-TYPE-UNSUPPORTED.
  public static final int CERT_TYPE_UNSUPPORTED = 21;

  /// INVALID-CERT-AUTHORITY.
  public static final int INVALID_CERT_AUTHORITY = 22;

  /// INVALID-HASH-INFORMATION.
  public static final int INVALID_HASH_INFORMATION = 23;

  /// AUTHENTICATION-FAILED.
  public static final int AUTHENTICATION_FAILED = 24;

  /// INVALID-SIGNATURE.
  public static final int INVALID_SIGNATURE = 25;

  /// ADDRESS-NOTIFICATION.
  public static final int ADDRESS_NOTIFICATION = 26;

  /// NOTIFY-SA-LIFETIME.
  public static final int NOTIFY_SA_LIFETIME = 27;

  /// CERTIFICATE-UNAVAILABLE.
  public static final int CERTIFICATE_UNAVAILABLE = 28;

  /// UNSUPPORTED-EXCHANGE-TYPE.
  public static final int UNSUPPORTED_EXCHANGE_TYPE = 29;

  /// UNEQUAL-PAYLOAD-LENGTHS.
  public static final int UNEQUAL_PAYLOAD_LENGTHS = 30;

  /// CONNECTED (RFC 2408 §3.1: the answer to the commit flag).
  public static final int CONNECTED = 16384;

  /// RESPONDER-LIFETIME (RFC 2407 §4.6.3.1; data: attributes of the life type and duration).
  public static final int RESPONDER_LIFETIME = 24576;

  /// REPLAY-STATUS (RFC 2407 §4.6.3.2; data: four octets, 0 or 1).
  public static final int REPLAY_STATUS = 24577;

  /// INITIAL-CONTACT (RFC 2407 §4.6.3.3).
  public static final int INITIAL_CONTACT = 24578;

  /// R-U-THERE (RFC 3706 §5.3; data: four octets, a sequence number).
  public static final int R_U_THERE = 36136;

  /// R-U-THERE-ACK (RFC 3706 §5.4; data: the same sequence number).
  public static final int R_U_THERE_ACK = 36137;

  private static final int LAST_ERROR = 16383;

  private NotificationType() {}

  /// {@return whether a type reports an error (RFC 2408 §3.14.1)}
  public static boolean isError(int type) {
    return type <= LAST_ERROR;
  }

  /// {@return the RFC's name, such as `NO-PROPOSAL-CHOSEN`, or the number}
  public static String name(int type) {
    return switch (type) {
      case INVALID_PAYLOAD_TYPE -> "INVALID-PAYLOAD-TYPE";
      case DOI_NOT_SUPPORTED -> "DOI-NOT-SUPPORTED";
      case SITUATION_NOT_SUPPORTED -> "SITUATION-NOT-SUPPORTED";
      case INVALID_COOKIE -> "INVALID-COOKIE";
      case INVALID_MAJOR_VERSION -> "INVALID-MAJOR-VERSION";
      case INVALID_MINOR_VERSION -> "INVALID-MINOR-VERSION";
      case INVALID_EXCHANGE_TYPE -> "INVALID-EXCHANGE-TYPE";
      case INVALID_FLAGS -> "INVALID-FLAGS";
      case INVALID_MESSAGE_ID -> "INVALID-MESSAGE-ID";
      case INVALID_PROTOCOL_ID -> "INVALID-PROTOCOL-ID";
      case INVALID_SPI -> "INVALID-SPI";
      case INVALID_TRANSFORM_ID -> "INVALID-TRANSFORM-ID";
      case ATTRIBUTES_NOT_SUPPORTED -> "ATTRIBUTES-NOT-SUPPORTED";
      case NO_PROPOSAL_CHOSEN -> "NO-PROPOSAL-CHOSEN";
      case BAD_PROPOSAL_SYNTAX -> "BAD-PROPOSAL-SYNTAX";
      case PAYLOAD_MALFORMED -> "PAYLOAD-MALFORMED";
      case INVALID_KEY_INFORMATION -> "INVALID-KEY-INFORMATION";
      case INVALID_ID_INFORMATION -> "INVALID-ID-INFORMATION";
      case INVALID_CERT_ENCODING -> "INVALID-CERT-ENCODING";
      case INVALID_CERTIFICATE -> "INVALID-CERTIFICATE";
      case CERT_TYPE_UNSUPPORTED -> "CERT-TYPE-UNSUPPORTED";
      case INVALID_CERT_AUTHORITY -> "INVALID-CERT-AUTHORITY";
      case INVALID_HASH_INFORMATION -> "INVALID-HASH-INFORMATION";
      case AUTHENTICATION_FAILED -> "AUTHENTICATION-FAILED";
      case INVALID_SIGNATURE -> "INVALID-SIGNATURE";
      case ADDRESS_NOTIFICATION -> "ADDRESS-NOTIFICATION";
      case NOTIFY_SA_LIFETIME -> "NOTIFY-SA-LIFETIME";
      case CERTIFICATE_UNAVAILABLE -> "CERTIFICATE-UNAVAILABLE";
      case UNSUPPORTED_EXCHANGE_TYPE -> "UNSUPPORTED-EXCHANGE-TYPE";
      case UNEQUAL_PAYLOAD_LENGTHS -> "UNEQUAL-PAYLOAD-LENGTHS";
      case CONNECTED -> "CONNECTED";
      case RESPONDER_LIFETIME -> "RESPONDER-LIFETIME";
      case REPLAY_STATUS -> "REPLAY-STATUS";
      case INITIAL_CONTACT -> "INITIAL-CONTACT";
      case R_U_THERE -> "R-U-THERE";
      case R_U_THERE_ACK -> "R-U-THERE-ACK";
      default -> Integer.toString(type);
    };
  }

  /// {@return the name as strongSwan prints it in the line of a message}
  static String shortName(int type) {
    return switch (type) {
      case INVALID_PAYLOAD_TYPE -> "INVAL_PL";
      case DOI_NOT_SUPPORTED -> "DOI_NOT_SUP";
      case SITUATION_NOT_SUPPORTED -> "SIT_NOT_SUP";
      case INVALID_COOKIE -> "INVAL_IKE_SPI";
      case INVALID_MAJOR_VERSION -> "INVAL_MAJOR";
      case INVALID_EXCHANGE_TYPE -> "INVAL_EX";
      case INVALID_MESSAGE_ID -> "INVAL_MID";
      case INVALID_SPI -> "INVAL_SPI";
      case NO_PROPOSAL_CHOSEN -> "NO_PROP";
      case PAYLOAD_MALFORMED -> "PLD_MAL";
      case INVALID_KEY_INFORMATION -> "INVAL_KE";
      case INVALID_ID_INFORMATION -> "INVAL_ID";
      case INVALID_HASH_INFORMATION -> "INVAL_HASH";
      case AUTHENTICATION_FAILED -> "AUTH_FAILED";
      case INITIAL_CONTACT -> "INITIAL_CONTACT";
      case R_U_THERE -> "DPD";
      case R_U_THERE_ACK -> "DPD_ACK";
      default -> name(type);
    };
  }
}
