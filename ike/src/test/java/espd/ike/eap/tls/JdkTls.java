package espd.ike.eap.tls;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The JDK's TLS as one end of EAP-TLS, and its own exporter: a judge of our handshake and key.
final class JdkTls {

  private final SSLEngine engine;
  private final Fragments fragments = new Fragments();
  final ByteArrayOutputStream applicationData = new ByteArrayOutputStream();

  private JdkTls(SSLEngine engine) {
    this.engine = engine;
  }

  static JdkTls client(Ends.End end, String version) {
    SSLEngine engine = engine(end, version);
    engine.setUseClientMode(true);
    return new JdkTls(engine);
  }

  static JdkTls server(Ends.End end, String version) {
    SSLEngine engine = engine(end, version);
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return new JdkTls(engine);
  }

  private static SSLEngine engine(Ends.End end, String version) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      if (!end.chain().isEmpty()) {
        X509Certificate[] chain = end.chain().toArray(X509Certificate[]::new);
        store.setKeyEntry("own", end.key().getPrivate(), new char[0], chain);
      }
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[] {new Trusting()}, null);
      SSLEngine engine = context.createSSLEngine();
      engine.setEnabledProtocols(new String[] {version});
      return engine;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /// {@return the Type-Data that answers another}
  Bytes answer(Bytes typeData) throws MalformedException, SSLException {
    EapTlsPacket packet = EapTlsPacket.read(typeData);
    return switch (fragments.received(packet)) {
      case Fragments.Answer(EapTlsPacket answer) -> answer.write();
      case Fragments.Whole(Bytes message) -> fragments.send(turn(message)).write();
    };
  }

  private Bytes turn(Bytes octets) throws SSLException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(octets.toArray());
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        engine.getDelegatedTask().run();
      } else if (status == HandshakeStatus.NEED_WRAP) {
        wrap(new byte[0], out);
      } else if (in.hasRemaining()) {
        ByteBuffer plain = ByteBuffer.allocate(1 << 15);
        if (engine.unwrap(in, plain).getStatus() != Status.OK) {
          throw new AssertionError("half a record");
        }
        applicationData.write(plain.array(), 0, plain.position());
      } else if (status == HandshakeStatus.NOT_HANDSHAKING
          && engine.getUseClientMode()
          && octets.length() == 0
          && out.size() == 0) {
        engine.beginHandshake();
      } else {
        return Bytes.of(out.toByteArray());
      }
    }
  }

  /// {@return Type-Data with these octets of application data, protected}
  Bytes say(byte... octets) throws SSLException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    wrap(octets, out);
    return fragments.send(Bytes.of(out.toByteArray())).write();
  }

  private void wrap(byte[] plain, ByteArrayOutputStream out) throws SSLException {
    ByteBuffer record = ByteBuffer.allocate(1 << 15);
    var _ = engine.wrap(ByteBuffer.wrap(plain), record);
    out.write(record.array(), 0, record.position());
  }

  /// {@return 64 octets of its exporter (RFC 5705 §4, RFC 8446 §7.5)}
  Bytes exported(String label, byte... context) throws SSLException {
    ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
    return Bytes.of(
        session.exportKeyingMaterialData(label, context.length == 0 ? null : context, 128), 0, 64);
  }

  /// Takes any certificate: ours are not what it judges.
  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
