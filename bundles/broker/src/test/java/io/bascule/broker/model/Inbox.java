/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.broker.SteppedBroker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What one connection of a client gets. */
final class Inbox implements Wire.Receiver {
    private final SteppedBroker broker;
    private final Lines lines;
    private final List<Object> trace;
    private final Client client;
    private final Wire wire;

    private final Action.Connect connect;
    private final Optional<Text> will;

    Inbox(
            SteppedBroker broker,
            SteppedLoop loop,
            Lines lines,
            List<Object> trace,
            Client client,
            Action.Connect connect,
            Optional<Text> will) {
        this.broker = broker;
        this.lines = lines;
        this.trace = trace;
        this.client = client;
        this.connect = connect;
        this.will = will;
        this.wire = new Wire(loop, connect.v5() ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1, this);
    }

    Wire wire() {
        return wire;
    }

    private void mustBeOpen(Object what) {
        trace.add("   " + what + " to " + client);
        if (client.wire != wire) {
            throw new AssertionError(what + " to " + client + ", who is not there");
        }
    }

    @Override
    public void packet(ControlPacket packet) {
        if (packet instanceof ControlPacket.ConnAck connAck) {
            mustBeOpen("CONNACK" + (connAck.sessionPresent() ? ", present" : ""));
            accepted(connAck.sessionPresent());
        } else if (packet instanceof ControlPacket.SubAck subAck) {
            mustBeOpen("SUBACK " + subAck.packetId());
            String reasons = codes(subAck.reasons());
            owed(Owed.Kind.SUBACK, subAck.packetId(), reasons);
        } else if (packet instanceof ControlPacket.UnsubAck unsubAck) {
            mustBeOpen("UNSUBACK " + unsubAck.packetId());
            owed(Owed.Kind.UNSUBACK, unsubAck.packetId(), codes(unsubAck.reasons()));
        } else if (packet instanceof ControlPacket.Disconnect && client.wire != wire) {
            wire.sayGoodbye();
        } else {
            throw new AssertionError(packet + " to " + client);
        }
    }

    private void accepted(boolean present) {
        lines.each(line -> line.promised(line.world.accepted(connect, client.clientId, will, present)));
        client.accepted = true;
        client.resends = present;
        if (!present) {
            client.forget();
        }
    }

    private String codes(List<ReasonCode> reasons) {
        return String.valueOf(reasons.get(0).code());
    }

    private void owed(Owed.Kind kind, int packetId, String detail) {
        lines.each(line -> {
            Session session = line.world.sessions.get(client.clientId);
            Owed owed = session.owed.poll();
            if (owed == null
                    || owed.kind() != kind
                    || owed.packetId() != packetId
                    || !owed.detail().equals(detail)) {
                throw new AssertionError(kind + " " + packetId + " " + detail + " instead of " + owed + ": " + session);
            }
            line.promised(owed.promise());
            if (owed.sub() != null) {
                serve(line.world, owed.sub());
            }
        });
    }

    /** In whatever order the broker has what is retained. */
    private void serve(World world, Sub sub) {
        List<String> topics = broker.retained(TopicFilter.of(sub.filter())).stream()
                .map(each -> each.topic().name())
                .toList();
        if (!new TreeSet<>(topics).equals(new TreeSet<>(world.routing.retainedFor(sub)))) {
            throw new AssertionError("retained at " + topics + " instead of " + world.routing.retainedFor(sub));
        }
        world.routing.serve(client.clientId, sub, topics);
    }

    @Override
    public void publish(Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] identifiers) {
        String what = "PUBLISH " + message.topic() + " " + message.text() + " q" + qos.level()
                + (retain ? " retain" : "") + (dup ? " dup" : "") + " #" + packetId + " "
                + Arrays.toString(identifiers);
        mustBeOpen(what);
        List<Integer> sorted = Arrays.stream(identifiers).sorted().boxed().toList();
        lines.each(line -> {
            Session session = line.world.sessions.get(client.clientId);
            Out out = Delivery.awaited(session)
                    .orElseThrow(() -> new AssertionError(what + " instead of nothing: " + session));
            boolean same = out.text.payload().equals(message.text())
                    && out.text.topic().equals(message.topic().name())
                    && out.qos == qos.level()
                    && out.retain == retain
                    && out.identifiers.equals(sorted);
            boolean sameAgain = out.seen ? dup : !dup || out.restored;
            boolean sameId = out.packetId == 0
                    ? session.out.stream().noneMatch(each -> each.packetId != 0 && each.packetId == packetId)
                    : out.packetId == packetId;
            if (!same || !sameAgain && qos != QoS.AT_MOST_ONCE || !sameId) {
                throw new AssertionError(what + " instead of " + out + out.identifiers + ": " + session);
            }
            line.world.delivery.seen(client.clientId, out, packetId);
            if (qos == QoS.EXACTLY_ONCE && out.logged) {
                line.promised(out.sentAfter);
                line.certain(out);
            }
        });
        if (qos == QoS.AT_LEAST_ONCE) {
            client.answers.add(new Client.Answer(Acknowledgement.PUBACK, packetId));
        } else if (qos == QoS.EXACTLY_ONCE) {
            client.answers.add(new Client.Answer(Acknowledgement.PUBREC, packetId));
        }
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId) {
        mustBeOpen(kind + " " + packetId);
        owed(Owed.Kind.valueOf(kind.name()), packetId, "");
        switch (kind) {
            case PUBACK, PUBCOMP -> client.unacknowledged.remove(packetId);
            case PUBREC -> client.unacknowledged.get(packetId).received = true;
            case PUBREL -> client.answers.add(new Client.Answer(Acknowledgement.PUBCOMP, packetId));
        }
    }

    @Override
    public void closed() {
        trace.add("   closed: " + client);
        if (client.wire == wire) {
            throw new AssertionError(client + " is sent away");
        }
    }
}
