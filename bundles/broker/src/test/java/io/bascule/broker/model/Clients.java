/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.api.Subscription;
import io.bascule.broker.SteppedBroker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ListenerTerms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** What clients do: first in the model, and then with the broker. */
final class Clients {
    private static final int LARGEST_PACKET = 268_435_460;

    private final List<Client> all = new ArrayList<>();
    private final Lines lines;
    private final List<Object> trace;
    private final Time time;
    private SteppedLoop loop;
    private SteppedBroker broker;
    private int texts;

    Clients(Lines lines, List<Object> trace, Time time) {
        this.lines = lines;
        this.trace = trace;
        this.time = time;
        for (int i = 0; i < Actions.CLIENTS; i++) {
            all.add(new Client("c" + i));
        }
    }

    /** There is another broker. */
    void of(SteppedBroker itsBroker, SteppedLoop itsLoop) {
        broker = itsBroker;
        loop = itsLoop;
    }

    /** The broker goes, and whatever it may say. */
    void disconnected() {
        all.forEach(Client::disconnected);
    }

    /** Whether it has not been accepted so far. */
    boolean isComing(int client) {
        return all.get(client).wire != null && !all.get(client).accepted;
    }

    /** Sends again what has to be. */
    void resend() {
        all.stream().filter(each -> each.resends).forEach(this::resend);
    }

    /** Answers and releases what there is; false when there was nothing. */
    boolean complete() {
        boolean busy = false;
        for (Client each : all) {
            if (each.isConnected()) {
                busy |= !each.answers.isEmpty() || !each.releasable().isEmpty();
                answer(each, each.answers.size());
                release(each);
            }
        }
        return busy;
    }

    void perform(Action action) {
        if (action instanceof Action.Disconnect disconnect) {
            connected(disconnect.one()).ifPresent(client -> disconnect(client, disconnect));
        } else if (action instanceof Action.Cut cut) {
            connected(cut.one()).ifPresent(this::cut);
        } else if (action instanceof Action.Subscribe subscribe) {
            connected(subscribe.one()).ifPresent(client -> subscribe(client, subscribe));
        } else if (action instanceof Action.Unsubscribe unsubscribe) {
            connected(unsubscribe.one()).ifPresent(client -> unsubscribe(client, unsubscribe));
        } else if (action instanceof Action.Publish publish) {
            connected(publish.one()).ifPresent(client -> publish(client, publish));
        } else if (action instanceof Action.Answer answer) {
            connected(answer.one()).ifPresent(client -> answer(client, answer.count()));
        } else if (action instanceof Action.Release release) {
            connected(release.one()).ifPresent(client -> release(client));
        }
    }

    private Optional<Client> connected(int one) {
        List<Client> connected = all.stream().filter(Client::isConnected).toList();
        return connected.isEmpty() ? Optional.empty() : Optional.of(connected.get(one % connected.size()));
    }

    void connect(Action.Connect connect) {
        Client client = all.get(connect.client());
        Wire old = client.wire;
        boolean oldWasV5 = client.v5;
        Optional<Text> will = Optional.ofNullable(connect.will())
                .map(each -> new Text(each.topic(), "w" + texts++, each.qos(), each.retain(), Session.NEVER));
        lines.change(world -> world.connect(connect, client.clientId));
        client.disconnected();
        client.v5 = connect.v5();
        client.mayChangeExpiry = connect.v5() && connect.expiry() > 0;
        Inbox inbox = new Inbox(broker, loop, lines, trace, client, connect, will);
        client.wire = inbox.wire();
        client.wire.open(broker.broker()
                .accept(new ListenerTerms("test", LARGEST_PACKET, false, Optional.empty(), Optional.empty())));
        client.wire.broker().packet(packet(connect, client.clientId, will));
        loop.run();
        if (old != null && !(old.isClosed() && (!oldWasV5 || old.saidGoodbye()))) {
            throw new AssertionError(client + " is taken over, and nobody says so");
        }
    }

