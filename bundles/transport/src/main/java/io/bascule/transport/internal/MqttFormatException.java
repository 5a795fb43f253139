/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;

/** The other end has sent what the protocol does not allow. Without a stack trace: it is their mistake, and it may come in millions. */
final class MqttFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;

    MqttFormatException(ReasonCode reason, String what) {
        super(what, null, false, false);
        this.reason = reason;
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
}
