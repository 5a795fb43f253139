/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.status;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The status of a bridge as one JSON object (RFC 8259), with the names that the console's JSON has. */
final class StatusJson {
    private StatusJson() {}

    /** How it stands, without figures that change with every message. */
    static String standing(BridgeStatus status) {
        return value(standingOf(status));
    }

    /** All of it. */
    static String whole(BridgeStatus status) {
        Map<String, Object> members = standingOf(status);
        members.put("roundTripMicros", status.roundTrip().map(time -> time.toNanos() / 1000));
        members.put("queued", status.queue().queued());
        members.put("queuedBytes", status.queue().queuedBytes());
        members.put("oldest", status.queue().oldest().map(Duration::toSeconds));
        members.put("inFlight", status.queue().inFlight());
        members.put("dropped", status.queue().dropped());
        members.put("withheld", status.queue().withheld());
        members.put("routes", status.routes().stream().map(StatusJson::route).toList());
        return value(members);
    }

    private static Map<String, Object> standingOf(BridgeStatus status) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", status.name());
        members.put("state", status.state().name());
        members.put("since", status.since().toString());
        members.put(
                "paused",
                status.paused().stream().map(Bridge.Direction::toString).toList());
        members.put("server", status.server());
        members.put("remoteAddress", status.remoteAddress());
        members.put("clientId", status.clientId());
        members.put("protocol", status.protocol());
        members.put("lastError", status.lastError());
        members.put("configurationError", status.configurationError());
        members.put("warnings", status.warnings());
        return members;
    }

    private static Map<String, Object> route(BridgeStatus.Route route) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", route.name());
        members.put("direction", route.direction());
        members.put("received", route.received());
        members.put("forwarded", route.forwarded());
        members.put("dropped", route.dropped());
        return members;
    }

    static String value(Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.entrySet().stream()
                    .map(member -> string((String) member.getKey()) + ":" + value(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> elements) {
            return elements.stream().map(StatusJson::value).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(StatusJson::value).orElse("null");
        }
        return value instanceof Number ? value.toString() : string((String) value);
    }

    private static String string(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
