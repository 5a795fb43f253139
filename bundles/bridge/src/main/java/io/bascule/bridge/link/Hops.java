/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import java.util.ArrayList;
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
 * @param there the remote broker
 * @param maximum how many bridges a message crosses at most
 */
record Hops(String here, RemoteName there, int maximum) {
    static final String PROPERTY = "bascule-hop";

    /** The message as it leaves for the remote broker; empty when it would come to either broker again, or has crossed bridges enough. */
    Optional<Message> out(Message message) {
        for (UserProperty property : message.properties().userProperties()) {
            if (isHop(property) && there.is(property.value())) {
                return Optional.empty();
            }
        }
        return onward(message, here);
    }

    /** The message as it comes from the remote broker; empty when it was here before, or has crossed bridges enough. */
    Optional<Message> in(Message message) {
        return onward(message, there.current());
    }

    private Optional<Message> onward(Message message, String left) {
        MessageProperties properties = message.properties();
        int hops = 0;
        for (UserProperty property : properties.userProperties()) {
            boolean isHop = isHop(property);
            hops += isHop ? 1 : 0;
            if (isHop && here.equals(property.value())) {
                return Optional.empty();
            }
        }
        if (hops >= maximum) {
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

    /** The broker that the message has come from by the last bridge that it has crossed. */
    static Optional<String> last(Message message) {
        return message.properties().userProperties().stream()
                .filter(Hops::isHop)
                .map(UserProperty::value)
                .reduce((first, second) -> second);
    }

    private static boolean isHop(UserProperty property) {
        return property.name().equals(PROPERTY);
    }
}
