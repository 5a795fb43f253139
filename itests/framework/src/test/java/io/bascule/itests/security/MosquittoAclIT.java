/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import io.bascule.api.Identity;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.Authenticator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** The same users and the same acl_file in Mosquitto and here: who gets a message through, and who is sent one. */
public class MosquittoAclIT extends SecurityContract {
    private static final int ROUNDS = 4;
    private static final String PASSWORD = "x";
    private static final String MARK = "mark";
    /** By client id; the last one has a name that could fill in a wildcard. */
    private static final Map<String, Optional<String>> CLIENTS = new LinkedHashMap<>();

    static {
        CLIENTS.put("c1", Optional.of("alice"));
        CLIENTS.put("c2", Optional.of("bob"));
        CLIENTS.put("c3", Optional.empty());
        CLIENTS.put("c4", Optional.of("al+ice"));
    }

    private static final List<String> LEVELS = List.of("a", "alice", "bob", "c1");
    private static final List<String> FILTERS = List.of("a", "alice", "bob", "+");
    private static final List<String> PATTERNS = List.of("a", "%u", "%c", "+");
    private static final List<String> ACCESS = List.of("", "read ", "write ", "readwrite ", "deny ", "deny ");

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private ServiceRegistration<Authenticator> anonymous;

    private String pick(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    private String filter(List<String> levels) {
        List<String> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            parts.add(pick(levels));
        }
        if (random.nextInt(3) == 0) {
            parts.set(parts.size() - 1, "#");
        }
        return String.join("/", parts);
    }

    /** An access and a filter; nobody is denied the mark. */
    private String right(List<String> levels) {
        String access = pick(ACCESS);
        String filter = filter(levels);
        while (access.equals("deny ") && TopicFilter.of(filter).matches(Topic.of(MARK))) {
            filter = filter(levels);
        }
        return access + filter;
    }

    /** Sections and patterns, in which everybody may read the mark and the admin may do everything. */
    private String acl() {
        StringBuilder text = new StringBuilder();
        List<String> sections = new ArrayList<>(List.of(""));
        CLIENTS.values().forEach(user -> user.ifPresent(name -> sections.add("user " + name + "\n")));
        for (String section : sections) {
            text.append(section).append("topic read ").append(MARK).append('\n');
            for (int i = random.nextInt(4); i > 0; i--) {
                text.append("topic ").append(right(FILTERS)).append('\n');
            }
            for (int i = random.nextInt(2); i > 0; i--) {
                text.append("pattern ").append(right(PATTERNS)).append('\n');
            }
        }
        return text.append("\nuser admin\ntopic #\n").toString();
    }

    private static List<String> topics() {
        List<String> topics = new ArrayList<>();
        for (String one : LEVELS) {
            topics.add(one);
            for (String two : LEVELS) {
                topics.add(one + "/" + two);
                topics.add(one + "/" + two + "/a");
            }
        }
        return topics;
    }

    @Test(timeout = 300_000)
    public void allowsWhatMosquittoAllows() throws Exception {
        Path users = folder.resolve("users");
        MosquittoPasswd.set(users, "admin", PASSWORD);
        for (Optional<String> user : CLIENTS.values()) {
            user.ifPresent(name -> MosquittoPasswd.set(users, name, PASSWORD));
        }
        serve(PASSWORDS, "people", users);
        serveAnonymous();
        for (int round = 0; round < ROUNDS; round++) {
            String text = acl();
            Path file = Files.writeString(folder.resolve("acl" + round), text);
            serve(ACL, "acl" + round, file);
            try (MosquittoProcess mosquitto = MosquittoProcess.start("password_file " + users, "acl_file " + file)) {
                assertThat(outcome(port))
                        .as("seed %d, round %d:\n%s", seed, round, text)
                        .isEqualTo(outcome(mosquitto.port()));
            }
            delete(ACL, "acl" + round);
            String gone = "acl" + round;
            eventually("it is gone", () -> provider(gone).isEmpty());
        }
    }

    /** Who has no user name may come in, as Mosquitto is told. */
    private void serveAnonymous() {
        Authenticator everybody = client -> CompletableFuture.completedFuture(
                client.userName().isEmpty() ? new Accepted(Identity.ANONYMOUS) : new Abstained());
        anonymous = context.registerService(Authenticator.class, everybody, null);
    }

    @After
    public void serveAnonymousNoMore() {
        anonymous.unregister();
    }

    /** Who came through where: {@code c1 writes a/b}, {@code c1 reads a/b}. */
    private TreeSet<String> outcome(int broker) throws Exception {
        TreeSet<String> outcome = new TreeSet<>();
        Map<String, Queue<Received>> received = new LinkedHashMap<>();
        List<Client> clients = new ArrayList<>();
        try (Client admin = connect(broker, "admin", Optional.of("admin"), new ConcurrentLinkedQueue<>())) {
            for (Map.Entry<String, Optional<String>> each : CLIENTS.entrySet()) {
                Queue<Received> queue = new ConcurrentLinkedQueue<>();
                received.put(each.getKey(), queue);
                Client client = connect(broker, each.getKey(), each.getValue(), queue);
                clients.add(client);
                subscribe(client, each.getKey() + " at " + broker);
                for (String topic : topics()) {
                    if (publishes(client, topic)) {
                        outcome.add(each.getKey() + " writes " + topic);
                    }
                }
            }
            for (String topic : topics()) {
                admin.publish(topic, 1, "admin");
            }
            admin.publish(MARK, 1, "admin");
            received.forEach((clientId, queue) -> {
                eventually(() -> assertThat(queue)
                        .extracting(Received::topic)
                        .as(clientId)
                        .contains(MARK));
                queue.stream()
                        .filter(message -> message.text().equals("admin"))
                        .forEach(message -> outcome.add(clientId + " reads " + message.topic()));
            });
        } finally {
            clients.forEach(Client::close);
        }
        assertThat(outcome.stream().filter(line -> line.endsWith(" reads " + MARK)))
                .hasSize(CLIENTS.size());
        return outcome;
    }

    /** There is always the mark to be received, so nobody refuses it. */
    private static void subscribe(Client client, String who) {
        try {
            client.subscribe("#", 1);
        } catch (CompletionException e) {
            throw new AssertionError(who + ": " + ((Mqtt5SubAckException) e.getCause()).getMqttMessage(), e);
        }
    }

    private static Client connect(int broker, String clientId, Optional<String> user, Queue<Received> received) {
        ConnectOptions anonymous = ConnectOptions.of(Version.MQTT_5, broker, clientId);
        return Client.connect(user.map(name -> anonymous.as(name, PASSWORD)).orElse(anonymous), received::add);
    }
}
