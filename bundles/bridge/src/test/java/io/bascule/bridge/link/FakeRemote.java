/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Remote;
import io.bascule.transport.RemoteTls;
import io.bascule.transport.TlsOptions;
import io.bascule.transport.Traffic;
import io.bascule.transport.Transport;
import io.bascule.transport.TransportInfo;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The transport and a remote broker in one: notes what is sent, and says what the test wants said. */
public final class FakeRemote implements Transport {
    public final FakeEventLoop loop = new FakeEventLoop();
    /** What was sent over the present connection, one line each. */
    final List<String> sent = new ArrayList<>();

    public final List<ControlPacket> packets = new ArrayList<>();
    /** What was published, ever. */
    final List<Message> published = new ArrayList<>();

    ConnectionHandler handler;
    FakeConnection connection;
    boolean writable = true;
    int maximumPayload = Integer.MAX_VALUE;
    int attempts;
    /** The host of each attempt. */
    public final List<String> hosts = new ArrayList<>();

    /** Tells the link that its files for TLS have changed. */
    Runnable filesChanged;

    /** Whether the disk is slow. */
    boolean holdsFiles;

    /** Whether the transport is going. */
    boolean refusesFiles;

    private final Queue<Runnable> heldFiles = new ArrayDeque<>();

    Optional<String> filesProblem = Optional.empty();
    private final Queue<Integer> released = new ArrayDeque<>();
    private Lease lease;
    /** Of a connection that is made beside the first, and takes its place when that ends. */
    private ConnectionHandler second;

    private FakeConnection secondConnection;
    private Lease secondLease;

    /** Those beside the first, in the order in which they were made, where there are to be several. */
    final List<Further> further = new ArrayList<>();

    boolean hasSeveral;

    /** Whether a connection that is closed here ends only when the test says so, as with much that is still to leave. */
    boolean endsLate;

    /** The other end of a connection beside the first. */
    final class Further {
        final List<String> sent = new ArrayList<>();
        final List<ControlPacket> packets = new ArrayList<>();
        boolean writable = true;
        private ConnectionHandler handler;
        private Lease lease;

        /** TCP is there. */
        void open() {
            loop.run(() -> handler.opened(new FakeConnection() {
                @Override
                public boolean isWritable() {
                    return writable;
                }

                @Override
                List<String> sent() {
                    return sent;
                }

                @Override
                List<ControlPacket> packets() {
                    return packets;
                }

                @Override
                public void close() {
                    if (!endsLate) {
                        loop.execute(() -> ended("closed"));
                    }
                }
            }));
        }

        void packet(ControlPacket packet) {
            loop.run(() -> handler.packet(packet));
        }

        void connAck(ControlPacket.ServerProperties properties) {
            packet(new ControlPacket.ConnAck(false, ReasonCode.SUCCESS, properties));
        }

        void acknowledge(Acknowledgement kind, int packetId) {
            loop.run(() -> handler.acknowledged(kind, packetId, ReasonCode.SUCCESS));
        }

        void publish(Message message) {
            loop.run(() -> handler.publish(message, 0, false, new int[0]));
        }

        void writabilityChanged(boolean now) {
            writable = now;
            loop.run(handler::writabilityChanged);
        }

        void close(String why) {
            loop.run(() -> ended(why));
        }

        boolean isOver() {
            return handler == null;
        }

        private void ended(String why) {
            if (handler != null) {
                ConnectionHandler last = handler;
                handler = null;
                lease.ended();
                last.closed(why);
            }
        }
    }

    /** TCP is there. */
    public void open() {
        connection = new FakeConnection();
        sent.clear();
        released.clear();
        packets.clear();
        loop.run(() -> handler.opened(connection));
    }

    /** The same for a second connection, beside the first. */
    public void openSecond() {
        secondConnection = new FakeConnection();
        loop.run(() -> second.opened(secondConnection));
    }

    public void connAckSecond(boolean sessionPresent, ControlPacket.ServerProperties properties) {
        loop.run(() -> second.packet(new ControlPacket.ConnAck(sessionPresent, ReasonCode.SUCCESS, properties)));
    }

    public void connAck(boolean sessionPresent, ControlPacket.ServerProperties properties) {
        packet(new ControlPacket.ConnAck(sessionPresent, ReasonCode.SUCCESS, properties));
    }

    void packet(ControlPacket packet) {
        loop.run(() -> handler.packet(packet));
    }

    /** Grants every SUBSCRIBE so far. */
    void subAck() {
        for (ControlPacket packet : List.copyOf(packets)) {
            if (packet instanceof ControlPacket.Subscribe subscribe) {
                packet(new ControlPacket.SubAck(
                        subscribe.packetId(),
                        subscribe.subscriptions().stream()
                                .map(subscription -> ReasonCode.GRANTED_QOS_2)
                                .toList()));
            }
        }
    }

