/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.SessionSubscription;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The members of one Shared Subscription, of which one at a time receives (MQTT 5.0, section 4.8.2). Used on one event loop. */
final class Group {
    private final Target[] members;
    private int next;

    Group(List<SessionSubscription> members, int start) {
        this.members = members.stream().map(Target::of).toArray(Target[]::new);
        this.next = Math.floorMod(start, this.members.length);
    }

    /** All that may be chosen. */
    Stream<Target> members() {
        return Arrays.stream(members);
    }

    /** The member whose turn it is among those that are connected and keep up, or else connected, or else any. */
    Target choose() {
        Target connected = null;
        for (int i = 0; i < members.length; i++) {
            Target candidate = members[next];
            next = next + 1 == members.length ? 0 : next + 1;
            ClientSession session = candidate.session();
            if (session.isConnected()) {
                if (!session.isBehind()) {
                    return candidate;
                }
                connected = connected == null ? candidate : connected;
            }
        }
        if (connected != null) {
            return connected;
        }
        Target any = members[next];
        next = next + 1 == members.length ? 0 : next + 1;
        return any;
    }
}
