package espd.metrics;

import espd.metrics.Page.Reply;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leads each request to the [Page] of its path, and closes the connection after the answer. There
/// is only reading: GET and HEAD. The thread of the server.
@Sharable
final class Site extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(Site.class);

  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /// A browser runs and loads what comes from here, and nothing else; nobody may frame the page.
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final List<String> SCRIPTS =
      List.of("status.js", "state.js", "history.js", "chart.js", "tables.js", "units.js");

  private final Hosts hosts;
  private final Map<String, Page> pages;
  private final Tally refused;

  /// @param hosts whom requests may be meant for
  /// @param meters which the site shows, and which count what it refuses
  /// @param source of the state that it shows
  Site(Hosts hosts, Meters meters, StatusSource source) {
    this.hosts = hosts;
    this.refused =
        meters.tally("espd_http_refused_total", "Requests for pages refused, by status", "status");
    this.pages = pages(new MetricsPage(meters), new StatusPage(source, System::nanoTime));
  }

  private static Map<String, Page> pages(Page metrics, Page status) {
    Map<String, Page> pages = new TreeMap<>();
    pages.put(MetricsPage.PATH, metrics);
    pages.put("/status.json", status);
    pages.put("/", ResourcePage.of("status.html", "text/html; charset=utf-8"));
    pages.put("/status.css", ResourcePage.of("status.css", "text/css; charset=utf-8"));
    pages.put("/favicon.svg", ResourcePage.of("favicon.svg", "image/svg+xml"));
    for (String script : SCRIPTS) {
      pages.put("/" + script, ResourcePage.of(script, "text/javascript; charset=utf-8"));
    }
    return pages;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    var _ =
        reply(request)
            .whenComplete(
                (reply, failure) -> {
                  if (failure != null) {
                    LOG.error("A page could not be made", failure);
                    var _ = context.close();
                  } else {
                    answer(context, reply);
                  }
                });
  }

  private CompletionStage<Reply> reply(FullHttpRequest request) {
    String path = new QueryStringDecoder(request.uri()).rawPath(); // no page has an escape
    Page page = pages.get(path);
    if (request.decoderResult().isFailure() || !saysItsHost(request)) {
      return refuse(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
    } else if (!isForUs(request, path)) {
      return refuse(
          HttpResponseStatus.MISDIRECTED_REQUEST,
          "this is not the host you asked for; ask for it by its address, or by the name it was"
              + " told to listen at");
    } else if (page == null) {
      return refuse(
          HttpResponseStatus.NOT_FOUND, "there is only " + String.join(", ", pages.keySet()));
    } else if (!READING.contains(request.method())) {
      return refuse(HttpResponseStatus.METHOD_NOT_ALLOWED, path + " is only for GET and HEAD");
    }
    return page.get(request.headers());
  }

  /// RFC 9112 §3.2: exactly one `Host` since HTTP/1.1, none needed before.
  private static boolean saysItsHost(FullHttpRequest request) {
    int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
    return hosts == 1 || (hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_0));
  }

  private boolean isForUs(FullHttpRequest request, String path) {
    List<String> host = request.headers().getAll(HttpHeaderNames.HOST);
    boolean figures = path.equals(MetricsPage.PATH);
    return host.stream()
        .allMatch(each -> figures ? hosts.includeForMetrics(each) : hosts.include(each));
  }

  private CompletionStage<Reply> refuse(HttpResponseStatus status, String sentence) {
    refused.count(status.codeAsText().toString());
    return CompletableFuture.completedFuture(Reply.refusal(status, sentence));
  }

  private static void answer(ChannelHandlerContext context, Reply reply) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, reply.status(), Unpooled.wrappedBuffer(reply.body()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, reply.type())
        .set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        .set("x-content-type-options", "nosniff")
        .set("referrer-policy", "no-referrer")
        .set("cross-origin-resource-policy", "same-origin");
    if (reply.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("A client of the pages went away: {}", cause.toString());
    var _ = context.close();
  }
}
