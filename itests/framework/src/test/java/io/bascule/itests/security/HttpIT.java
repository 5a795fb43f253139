/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.bascule.api.SecurityProvider;
import io.bascule.itests.client.LoginAttempt;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.spi.Authenticator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.ServiceReference;

/** Clients whom another server knows. */
public class HttpIT extends ProviderContract {
    private static final String HTTP = "io.bascule.http";
    private static final String PASSWORD = "canary-93d0";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** It knows alice, and in the header who asks. */
    @Before
    public void decide() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/login", exchange -> {
            String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean known = question.contains("\"userName\":\"alice\"")
                    && question.contains("\"password\":\"" + PASSWORD + "\"")
                    && "Bearer token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] answer = "{\"result\":\"%s\",\"groups\":[\"staff\"]}"
                    .formatted(known ? "allow" : "deny")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
    }

    @After
    public void end() {
        server.stop(0);
        threads.shutdownNow();
    }

    private Map<String, String> properties() {
        Map<String, String> all = new HashMap<>();
        all.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/login");
        all.put("authorization", "Bearer token");
        return all;
    }

    private void serve() throws IOException {
        configure(HTTP, "plant", properties());
        eventually(
                "it serves",
                () -> provider("plant").map(SecurityProvider::serving).orElse(false)
                        && context.getServiceReference(Authenticator.class) != null);
        awaitAsked();
    }

    /** Takes its time: who fails to log in is told so late. */
    @Test(timeout = 180_000)
    public void letsInWhomTheServerKnows() throws Exception {
        serve();

        onlyAliceComesIn(answers(PASSWORD, "bad"));

        assertThat(console("security")).contains("http", "accepted 2").doesNotContain(PASSWORD);
        ServiceReference<Authenticator> reference = context.getServiceReference(Authenticator.class);
        assertThat(reference.getProperty("service.pid")).isEqualTo("io.bascule.http~plant");
    }

    @Test(timeout = 60_000)
    public void servesMosquittosClients() throws Exception {
        serve();
        write(folder.resolve("rights"), "allow publish group=staff a\n");
        serve(ACL, "plants", folder.resolve("rights"));

        MosquittoPub.publish(port, "mqttv5", 1, "a", "x", "-u", "alice", "-P", PASSWORD);
        MosquittoPub.publish(port, "mqttv311", 1, "a", "x", "-u", "alice", "-P", PASSWORD);
        assertThat(provider("plants").orElseThrow().figures()).containsEntry("denied", 0L);
        assertThatThrownBy(() -> MosquittoPub.publish(port, "mqttv5", 1, "a", "x", "-u", "eve", "-P", PASSWORD))
                .hasMessageContaining("Bad User Name or Password");
    }

    @Test(timeout = 60_000)
    public void letsNobodyInWhileTheServerIsAway() throws Exception {
        serve();
        server.stop(0);

        assertThat(LoginAttempt.code(port, Version.MQTT_5, Optional.of("alice"), Optional.of(PASSWORD)))
                .isEqualTo(0x88);
        assertThat(LoginAttempt.code(port, Version.MQTT_3_1_1, Optional.of("alice"), Optional.of(PASSWORD)))
                .isEqualTo(3);

        assertThat(console("security"))
                .contains("failed 2", "the server cannot be asked")
                .doesNotContain(PASSWORD);
    }

    @Test(timeout = 60_000)
    public void sendsNoPasswordInClearTextToAnotherMachine() throws Exception {
        configure(HTTP, "plant", Map.of("url", "http://192.0.2.1/"));
        eventually(() -> assertThat(console("security")).contains("clear text"));
        assertThat(context.getServiceReference(Authenticator.class)).isNull();
    }

    @Test(timeout = 120_000)
    public void leavesNothingBehind() throws Exception {
        leavesNothingBehind(HTTP, properties(), PASSWORD);
    }
}
