/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;

/** The Connect Return codes of MQTT 3.1.1, section 3.2.2.3, in the words of 5.0. */
final class ReturnCode {
    /** The server does not support the version that the client speaks. */
    static final int UNACCEPTABLE_VERSION = 1;

    private ReturnCode() {}

    static ReasonCode toReason(int code) {
        return switch (code) {
            case 0 -> ReasonCode.SUCCESS;
            case UNACCEPTABLE_VERSION -> ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
            case 2 -> ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case 3 -> ReasonCode.SERVER_UNAVAILABLE;
            case 4 -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
            case 5 -> ReasonCode.NOT_AUTHORIZED;
            default -> ReasonCode.UNSPECIFIED_ERROR;
        };
    }

    static int of(ReasonCode reason) {
        return switch (reason) {
            case SUCCESS -> 0;
            case UNSUPPORTED_PROTOCOL_VERSION -> UNACCEPTABLE_VERSION;
            case CLIENT_IDENTIFIER_NOT_VALID -> 2;
            case BAD_USER_NAME_OR_PASSWORD -> 4;
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> 5;
            default -> 3;
        };
    }
}
