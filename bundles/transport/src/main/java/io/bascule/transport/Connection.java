/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One MQTT network connection, of a client to us or of us to another broker. Its methods are called on its event loop alone, but for
 * {@link #eventLoop}, {@link #remoteAddress} and {@link #close}.
 *
 * <p>What is sent is gathered and leaves with everything else of this turn of the event loop. After the connection is closed, sending does
 * nothing.
 */
@ProviderType
public interface Connection {

    /** The event loop it belongs to for its whole life. */
    EventLoop eventLoop();

    /** The other end: an IP address and a port, or the Unix domain socket that it has connected to. */
    SocketAddress remoteAddress();

    /**
     * The certificates by which the other end has proved in a TLS handshake who it is, its own first, each issued by the next; empty when it has
     * not.
     */
    List<X509Certificate> peerCertificates();

    /**
     * The protocol version that is spoken, as soon as a CONNECT has said it: one that we have sent, or the beginning of one that a client has
     * sent, even when the rest of it fails.
     */
    Optional<MqttVersion> version();

    /** Whether the other end keeps up: false while more than the high-water mark waits to be written. */
    boolean isWritable();

    /**
     * Sends any packet but PUBLISH and its acknowledgements. One that would exceed the receiver's Maximum Packet Size even without its Reason
     * String is not sent [MQTT-3.1.2-24]: the connection fails with {@link ReasonCode#PACKET_TOO_LARGE} when the caller has returned. A
     * DISCONNECT is not sent to whom it must not be: a client that has not been accepted [MQTT-3.14.0-1], or that speaks 3.x.
     *
     * @throws IllegalArgumentException when a field is longer than 65,535 bytes, or the packet is none that its version of MQTT has; nothing
     *     was sent then
     */
    void send(ControlPacket packet);

    /**
     * Sends a PUBLISH.
     *
     * @param packetId 1 to 65,535 for QoS 1 and 2, 0 for QoS 0
     * @param subscriptionIdentifiers for a 5.0 client; shared, never written to
     * @return false when it would exceed the receiver's Maximum Packet Size; nothing was sent then [MQTT-3.1.2-24]
     */
    boolean publish(Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers);

    /** Sends PUBACK, PUBREC, PUBREL or PUBCOMP; the reason stands on the wire in 5.0 alone. */
    void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason);

    /** The same with words for people; without them where the receiver does not want them, has no room or speaks 3.x [MQTT-3.4.2-2]. */
    void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString);

    /** From now on fails with {@link ReasonCode#KEEP_ALIVE_TIMEOUT} when nothing is received for this long; zero switches it off. */
    void readTimeout(Duration timeout);

    /** Stops and resumes reading, so that the other end feels back-pressure. */
    void reading(boolean enabled);

    /** Closes it after what was sent has left, or after a second. Callable from any thread; the second call does nothing. */
    void close();
}
