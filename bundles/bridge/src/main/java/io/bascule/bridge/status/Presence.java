/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.status;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a bridge says of itself at the remote broker, retained: that it is there, and by its will or its last word that it is not.
 *
 * @param name of the bridge
 * @param topic at the remote broker
 */
public record Presence(String name, Topic topic) {

    /** It is there, from now on. */
    public Message online() {
        Map<String, Object> members = members("online");
        members.put("since", Instant.now().toString());
        return message(members, QoS.AT_MOST_ONCE);
    }

    /** It is not; the will, and what is said before a DISCONNECT that takes the will back. */
    public Message offline(QoS qos) {
        return message(members("offline"), qos);
    }

    private Map<String, Object> members(String state) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("state", state);
        return members;
    }

    private Message message(Map<String, Object> members, QoS qos) {
        return Message.of(topic, StatusJson.value(members).getBytes(StandardCharsets.UTF_8), qos, true);
    }
}
