package espd.daemon.config;

/// In what a file has private keys. `toString` is what messages say it should be.
enum PrivateKeyForm {
  /// One key: PKCS#8, PKCS#1 or SEC 1.
  KEY("a private key's file", ": RSA FILE"),
  /// Keys, certificates and authorities: PKCS#12.
  CONTAINER("a container of PKCS#12", ": P12 FILE \"passphrase\"");

  private final String expected;
  private final String entry;

  PrivateKeyForm(String expected, String entry) {
    this.expected = expected;
    this.entry = entry;
  }

  /// {@return its entry in `ipsec.secrets`}
  String entry() {
    return entry;
  }

  @Override
  public String toString() {
    return expected;
  }
}
