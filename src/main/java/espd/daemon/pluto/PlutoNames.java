package espd.daemon.pluto;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What strongSwan names in its own words, in pluto's.
final class PlutoNames {

  /// `AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024`, without `HMAC_…` for an AEAD.
  private static final Pattern IKE =
      Pattern.compile(
          "([A-Z0-9_]+?)(?:/HMAC_([A-Z0-9_]+))?/PRF_HMAC_([A-Z0-9_]+)/([A-Z]+)_?([0-9]*).*");

  /// `AES_CBC_128/HMAC_SHA1_96/…`, without `HMAC_…` for an AEAD.
  private static final Pattern ESP = Pattern.compile("([A-Z0-9_]+)(?:/HMAC_([A-Z0-9_]+?)_\\d+)?.*");

  private PlutoNames() {}

  /// {@return `AES_CBC_128-SHA1-MODP1024`}
  static String ike(String suite) {
    return IKE.matcher(suite).replaceFirst("$1-$3-$4$5");
  }

  /// {@return `AES_128-HMAC_SHA1`, or `AES_GCM_C_256-NONE`}
  static String esp(String suite) {
    Matcher matcher = ESP.matcher(suite);
    if (!matcher.matches()) {
      return suite;
    }
    String cipher = matcher.group(1).replace("_CBC", "").replace("GCM_16", "GCM_C");
    return cipher + "-" + (matcher.group(2) == null ? "NONE" : "HMAC_" + matcher.group(2));
  }

  /// {@return `{auth=IKEv2 cipher=aes_128 integ=sha1_96 prf=sha1 group=MODP1024}`}
  static String ofIkev2(String suite) {
    Matcher matcher = IKE.matcher(suite);
    if (!matcher.matches()) {
      return "{auth=IKEv2}";
    }
    return "{auth=IKEv2 cipher=%s integ=%s prf=%s group=%s%s}"
        .formatted(
            lower(matcher.group(1).replace("_CBC", "")),
            matcher.group(2) == null ? "n/a" : lower(matcher.group(2)),
            lower(matcher.group(3)),
            matcher.group(4),
            matcher.group(5));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /// {@return an identity with its type, as `ID_FQDN: '@east.example'`}
  static String identity(String identity) {
    if (identity.contains("=")) {
      return "ID_DER_ASN1_DN: '" + identity + "'";
    }
    if (identity.contains(":")) {
      return "ID_IPV6_ADDR: '" + identity + "'";
    }
    return identity.contains("@")
        ? "ID_USER_FQDN: '" + identity + "'"
        : "ID_FQDN: '@" + identity + "'";
  }
}
