/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;
import java.util.Optional;

/** The other end has sent what the protocol does not allow. Without a stack trace: it is their mistake, and it may come in millions. */
final class MqttFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;
    private final transient Limit limit;

    MqttFormatException(ReasonCode reason, String what) {
        this(reason, what, null);
    }

    MqttFormatException(ReasonCode reason, String what, Limit limit) {
        super(what, null, false, false);
        this.reason = reason;
        this.limit = limit;
    }

    static MqttFormatException malformed(String what) {
        return new MqttFormatException(ReasonCode.MALFORMED_PACKET, what);
    }

    static MqttFormatException protocolError(String what) {
        return new MqttFormatException(ReasonCode.PROTOCOL_ERROR, what);
    }

    ReasonCode reason() {
        return reason;
    }

    /** The limit that it goes beyond, where it would be well-formed otherwise. */
    Optional<Limit> limit() {
        return Optional.ofNullable(limit);
    }
}
