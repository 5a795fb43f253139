/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What others feel of a bridge's remote: all of it while the watch is kept. */
final class Watch implements AutoCloseable {
    /** Where the bridges' routes from there may lead: what they ask for with {@code in/#} may come as {@code in} too. */
    static final TopicFilter MAPPED = TopicFilter.of("here/#");

    /** Other processes of this machine, and a pause of this one, are to fit in. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

    private static final int MOST = 20;

    private final PingPong pingPong;
    private final Client everything;
    private final LogCapture log = new LogCapture();
    private final ServiceRegistration<MessageInterceptor> interceptor;
    private final Collection<String> strayed = new ConcurrentLinkedQueue<>();

    /** Begins, with clients of this listener. */
    Watch(BundleContext context, int port) {
        interceptor = context.registerService(
                MessageInterceptor.class,
                (publisher, message) -> published(publisher.clientId(), message),
                new Hashtable<>());
        everything = Client.connect(ConnectOptions.of(Version.MQTT_5, port, "everything"), this::received);
        everything.subscribe("#", 0);
        pingPong = new PingPong(port);
    }

    /** Of sessions in this process it sees what clients do not, such as a topic that begins with a dollar sign. */
    private Optional<Message> published(String clientId, Message message) {
        if (clientId.startsWith("bridge:")) {
            check(message.topic().toString());
        }
        return Optional.of(message);
    }

    private void received(Received message) {
        String topic = message.topic();
        if (!topic.equals("ping") && !topic.equals("pong") && !topic.startsWith("out/")) {
            check(topic);
        }
    }

    private void check(String topic) {
        if (!MAPPED.matches(Topic.of(topic)) && strayed.size() < MOST) {
            strayed.add(topic);
        }
    }

    PingPong pingPong() {
        return pingPong;
    }

    LogCapture log() {
        return log;
    }

    /** What is not as it should be; empty when nobody has felt anything so far. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        pingPong.fault().ifPresent(fault -> faults.add("ping-pong: " + fault));
        if (pingPong.longest().compareTo(LONGEST_ROUND) > 0) {
            faults.add("ping-pong: a round took " + pingPong.longest().toMillis() + " ms");
        }
        if (!everything.isConnected()) {
            faults.add("a client was disconnected");
        }
        strayed.forEach(topic -> faults.add("outside of the mapping: " + topic));
        log.trouble().forEach(line -> faults.add("log: " + line));
        return faults;
    }

    /** Nobody has felt anything, and all goes on. */
    void assertQuiet() {
        int rounds = pingPong.rounds();
        eventually("the ping-pong goes on", () -> pingPong.rounds() > rounds + 10);
        assertThat(faults()).isEmpty();
    }

    @Override
    public void close() {
        pingPong.close();
        everything.close();
        interceptor.unregister();
        log.close();
    }
}
