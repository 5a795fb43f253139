/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The MQTT Control Packets besides PUBLISH and its acknowledgements, as they were on the wire; empty where a field was not sent. What the
 * receiver's version does not have is left out when they are sent, and so is a Reason String that the receiver does not want or that would
 * make the packet larger than it takes [MQTT-3.1.2-29, MQTT-3.9.2-1].
 */
public sealed interface ControlPacket {

    /**
     * CONNECT (section 3.1).
     *
     * @param bridge whether the protocol level bore the bit 0x80 by which 3.x bridges announce themselves
     * @param clientId may be empty
     * @param keepAlive in seconds, 0 for none
     * @param sessionExpiryInterval in seconds
     * @param receiveMaximum 1 to 65,535
     * @param maximumPacketSize in bytes
     */
    record Connect(
            MqttVersion version,
            boolean bridge,
            String clientId,
            boolean cleanStart,
            int keepAlive,
            Optional<Will> will,
            Optional<String> userName,
            Optional<byte[]> password,
            OptionalLong sessionExpiryInterval,
            OptionalInt receiveMaximum,
            OptionalLong maximumPacketSize,
            int topicAliasMaximum,
            boolean requestResponseInformation,
            boolean requestProblemInformation,
            Optional<String> authenticationMethod,
            Optional<byte[]> authenticationData,
            List<UserProperty> userProperties)
            implements ControlPacket {}

    /**
     * The Will of a CONNECT.
     *
     * @param message to publish; its expiry begins when it is published
     * @param delayInterval in seconds
     * @param messageExpiryInterval in seconds
     */
    record Will(Message message, long delayInterval, OptionalLong messageExpiryInterval) {}

    /**
     * CONNACK (section 3.2). For a 3.x peer the reason is turned into its return code.
     *
     * @param properties what the server allows and assigns; ignored for 3.x
     */
    record ConnAck(boolean sessionPresent, ReasonCode reason, ServerProperties properties) implements ControlPacket {}

    /**
     * The properties of CONNACK.
     *
     * @param receiveMaximum 65,535 when the server does not limit it
     */
    record ServerProperties(
            OptionalLong sessionExpiryInterval,
            int receiveMaximum,
            int maximumQos,
            boolean retainAvailable,
            OptionalLong maximumPacketSize,
            Optional<String> assignedClientIdentifier,
            int topicAliasMaximum,
            Optional<String> reasonString,
            boolean wildcardSubscriptionAvailable,
            boolean subscriptionIdentifierAvailable,
            boolean sharedSubscriptionAvailable,
            OptionalInt serverKeepAlive,
            Optional<String> responseInformation,
            Optional<String> serverReference,
            Optional<String> authenticationMethod,
            Optional<byte[]> authenticationData,
            List<UserProperty> userProperties) {

        /** What a server says that limits nothing. */
        public static final ServerProperties NONE = new ServerProperties(
                OptionalLong.empty(),
                65_535,
                2,
                true,
                OptionalLong.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                true,
                true,
                true,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());

        /** The same with a Reason String. */
        public ServerProperties withReasonString(Optional<String> other) {
            return with(other, authenticationMethod, authenticationData, userProperties);
        }

        /** The same with what ends an enhanced authentication. */
        public ServerProperties withAuthentication(Optional<String> method, Optional<byte[]> data) {
            return with(reasonString, method, data, userProperties);
        }

        /** The same with these User Properties. */
        public ServerProperties withUserProperties(List<UserProperty> other) {
            return with(reasonString, authenticationMethod, authenticationData, other);
        }

        private ServerProperties with(
                Optional<String> reason, Optional<String> method, Optional<byte[]> data, List<UserProperty> user) {
            return new ServerProperties(
                    sessionExpiryInterval,
                    receiveMaximum,
                    maximumQos,
                    retainAvailable,
                    maximumPacketSize,
                    assignedClientIdentifier,
                    topicAliasMaximum,
                    reason,
                    wildcardSubscriptionAvailable,
                    subscriptionIdentifierAvailable,
                    sharedSubscriptionAvailable,
                    serverKeepAlive,
                    responseInformation,
                    serverReference,
                    method,
                    data,
                    user);
        }
    }

    /** SUBSCRIBE (section 3.8); the Subscription Identifier stands in each subscription. */
    record Subscribe(int packetId, List<RequestedSubscription> subscriptions) implements ControlPacket {}

    /**
     * One entry of a SUBSCRIBE. Its filter is checked by the receiver, which answers for each filter on its own.
     *
     * @param text the filter as sent
     * @param subscription the parsed subscription, empty when the filter is not one
     */
    record RequestedSubscription(String text, Optional<Subscription> subscription) {
        /** The entry that asks for this subscription. */
        public static RequestedSubscription of(Subscription subscription) {
            return new RequestedSubscription(subscription.filter().text(), Optional.of(subscription));
        }
    }

    /** SUBACK (section 3.9): one reason each, in order [MQTT-3.9.3-1]. */
    record SubAck(int packetId, List<ReasonCode> reasons, Optional<String> reasonString) implements ControlPacket {
        /** A SUBACK without words. */
        public SubAck(int packetId, List<ReasonCode> reasons) {
            this(packetId, reasons, Optional.empty());
        }
    }

    /** UNSUBSCRIBE (section 3.10); a filter that is not one is empty. */
    record Unsubscribe(int packetId, List<Optional<TopicFilter>> filters) implements ControlPacket {}

    /** UNSUBACK (section 3.11): one reason each, in order; 3.x has none. */
    record UnsubAck(int packetId, List<ReasonCode> reasons, Optional<String> reasonString) implements ControlPacket {
        /** An UNSUBACK without words. */
        public UnsubAck(int packetId, List<ReasonCode> reasons) {
            this(packetId, reasons, Optional.empty());
        }
    }

    /** PINGREQ (section 3.12). */
    record PingReq() implements ControlPacket {}

    /** PINGRESP (section 3.13). */
    record PingResp() implements ControlPacket {}

    /**
     * DISCONNECT (section 3.14); from a 3.x server it cannot be sent, the connection just closes.
     *
     * @param sessionExpiryInterval in seconds, from a client alone [MQTT-3.14.2-2]
     */
    record Disconnect(ReasonCode reason, OptionalLong sessionExpiryInterval, Optional<String> reasonString)
            implements ControlPacket {
        /** A DISCONNECT with nothing but a reason. */
        public static Disconnect of(ReasonCode reason) {
            return new Disconnect(reason, OptionalLong.empty(), Optional.empty());
        }
    }

    /**
     * AUTH (section 3.15), 5.0 alone.
     *
     * @param authenticationMethod empty only where the packet says nothing but Success, by its length of 0
     */
    record Auth(
            ReasonCode reason,
            Optional<String> authenticationMethod,
            Optional<byte[]> authenticationData,
            Optional<String> reasonString)
            implements ControlPacket {
        /** An AUTH without words. */
        public Auth(ReasonCode reason, Optional<String> authenticationMethod, Optional<byte[]> authenticationData) {
            this(reason, authenticationMethod, authenticationData, Optional.empty());
        }
    }
}
