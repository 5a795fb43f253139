/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.sys;

import io.bascule.api.BrokerInfo;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Traffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Publishes {@code $SYS/broker/#}, retained, under the names that Mosquitto gives (mosquitto(8), "Broker Status"), so that what watches
 * Mosquitto watches this broker. A figure is published when it has changed. Used on one event loop.
 */
public final class SysTopics {
    private static final String ROOT = "$SYS/broker/";
    private static final List<Duration> WINDOWS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

    private final Supplier<SysFigures> figures;
    private final Consumer<Message> publisher;
    private final Map<String, String> published = new HashMap<>();
    private final Map<String, Load> loads = new LinkedHashMap<>();
    private long lastNanos = System.nanoTime();

    /** A counter whose speed is told. */
    private static final class Load {
        private final List<LoadAverage> averages =
                WINDOWS.stream().map(LoadAverage::new).toList();
        private long last;
    }

    /** Publishes nothing yet. */
    public SysTopics(Supplier<SysFigures> figures, Consumer<Message> publisher) {
        this.figures = figures;
        this.publisher = publisher;
    }

    /** Publishes what has changed since the last time. */
    public void publish() {
        long now = System.nanoTime();
        double seconds = Math.max(0.001, (now - lastNanos) / 1e9);
        lastNanos = now;
        SysFigures current = figures.get();
        broker(current);
        clients(current);
        messages(current);
        loads(current, seconds);
    }

    private void broker(SysFigures current) {
        BrokerInfo broker = current.broker();
        tell("version", "bascule version " + broker.version());
        tell("uptime", Duration.between(broker.startedAt(), Instant.now()).toSeconds() + " seconds");
        tell("subscriptions/count", broker.subscriptions());
        tell("shared_subscriptions/count", current.sharedSubscriptions());
        tell("retained messages/count", broker.retained());
        Runtime runtime = Runtime.getRuntime();
        tell("heap/current", runtime.totalMemory() - runtime.freeMemory());
        tell("heap/maximum", runtime.maxMemory());
    }

    private void clients(SysFigures current) {
        int connected = current.broker().connected();
        int disconnected = current.broker().sessions() - connected;
        tell("clients/total", current.broker().sessions());
        tell("clients/connected", connected);
        tell("clients/active", connected);
        tell("clients/disconnected", disconnected);
        tell("clients/inactive", disconnected);
        tell("clients/maximum", current.maximumConnected());
        tell("clients/expired", current.expired());
    }

    private void messages(SysFigures current) {
        Traffic traffic = current.transport().traffic();
        tell("messages/received", traffic.packetsReceived());
        tell("messages/sent", traffic.packetsSent());
        tell("messages/stored", current.queued());
        tell("store/messages/count", current.queued());
        tell("store/messages/bytes", current.queuedBytes());
        tell("store/disk/bytes", current.broker().storeBytes());
        tell("store/failure", current.broker().storeFailure().orElse(""));
        tell("publish/messages/received", traffic.publishesReceived());
        tell("publish/messages/sent", traffic.publishesSent());
        tell("publish/messages/dropped", dropped(current));
        tell("publish/bytes/received", traffic.publishBytesReceived());
        tell("publish/bytes/sent", traffic.publishBytesSent());
        tell("bytes/received", traffic.bytesReceived());
        tell("bytes/sent", traffic.bytesSent());
    }

    private static long dropped(SysFigures current) {
        return current.broker().dropped().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void loads(SysFigures current, double seconds) {
        Traffic traffic = current.transport().traffic();
        load("messages/received", traffic.packetsReceived(), seconds);
        load("messages/sent", traffic.packetsSent(), seconds);
        load("publish/received", traffic.publishesReceived(), seconds);
        load("publish/sent", traffic.publishesSent(), seconds);
        load("publish/dropped", dropped(current), seconds);
        load("bytes/received", traffic.bytesReceived(), seconds);
        load("bytes/sent", traffic.bytesSent(), seconds);
        load("sockets", traffic.connectionsAccepted(), seconds);
        load("connections", current.accepted(), seconds);
    }

    private void load(String name, long count, double seconds) {
        Load load = loads.computeIfAbsent(name, each -> new Load());
        for (int i = 0; i < WINDOWS.size(); i++) {
            LoadAverage average = load.averages.get(i);
            average.add(count - load.last, seconds);
            tell(
                    "load/" + name + "/" + WINDOWS.get(i).toMinutes() + "min",
                    String.format(Locale.ROOT, "%.2f", average.perMinute()));
        }
        load.last = count;
    }

    private void tell(String name, long value) {
        tell(name, Long.toString(value));
    }

    private void tell(String name, String value) {
        if (!value.equals(published.put(name, value))) {
            publisher.accept(
                    Message.of(Topic.of(ROOT + name), value.getBytes(StandardCharsets.UTF_8), QoS.EXACTLY_ONCE, true));
        }
    }
}
