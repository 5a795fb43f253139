/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import java.util.Locale;

/** The words under which drops are counted. */
final class DropReasons {
    static final String EXCLUDED = "excluded";
    static final String UNMAPPED = "unmapped";
    static final String LOOP = "loop";
    static final String TOO_LARGE = "too-large";
    static final String PAUSED = "paused";
    /** By somebody of another bundle. */
    static final String INTERCEPTED = "intercepted";
    /** This broker does not let the bridge; what the remote one does not is {@code acl}. */
    static final String NOT_AUTHORIZED = "not-authorized";

    /** After it has waited for one of several connections; as the broker counts what has waited in the session. */
    static final String EXPIRED = "expired";

    /** As the broker counts what comes while there is no connection. */
    static final String OFFLINE_QOS_0 = "offline-qos0";

    /** The other side has it retained already. */
    static final String UNCHANGED = "unchanged";

    static final String SESSION_LOST = "session-lost";

    private DropReasons() {}

    /** The word for a message that no route takes. */
    static String unmapped(RouteTable routes, int[] identifiers, Topic topic) {
        return routes.excludes(identifiers, topic) ? EXCLUDED : UNMAPPED;
    }

    /** The word for a refusal by this broker. */
    static String ofLocal(ReasonCode reason) {
        return reason == ReasonCode.NOT_AUTHORIZED ? NOT_AUTHORIZED : of(reason);
    }

    /** The word for a refusal by the remote broker. */
    static String of(ReasonCode reason) {
        return switch (reason) {
            case PACKET_TOO_LARGE -> TOO_LARGE;
            case NOT_AUTHORIZED -> "acl";
            case QUOTA_EXCEEDED -> "full";
            default -> reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }
}