    /** Answers every UNSUBSCRIBE so far. */
    void unsubAck() {
        for (ControlPacket packet : List.copyOf(packets)) {
            if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
                packet(new ControlPacket.UnsubAck(unsubscribe.packetId(), List.of(ReasonCode.SUCCESS)));
            }
        }
    }

    /** Answers every PUBREL so far that was not answered, and those that follow. */
    void pubComp() {
        for (Integer packetId = released.poll(); packetId != null; packetId = released.poll()) {
            acknowledge(Acknowledgement.PUBCOMP, packetId);
        }
    }

    void publish(Message message, int packetId, boolean dup, int... identifiers) {
        loop.run(() -> handler.publish(message, packetId, dup, identifiers));
    }

    void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason) {
        loop.run(() -> handler.acknowledged(kind, packetId, reason));
    }

    void acknowledge(Acknowledgement kind, int packetId) {
        acknowledge(kind, packetId, ReasonCode.SUCCESS);
    }

    /** The connection, or the attempt at it, ends. */
    public void close(String why) {
        loop.run(() -> ended(why));
    }

    private void ended(String why) {
        if (handler != null) {
            ConnectionHandler last = handler;
            handler = null;
            lease.ended();
            if (secondConnection != null) {
                handler = second;
                connection = secondConnection;
                lease = secondLease;
                sent.clear();
                packets.clear();
                second = null;
                secondConnection = null;
            }
            last.closed(why);
        }
    }

    /** Whether there is a second connection, or an attempt at one. */
    public boolean hasSecond() {
        return second != null;
    }

    /** The second connection, or the attempt at it, ends. */
    public void closeSecond(String why) {
        loop.run(() -> secondEnded(why));
    }

    private void secondEnded(String why) {
        if (second != null) {
            ConnectionHandler last = second;
            second = null;
            secondConnection = null;
            secondLease.ended();
            last.closed(why);
        }
    }

    @Override
    public Lease connect(Remote remote, EventLoop eventLoop, ResourceScope scope, ConnectionHandler newHandler) {
        attempts++;
        hosts.add(remote.host());
        if (handler != null && hasSeveral) {
            Further beside = new Further();
            beside.handler = newHandler;
            beside.lease = scope.hold(ResourceKind.CONNECTION, () -> loop.execute(() -> beside.ended("cancelled")));
            further.add(beside);
            return beside.lease;
        }
        if (handler != null) {
            second = newHandler;
            secondLease = scope.hold(ResourceKind.CONNECTION, () -> loop.execute(() -> secondEnded("cancelled")));
            return secondLease;
        }
        handler = newHandler;
        lease = scope.hold(ResourceKind.CONNECTION, () -> loop.execute(() -> ended("cancelled")));
        return lease;
    }

    @Override
    public RemoteTls tls(TlsOptions options, String owner, EventLoop eventLoop, ResourceScope scope, Runnable changed) {
        filesChanged = () -> loop.run(changed);
        return () -> filesProblem;
    }

    @Override
    public List<EventLoop> eventLoops() {
        return List.of(loop);
    }

    @Override
    public EventLoop nextEventLoop() {
        return loop;
    }

    @Override
    public Executor files() {
        return task -> {
            if (refusesFiles) {
                throw new RejectedExecutionException();
            } else if (holdsFiles) {
                heldFiles.add(task);
            } else {
                task.run();
            }
        };
    }

    /** What the disk was slow with, on a thread of its own; how much that was. */
    int runFiles() {
        int tasks = 0;
        for (; !heldFiles.isEmpty(); tasks++) {
            heldFiles.remove().run();
        }
        loop.runTasks();
        return tasks;
    }

    @Override
    public TransportInfo info() {
        return new TransportInfo("fake", 0, 0, Traffic.NONE);
    }

    class FakeConnection implements Connection {
        boolean reading = true;
        Duration readTimeout = Duration.ZERO;

        List<String> sent() {
            return sent;
        }

        List<ControlPacket> packets() {
            return packets;
        }

        @Override
        public EventLoop eventLoop() {
            return loop;
        }

        @Override
        public SocketAddress remoteAddress() {
            return InetSocketAddress.createUnresolved("remote", 1883);
        }

        @Override
        public List<X509Certificate> peerCertificates() {
            return List.of();
        }

        @Override
        public Optional<MqttVersion> version() {
            return Optional.of(MqttVersion.MQTT_5);
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void send(ControlPacket packet) {
            packets().add(packet);
            sent().add(packet.getClass().getSimpleName().toUpperCase(Locale.ROOT));
        }

        @Override
        public boolean publish(
                Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
            if (message.payload().length > maximumPayload) {
                return false;
            }
            published.add(message);
            sent().add("PUBLISH " + message.topic() + " q" + qos.level() + (retain ? " retain" : "")
                    + (dup ? " dup" : "") + " #" + packetId);
            return true;
        }

        @Override
        public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason) {
            if (kind == Acknowledgement.PUBREL) {
                released.add(packetId);
            }
            sent().add(kind + " #" + packetId + (reason == ReasonCode.SUCCESS ? "" : " " + reason.name()));
        }

        @Override
        public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString) {
            acknowledge(kind, packetId, reason);
        }

        @Override
        public void readTimeout(Duration timeout) {
            readTimeout = timeout;
        }

        @Override
        public void reading(boolean enabled) {
            reading = enabled;
        }

        @Override
        public void close() {
            if (!endsLate) {
                loop.execute(this == secondConnection ? () -> secondEnded("closed") : () -> ended("closed"));
            }
        }
    }
}
