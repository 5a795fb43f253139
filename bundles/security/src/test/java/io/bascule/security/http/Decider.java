/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A server that decides about clients as a test wants it to. */
final class Decider implements AutoCloseable {
    private final String scheme;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile Reply reply = exchange -> {};

    /** What it does with a request. */
    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    Decider() throws IOException {
        this("http", HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** One that speaks TLS. */
    static Decider overTls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new Decider("https", server);
    }

    private Decider(String scheme, HttpServer server) {
        this.scheme = scheme;
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        questions.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        try (exchange) {
            reply.to(exchange);
        }
    }

    /** From now on it answers so. */
    void answers(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        does(exchange -> {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(bytes);
                }
            }
        });
    }

    void does(Reply other) {
        reply = other;
    }

    URI url() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/login");
    }

    List<String> questions() {
        return questions;
    }

    List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
