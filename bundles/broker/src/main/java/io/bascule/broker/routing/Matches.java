/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.SessionSubscription;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.subscriptions.MatchVisitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who receives what is published to one topic, as of one version of the subscription tree. */
final class Matches {
    private static final int FEW = 8;

    final Topic topic;
    final long treeVersion;
    final List<Target> targets;
    final Group[] groups;
    /** Whether who receives a message is not the same for each: a group takes turns, No Local depends on the publisher. */
    final boolean variable;
    /** Whether one of them has more than QoS 0 of what was published with QoS 0. */
    final boolean raising;
    /** All targets that take more than QoS 0, as the store knows them, so that no list is made for each message. */
    final List<Receiver> receivers;

    private Matches(Topic topic, long treeVersion, List<Target> targets, List<Group> groups) {
        this.topic = topic;
        this.treeVersion = treeVersion;
        this.targets = List.copyOf(targets);
        this.groups = groups.toArray(Group[]::new);
        this.variable = !groups.isEmpty() || isAnyNoLocal(targets);
        this.raising = isAnyRaising(targets, groups);
        this.receivers = receivers(targets);
    }

    // No streams from here on: with subscriptions that come and go this is done for most messages.
    private static boolean isAnyNoLocal(List<Target> targets) {
        for (Target each : targets) {
            if (each.noLocal()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAnyRaising(List<Target> targets, List<Group> groups) {
        for (Target each : targets) {
            if (each.minimumQos() != QoS.AT_MOST_ONCE) {
                return true;
            }
        }
        for (Group each : groups) {
            if (each.members().anyMatch(member -> member.minimumQos() != QoS.AT_MOST_ONCE)) {
                return true;
            }
        }
        return false;
    }

    /** Those of the targets for which the store may have to keep a message. */
    static List<Receiver> receivers(List<Target> targets) {
        List<Receiver> receivers = List.of();
        for (Target each : targets) {
            if (each.qos() != QoS.AT_MOST_ONCE) {
                if (receivers.isEmpty()) {
                    receivers = new ArrayList<>(targets.size());
                }
                receivers.add(each.receiver());
            }
        }
        return receivers;
    }

    /** The number of one more copy for this session. */
    static int copyBehind(List<Target> targets, ClientSession session) {
        int next = 0;
        for (Target each : targets) {
            if (each.session() == session) {
                next = Math.max(next, each.copy() + 1);
            }
        }
        return next;
    }

    /** Gathers the matches of one topic; used again for the next. */
    static final class Collector implements MatchVisitor<SessionSubscription> {
        private final List<Target> targets = new ArrayList<>();
        private final List<Group> groups = new ArrayList<>();
        private final Map<ClientSession, Integer> indexes = new HashMap<>();
        private int groupStart;

        @Override
        public void subscription(SessionSubscription match) {
            int known = match.session().overlap() == Overlap.ONE_COPY ? indexOf(match.session()) : -1;
            if (known >= 0) {
                targets.set(known, targets.get(known).and(match));
                return;
            }
            targets.add(Target.of(match).asCopy(copies(match.session())));
            if (targets.size() > FEW) {
                index();
            }
        }

        private int copies(ClientSession session) {
            return session.overlap() == Overlap.ONE_COPY ? 0 : copyBehind(targets, session);
        }

        // A handful is searched faster than it is hashed.
        private int indexOf(ClientSession session) {
            if (targets.size() > FEW) {
                return indexes.getOrDefault(session, -1);
            }
            for (int i = 0; i < targets.size(); i++) {
                if (targets.get(i).session() == session) {
                    return i;
                }
            }
            return -1;
        }

        private void index() {
            for (int i = indexes.isEmpty() ? 0 : targets.size() - 1; i < targets.size(); i++) {
                indexes.putIfAbsent(targets.get(i).session(), i);
            }
        }

        @Override
        public void shared(String shareName, List<SessionSubscription> members) {
            groups.add(new Group(members, groupStart++));
        }

        Matches finish(Topic topic, long treeVersion) {
            Matches matches = new Matches(topic, treeVersion, targets, groups);
            targets.clear();
            groups.clear();
            indexes.clear();
            return matches;
        }
    }
}
