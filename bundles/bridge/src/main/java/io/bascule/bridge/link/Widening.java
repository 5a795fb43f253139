/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.route.Filters;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of routes with {@code interest=subscribed}, those filters that are asked for as they stand because the remote broker takes fewer subscriptions than
 * what is wanted of them would need. For as long as one connection lives.
 */
final class Widening {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final String bridge;
    private final Limits limits;
    private final Demand demand;
    private final RemoteSession session;
    private final Set<TopicFilter> whole = new HashSet<>();
    /** Those for which one of the narrower ones has to make room. */
    private final Set<TopicFilter> crowded = new HashSet<>();
    /** Those that the remote broker does not grant either. */
    private final Set<TopicFilter> impossible = new HashSet<>();
    /** What they are asked for in place of, and why that was refused. */
    private final Map<TopicFilter, ReasonCode> replaced = new LinkedHashMap<>();

    Widening(String bridge, Limits limits, Demand demand, RemoteSession session) {
        this.bridge = bridge;
        this.limits = limits;
        this.demand = demand;
        this.session = session;
    }

    /** The filters that are asked for as they stand. */
    Set<TopicFilter> whole() {
        return whole;
    }

    /**
     * A filter is refused. Returns whether something is asked for in its place, or it once more in another way, so that nobody needs to know.
     *
     * @param held what is granted
     */
    boolean replaces(TopicFilter refused, ReasonCode reason, Collection<TopicFilter> held) {
        if (!isForTheirNumber(reason)) {
            return false;
        }
        Optional<TopicFilter> wider =
                demand.wider(refused).filter(filter -> !impossible.contains(filter) && !isHopeless(filter));
        wider.ifPresent(filter -> {
            replaced.put(refused, reason);
            if (whole.add(filter)) {
                LOG.warn(
                        "bridge {}: the remote broker refuses subscription {} with {}, and is asked for all of {} until the next connection",
                        bridge,
                        refused,
                        reason,
                        filter);
            }
        });
        boolean makesRoom = whole.contains(refused) && narrower(refused, held).isPresent() && crowded.add(refused);
        return wider.isPresent() || makesRoom;
    }

    /** The remote broker has none such; or it may, over 3.1.1, not be for the number at all, which has shown when one made room in vain. */
    private boolean isHopeless(TopicFilter filter) {
        return limits.against(filter).isPresent()
                || limits.version() != MqttVersion.MQTT_5 && session.isNeverWhole(filter);
    }

    /** MQTT 3.1.1 has one code for all that is wrong. */
    private boolean isForTheirNumber(ReasonCode reason) {
        return reason == ReasonCode.QUOTA_EXCEEDED
                || limits.version() != MqttVersion.MQTT_5 && reason == ReasonCode.UNSPECIFIED_ERROR;
    }

    /** A filter is refused for good; what it was asked for in place of is so as well. */
    Map<TopicFilter, ReasonCode> givenUp(TopicFilter refused) {
        Map<TopicFilter, ReasonCode> others = new LinkedHashMap<>();
        impossible.add(refused); // also where it was wanted as it stands
        if (crowded.contains(refused)) {
            session.neverWhole(refused);
        }
        if (whole.remove(refused)) {
            others.putAll(replaced);
            others.keySet().removeIf(filter -> !Filters.covers(refused, filter));
            replaced.keySet().removeAll(others.keySet());
        }
        return others;
    }

    /** The one that is to make room for this one, if that needs any. */
    Optional<TopicFilter> inTheWay(TopicFilter asked, Collection<TopicFilter> held) {
        return crowded.contains(asked) ? narrower(asked, held) : Optional.empty();
    }

    private static Optional<TopicFilter> narrower(TopicFilter wide, Collection<TopicFilter> held) {
        return held.stream()
                .filter(filter -> !filter.isShared() && !filter.equals(wide) && Filters.covers(wide, filter))
                .min(Comparator.comparing(TopicFilter::text));
    }
}
