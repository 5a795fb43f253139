/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.bridge.retained.Digest;
import io.bascule.bridge.retained.Remembered;
import io.bascule.bridge.retained.Sending;
import io.bascule.bridge.retained.Values;
import io.bascule.bridge.route.Retain;
import io.bascule.bridge.route.Route;
import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.resource.Lease;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Notes what the remote broker has of the forward routes with {@code retain=diff}, over one connection or several. It has a message when it has acknowledged it to
 * the end; one of QoS 0 when it has answered a PINGREQ that was sent behind it.
 *
 * <p>A message waits here, and all that come behind it, while the file is made to doubt that its topic has another one.
 */
final class RetainedOut {
    private static final Object RELEASED = new Object();
    private static final Set<String> IGNORED = Set.of(Hops.PROPERTY);
    private static final Duration ASK = Duration.ofSeconds(5);
    /** Twice as many as there are topics, each of which waits for one answer at most. */
    private static final int MOST_ASKED = 2 * Remembered.MOST_TOPICS;

    private final Lasting link;
    private final int server;
    private final Remembered remembered;
    private final Consumer<Delivery> relay;
    private final Consumer<Delivery> lost;
    private final Runnable pace;
    private final Comparison comparison;

    private final Queue<Delivery> waiting = new ArrayDeque<>();
    private final Map<Integer, Going> byPacketId = new HashMap<>();
    private final List<Unanswered> unanswered = new ArrayList<>();
    private boolean noting;
    private Lease asking;
    private boolean over;
    private Message digested;
    private Digest digest;

    /**
     * A message on its way.
     *
     * @param expires so that nobody will say when it is not there any more
     */
    private record Going(Values values, Sending sending, boolean expires) {
        void arrived() {
            if (expires) {
                values.lost(sending);
            } else {
                values.arrived(sending);
            }
        }

        void lost() {
            values.lost(sending);
        }

        boolean isOver() {
            return !values.isGoing(sending);
        }
    }

    /** What was sent with QoS 0 over one connection, with the number of the PINGREQ that is sent behind it. */
    private record Unanswered(Connection over, Pulse pulse, Queue<Asked> asked) {}

    private record Asked(long ask, Going going) {}

    /**
     * Over the connections to this server.
     *
     * @param isAwaited whether something that was delivered before waits to be sent
     * @param relay takes a message that has waited here
     * @param lost takes one of QoS 0 that has waited here until the connection was lost
     */
    RetainedOut(
            Lasting link,
            RemoteBroker broker,
            Limits limits,
            BooleanSupplier isAwaited,
            Consumer<Delivery> relay,
            Consumer<Delivery> lost,
            Runnable pace) {
        this.link = link;
        this.server = broker.index();
        this.remembered = link.remembered().orElseThrow();
        this.relay = relay;
        this.lost = lost;
        this.pace = pace;
        this.comparison =
                new Comparison(link, server, limits, () -> !noting && !isAwaited.getAsBoolean(), RetainedOut::digestOf);
    }

    /** Null where no route needs it, or where the remote broker has no retained messages. */
    static boolean isNeeded(Lasting link, Limits limits) {
        return link.remembered().isPresent()
                && limits.retain()
                && link.forward().routes().stream().anyMatch(route -> route.retain() == Retain.DIFF);
    }

    private static Digest digestOf(Message message) {
        return Digest.of(message, IGNORED);
    }

    /** Null for a deletion. The same message is asked about twice, one time after the other. */
    private Digest digest(Message message) {
        if (message.payload().length == 0) {
            return null;
        }
        if (digested != message) {
            digested = message;
            digest = digestOf(message);
        }
        return digest;
    }

    private Values values(Route route) {
        return remembered.at(server, route);
    }

    /** Messages flow: compares what is retained here with what is there. */
    void begin(Session session) {
        comparison.begin(session);
    }

    /** Whether the message waits here, and comes again through {@code relay}. */
    boolean holds(Delivery delivery) {
        if (noting) {
            waiting.add(delivery);
            return true;
        }
        if (!delivery.retain()) {
            return false;
        }
        Message message = delivery.message();
        Optional<RouteTable.Match> match = link.forward().match(delivery.subscriptionIdentifiers(), message.topic());
        if (match.isEmpty() || match.get().route().retain() != Retain.DIFF) {
            return false;
        }
        Values values = values(match.get().route());
        String topic = message.topic().name();
        if (!values.isOtherInFile(topic, digest(message))) {
            values.next(topic, digest(message));
            return false;
        }
        noting = true;
        waiting.add(delivery);
        remembered.doubt(values, List.of(topic), () -> link.local().onLoop(this::noted));
        pace.run();
        return true;
    }