    private ControlPacket.Connect packet(Action.Connect connect, String clientId, Optional<Text> will) {
        return new ControlPacket.Connect(
                connect.v5() ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1,
                false,
                clientId,
                connect.clean(),
                0,
                will.map(text -> new ControlPacket.Will(
                        message(text), connect.v5() ? connect.will().delay() : 0, OptionalLong.empty())),
                Optional.empty(),
                Optional.empty(),
                connect.v5() ? OptionalLong.of(connect.expiry()) : OptionalLong.empty(),
                connect.v5() ? OptionalInt.of(connect.receiveMaximum()) : OptionalInt.empty(),
                OptionalLong.empty(),
                0,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** [MQTT-4.4.0-1]. */
    private void resend(Client client) {
        client.resends = false;
        for (int packetId : List.copyOf(client.unacknowledged.keySet())) {
            Client.Published published = client.unacknowledged.get(packetId);
            if (published.received) {
                release(client, packetId);
            } else {
                publish(client, published.text, packetId, true);
            }
        }
    }

    private void disconnect(Client client, Action.Disconnect disconnect) {
        boolean withWill = disconnect.withWill() && client.v5;
        boolean changes = client.mayChangeExpiry && disconnect.expiry() >= 0;
        lines.change(world -> world.disconnect(disconnect, client.clientId, changes, withWill));
        Wire wire = client.wire;
        client.disconnected();
        wire.broker()
                .packet(new ControlPacket.Disconnect(
                        withWill ? ReasonCode.DISCONNECT_WITH_WILL_MESSAGE : ReasonCode.SUCCESS,
                        changes ? OptionalLong.of(disconnect.expiry()) : OptionalLong.empty(),
                        Optional.empty()));
    }

    private void cut(Client client) {
        lines.change(world -> world.gone(client.clientId));
        Wire wire = client.wire;
        client.disconnected();
        wire.cut();
    }

    private void subscribe(Client client, Action.Subscribe subscribe) {
        boolean v5 = client.v5;
        boolean shared = subscribe.filter().startsWith("$share/");
        Sub sub = new Sub(
                subscribe.filter(),
                subscribe.qos(),
                v5 && !shared && subscribe.noLocal(),
                v5 && subscribe.asPublished(),
                v5 ? subscribe.handling() : 0,
                v5 ? subscribe.identifier() : 0);
        int packetId = client.subscribeId();
        lines.change(world -> world.routing.subscribe(client.clientId, sub, packetId));
        client.wire
                .broker()
                .packet(new ControlPacket.Subscribe(
                        packetId,
                        List.of(ControlPacket.RequestedSubscription.of(new Subscription(
                                TopicFilter.of(sub.filter()),
                                QoS.ofLevel(sub.qos()),
                                sub.noLocal(),
                                sub.asPublished(),
                                Subscription.RetainHandling.values()[sub.handling()],
                                sub.identifier())))));
        loop.run();
    }

    private void unsubscribe(Client client, Action.Unsubscribe unsubscribe) {
        int packetId = client.subscribeId();
        lines.change(world -> world.routing.unsubscribe(client.clientId, unsubscribe.filter(), packetId));
        client.wire
                .broker()
                .packet(new ControlPacket.Unsubscribe(
                        packetId, List.of(Optional.of(TopicFilter.of(unsubscribe.filter())))));
    }

    private void publish(Client client, Action.Publish publish) {
        boolean empty = publish.retain() && publish.empty();
        long expiresAt =
                client.v5 && !empty && publish.expiry() > 0 ? time.seconds() + publish.expiry() : Session.NEVER;
        Text text = new Text(publish.topic(), empty ? "" : "m" + texts++, publish.qos(), publish.retain(), expiresAt);
        int packetId = text.qos() == 0 ? 0 : client.freePacketId();
        if (text.qos() > 0) {
            client.unacknowledged.put(packetId, new Client.Published(text));
        }
        publish(client, text, packetId, false);
    }

    private void publish(Client client, Text text, int packetId, boolean dup) {
        Text present = text.isExpired(time.seconds())
                ? new Text(text.topic(), text.payload(), text.qos(), text.retain(), time.seconds() + 5)
                : text;
        lines.change(world -> world.routing.publish(client.clientId, present, packetId));
        client.wire.broker().publish(message(present), packetId, dup, new int[0]);
        loop.run();
    }

    private Message message(Text text) {
        Message message = Message.of(
                Topic.of(text.topic()),
                text.payload().getBytes(StandardCharsets.UTF_8),
                QoS.ofLevel(text.qos()),
                text.retain());
        if (text.expiresAt() == Session.NEVER) {
            return message;
        }
        long left = TimeUnit.SECONDS.toNanos(text.expiresAt() - time.seconds());
        return message.expiringIn(Duration.ofNanos(left + time.nanos() - System.nanoTime()));
    }

    private void answer(Client client, int count) {
        for (int i = 0; i < count && client.isConnected() && !client.answers.isEmpty(); i++) {
            Client.Answer answer = client.answers.poll();
            if (answer.kind() == Acknowledgement.PUBREC) {
                lines.change(world -> world.delivery.received(client.clientId, answer.packetId()));
            } else {
                lines.change(world -> world.delivery.completed(client.clientId, answer.packetId()));
            }
            client.wire.broker().acknowledged(answer.kind(), answer.packetId(), ReasonCode.SUCCESS);
            loop.run();
        }
    }

    private void release(Client client, int packetId) {
        client.unacknowledged.get(packetId).released = true;
        lines.change(world -> world.routing.release(client.clientId, packetId));
        client.wire.broker().acknowledged(Acknowledgement.PUBREL, packetId, ReasonCode.SUCCESS);
        loop.run();
    }

    private void release(Client client) {
        client.releasable().forEach(packetId -> release(client, packetId));
    }
}
