/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.Server;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The way that a message has come over bridges, which it bears in its User Properties: one {@value #PROPERTY} for each bridge that it has
 * crossed, with the id of the broker that it left by it. The first is where it was published; how many there are is the number of its hops.
 * They stand behind the properties of its publisher, whose order stays [MQTT-3.3.2-18].
 *
 * <p>Before 5.0 a message has no properties: it crosses without them, and its way begins anew.
 *
 * @param here the id of this broker
 * @param there the id of the remote broker, or what stands for it
 * @param maximum how many bridges a message crosses at most
 */
record Hops(String here, String there, int maximum) {
    static final String PROPERTY = "bascule-hop";

    /**
     * Stands for a remote broker that does not say its id: the same for all bridges of this broker that lead to this address, and for no
     * other broker's, since an address may mean something else there. It does not tell the address.
     */
    static String standIn(String here, Server server) {
        try {
            byte[] named = (here + " " + server).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(named);
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, 12));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The message as it leaves for the remote broker; empty when it would come to either broker again, or has crossed bridges enough. */
    Optional<Message> out(Message message) {
        return hasLeft(message, there) ? Optional.empty() : onward(message, here);
    }

    /** The message as it comes from the remote broker; empty when it was here before, or has crossed bridges enough. */
    Optional<Message> in(Message message) {
        return onward(message, there);
    }

    private Optional<Message> onward(Message message, String left) {
        MessageProperties properties = message.properties();
        long hops = properties.userProperties().stream().filter(Hops::isHop).count();
        if (hops >= maximum || hasLeft(message, here)) {
            return Optional.empty();
        }
        List<UserProperty> extended = new ArrayList<>(properties.userProperties());
        extended.add(new UserProperty(PROPERTY, left));
        return Optional.of(message.withProperties(new MessageProperties(
                properties.payloadFormatIndicator(),
                properties.contentType(),
                properties.responseTopic(),
                properties.correlationData(),
                extended)));
    }

    private static boolean hasLeft(Message message, String broker) {
        return message.properties().userProperties().stream()
                .anyMatch(property -> isHop(property) && property.value().equals(broker));
    }

    private static boolean isHop(UserProperty property) {
        return property.name().equals(PROPERTY);
    }
}
