package dev.portcullis.operator.chart;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/** Notes every request that the API server forbids, whatever its sender makes of that. */
final class Refusals implements Interceptor {

  final ConcurrentSkipListSet<String> seen = new ConcurrentSkipListSet<>();

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (response.code() == HttpURLConnection.HTTP_FORBIDDEN) {
      seen.add(request.method() + " " + request.uri().getPath());
    }
  }
}
