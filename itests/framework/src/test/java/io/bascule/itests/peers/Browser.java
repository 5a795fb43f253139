/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bascule.itests.support.Folders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** MQTT.js in a page that headless Chromium shows; the page comes from a server of its own. */
public final class Browser {
    private static final String PAGE = """
            <!DOCTYPE html>
            <script src="mqtt.js"></script>
            <script src="round-trip.js"></script>
            <script>
              roundTrip(mqtt, '%s', %d)
                .catch((error) => `failed: ${error}`)
                .then((result) => fetch('result', { method: 'POST', body: result }));
            </script>
            """;
    private static final long SECONDS = 60;

    private final HttpServer server;
    private final CompletableFuture<String> result = new CompletableFuture<>();

    private Browser(HttpServer server) {
        this.server = server;
    }

    /**
     * Has two clients exchange messages as {@link MqttJs#roundTrip} does.
     *
     * @param host by which the browser finds the page
     * @return how many messages came, or {@code failed: } and why not
     */
    public static String roundTrip(String host, String url, int protocolVersion) throws IOException {
        String chromium = Programs.find("chromium");
        Path library = MqttJs.library().resolve("dist/mqtt.min.js");
        Path profile = Folders.create("chromium");
        Browser browser = new Browser(HttpServer.create(new InetSocketAddress(Ports.loopback(), 0), 0));
        browser.serve("/", PAGE.formatted(url, protocolVersion).getBytes(UTF_8), "text/html");
        browser.serve("/mqtt.js", Files.readAllBytes(library), "text/javascript");
        browser.serve("/round-trip.js", Files.readAllBytes(MqttJs.SCRIPTS.resolve("round-trip.js")), "text/javascript");
        browser.server.createContext("/result", browser::takeResult);
        browser.server.start();
        String page = "http://" + host + ":" + browser.server.getAddress().getPort() + "/";
        // Without a sandbox, which wants rights that a build may lack: all that it shows is ours.
        List<String> command = List.of(
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile,
                page);
        try (ChildProcess process = ChildProcess.start("Chromium", command)) {
            return browser.await(process);
        } finally {
            browser.server.stop(0);
        }
    }

    private void serve(String path, byte[] content, String type) {
        server.createContext(path, exchange -> answer(exchange, content, type));
    }

    private static void answer(HttpExchange exchange, byte[] content, String type) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private void takeResult(HttpExchange exchange) throws IOException {
        result.complete(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        answer(exchange, "thanks".getBytes(UTF_8), "text/plain");
    }

    private String await(ChildProcess process) {
        try {
            return result.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("no result within " + SECONDS + " s; " + process.explain(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
