package espd.metrics;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
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
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers one request and closes the connection. The thread of the server.
final class MetricsPage extends SimpleChannelInboundHandler<FullHttpRequest> {

  /// The path of the page.
  static final String PATH = "/metrics";

  private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);
  private static final String PLAIN = "text/plain; charset=utf-8";

  private final Meters meters;

  /// @param meters what the page shows
  MetricsPage(Meters meters) {
    this.meters = meters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      answer(context, refusal(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request"));
    } else if (!PATH.equals(new QueryStringDecoder(request.uri()).path())) {
      answer(context, refusal(HttpResponseStatus.NOT_FOUND, "there is only " + PATH));
    } else if (!HttpMethod.GET.equals(request.method())) {
      FullHttpResponse refusal =
          refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, PATH + " is only for GET");
      refusal.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
      answer(context, refusal);
    } else {
      String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
      answer(context, page(ExpositionFormat.of(accept)));
    }
  }

  private FullHttpResponse page(ExpositionFormat format) {
    try {
      return response(HttpResponseStatus.OK, format.contentType(), meters.scrape(format));
    } catch (RuntimeException e) {
      LOG.error("A figure could not be read", e);
      return refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "a figure could not be read");
    }
  }

  private static FullHttpResponse refusal(HttpResponseStatus status, String sentence) {
    return response(status, PLAIN, sentence + "\n");
  }

  private static FullHttpResponse response(HttpResponseStatus status, String type, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }

  private static void answer(ChannelHandlerContext context, FullHttpResponse response) {
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("A client of the metrics page went away: {}", cause.toString());
    var _ = context.close();
  }
}