    private void noted() {
        if (over) {
            return;
        }
        noting = false;
        List<Delivery> due = new ArrayList<>(waiting);
        waiting.clear();
        due.forEach(relay);
        pace.run();
    }

    /** Whether nothing more is to be delivered for now. */
    boolean isHolding() {
        return noting;
    }

    /** A message of this route was sent, as this with this QoS. */
    void sent(Delivery delivery, Message mapped, Route route, QoS qos, Connection over, Pulse pulse) {
        if (!delivery.retain() || route.retain() != Retain.DIFF) {
            return;
        }
        Values values = values(route);
        values.sent(delivery.message().topic().name(), digest(delivery.message()), order(qos, over))
                .map(sending -> new Going(values, sending, mapped.expires()))
                .ifPresent(going -> {
                    if (qos == QoS.AT_MOST_ONCE) {
                        ask(going, over, pulse);
                    } else {
                        byPacketId.put(delivery.packetId(), going);
                    }
                });
    }

    /** One of QoS 2 may be published there when it is released, and what one connection carries when the other one's is long there. */
    private Object order(QoS qos, Connection over) {
        if (qos == QoS.EXACTLY_ONCE) {
            return RELEASED;
        }
        return link.definition().connections() > 1 ? over : Sending.IN_ORDER;
    }

    /** The remote broker has answered what was sent under this identifier, for good or for ill. */
    void answered(int packetId, boolean taken) {
        Going going = byPacketId.remove(packetId);
        if (going != null && taken) {
            going.arrived();
        } else if (going != null) {
            going.lost();
        }
    }

    private void ask(Going going, Connection over, Pulse pulse) {
        Queue<Asked> asked = asked(over, pulse);
        if (asked.size() >= MOST_ASKED) {
            List<Asked> passed =
                    asked.stream().filter(each -> each.going().isOver()).toList();
            asked.removeIf(each -> each.going().isOver());
            passed.forEach(each -> each.going().lost());
        }
        asked.add(new Asked(pulse.asks() + 1, going));
        askSoon();
    }

    private Queue<Asked> asked(Connection over, Pulse pulse) {
        for (Unanswered each : unanswered) {
            if (each.over() == over) {
                return each.asked();
            }
        }
        Unanswered first = new Unanswered(over, pulse, new ArrayDeque<>());
        unanswered.add(first);
        return first.asked();
    }

    private void askSoon() {
        if (asking == null && !over) {
            asking = link.eventLoop().schedule(link.scope(), ASK, this::ask);
        }
    }

    /** The keep alive may be hours. */
    private void ask() {
        asking = null;
        for (Unanswered each : unanswered) {
            if (!each.asked().isEmpty()) {
                if (each.pulse().asks() == each.pulse().answers()) {
                    each.over().send(new ControlPacket.PingReq());
                    each.pulse().asked();
                }
                askSoon();
            }
        }
    }

    /** PINGRESP has come over one of the connections. */
    void answered() {
        for (Unanswered each : unanswered) {
            Queue<Asked> asked = each.asked();
            while (!asked.isEmpty() && asked.peek().ask() <= each.pulse().answers()) {
                asked.remove().going().arrived();
            }
        }
    }

    /**
     * A retained message has come from there, or a deletion: at the remote broker it has taken the place of what was sent to where it comes from.
     *
     * @param local the topic that it has here
     * @param isEcho whether it has left from here, now or before
     */
    void cameBack(Message message, Topic local, boolean isEcho) {
        for (Route route : link.forward().routes()) {
            if (route.retain() == Retain.DIFF && isFrom(route, local, message.topic())) {
                Values values = values(route);
                boolean same = message.payload().length > 0
                        && (values.has(local.name(), digest(message)) || isWhatIsHere(message, local, values));
                if (!same && isEcho) {
                    remembered.doubt(values, List.of(local.name()), () -> {});
                } else if (!same) {
                    values.replaced(local.name());
                }
            }
        }
    }

    /** On the way its QoS and its properties may have changed. */
    private boolean isWhatIsHere(Message message, Topic local, Values values) {
        return link.local()
                .retained(local)
                .filter(here -> Arrays.equals(here.payload(), message.payload()))
                .filter(here -> values.has(local.name(), digestOf(here)))
                .isPresent();
    }

    private static boolean isFrom(Route route, Topic local, Topic there) {
        return route.map(local)
                .filter(topic -> topic.name().equals(there.name()))
                .isPresent();
    }

    /** The connection is gone. */
    void close() {
        over = true;
        comparison.close();
        if (asking != null) {
            asking.close();
        }
        byPacketId.values().forEach(Going::lost);
        unanswered.forEach(each -> each.asked().forEach(asked -> asked.going().lost()));
        waiting.stream().filter(delivery -> delivery.packetId() == 0).forEach(lost);
        waiting.clear();
    }
}
