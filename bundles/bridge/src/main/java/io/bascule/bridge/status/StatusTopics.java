/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.status;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes how a bridge stands, retained: {@code $SYS/broker/bridge/<name>} as JSON, within a second of a change, its figures every ten
 * seconds; and {@code $SYS/broker/connection/<name>/state}, 1 or 0, as Mosquitto does. What it publishes goes straight to the local broker,
 * past everything that waits for the remote one.
 */
public final class StatusTopics {
    private static final Logger LOG = LoggerFactory.getLogger(StatusTopics.class);
    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final int CHECKS_BETWEEN_FIGURES = 10;

    private final Supplier<BridgeStatus> status;
    private final Broker broker;
    private final EventLoop eventLoop;
    private final ResourceScope scope;
    private final Topic json;
    private final Topic state;
    private String standing = "";
    private String told = "";
    private String toldState = "";
    private int checks;
    private boolean ended;

    /** Publishes nothing yet. */
    public StatusTopics(
            String name, Supplier<BridgeStatus> status, Broker broker, EventLoop eventLoop, ResourceScope scope) {
        this.status = status;
        this.broker = broker;
        this.eventLoop = eventLoop;
        this.scope = scope;
        String level = name.replaceAll("[/+#\\x00]", "_"); // a name that did not come from a file may have any of them
        this.json = Topic.of("$SYS/broker/bridge/" + level);
        this.state = Topic.of("$SYS/broker/connection/" + level + "/state");
    }

    /** Begins to publish. */
    public void start() {
        eventLoop.execute(this::check);
    }

    private void check() {
        tellIfChanged();
        try {
            eventLoop.schedule(scope, CHECK, this::check);
        } catch (IllegalStateException e) {
            LOG.trace("{} is told no more: its bridge is closed", json);
        }
    }

    private synchronized void tellIfChanged() {
        BridgeStatus now = status.get();
        checks++;
        if (!ended
                && (checks % CHECKS_BETWEEN_FIGURES == 1
                        || !StatusJson.standing(now).equals(standing))) {
            tell(now);
        }
    }

    /** Publishes for the last time, that the bridge is stopped; once it is. */
    public synchronized void end() {
        ended = true;
        tell(status.get());
    }

    /** Takes back what is retained: there is no such bridge any more. */
    public synchronized void clear() {
        ended = true;
        broker.publish(Message.empty(json, QoS.AT_LEAST_ONCE, true));
        broker.publish(Message.empty(state, QoS.AT_LEAST_ONCE, true));
    }

    private void tell(BridgeStatus now) {
        standing = StatusJson.standing(now);
        String whole = StatusJson.whole(now);
        if (!whole.equals(told)) {
            told = whole;
            publish(json, whole);
        }
        String connected = now.state().isConnected() ? "1" : "0";
        if (!connected.equals(toldState)) {
            toldState = connected;
            publish(state, connected);
        }
    }

    private void publish(Topic topic, String text) {
        broker.publish(Message.of(topic, text.getBytes(StandardCharsets.UTF_8), QoS.AT_LEAST_ONCE, true));
    }
}
