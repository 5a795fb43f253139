/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of a link, and what went wrong last: written on its event loop, read from anywhere. */
final class Standing implements Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final int MOST_REPORTED = 32;

    private final String name;
    /** Errors that were warned of since there was a connection; of several servers each has its own. */
    private final Set<String> reported = new HashSet<>();

    private volatile List<TopicFilter> denied = List.of();
    private volatile Snapshot snapshot = new Snapshot(LinkState.NEW, Instant.now(), Optional.empty(), Optional.empty());

    /**
     * One moment.
     *
     * @param refusal what is missing for as long as this connection lasts, such as what a broker has refused; the last of it
     */
    record Snapshot(LinkState state, Instant since, Optional<String> lastError, Optional<String> refusal) {}

    Standing(String name) {
        this.name = name;
    }

    LinkState state() {
        return snapshot.state();
    }

    Snapshot snapshot() {
        return snapshot;
    }

    void enter(LinkState next) {
        if (next == LinkState.CONNECTED) {
            reported.clear();
        }
        Optional<String> refusal = next == LinkState.CONNECTING ? Optional.empty() : snapshot.refusal();
        snapshot = new Snapshot(snapshot.state().to(next), Instant.now(), snapshot.lastError(), refusal);
    }

    /** Notes that something does not cross for as long as this connection lasts. */
    @Override
    public void refused(TopicFilter filter, ReasonCode reason) {
        lacks("subscription " + filter + " is refused: " + reason, "its messages do not cross");
    }

    /** Notes what is missing for as long as this connection lasts. */
    void lacks(String sentence, String consequence) {
        snapshot = new Snapshot(snapshot.state(), snapshot.since(), snapshot.lastError(), Optional.of(sentence));
        failed(sentence, consequence);
    }

    /** Notes what the local broker does not let the bridge subscribe to, and warns of it, once until there is nothing of it. */
    void denied(List<TopicFilter> filters) {
        if (denied.isEmpty() && !filters.isEmpty()) {
            LOG.warn(
                    "bridge {} may not receive {} from this broker, nor what {} other filters match, and it does not cross; {}",
                    name,
                    filters.get(0),
                    filters.size() - 1,
                    Denial.remedy(name, Direction.FORWARD, filters.get(0).toString()));
        }
        denied = List.copyOf(filters);
    }

    /** What the local broker does not let the bridge subscribe to; from any thread. */
    List<TopicFilter> denied() {
        return denied;
    }

    /** Notes an error and warns of it, once until there was a connection again; whether it has warned. */
    boolean failed(String error, String consequence) {
        snapshot = new Snapshot(snapshot.state(), snapshot.since(), Optional.of(error), snapshot.refusal());
        if (reported.size() == MOST_REPORTED) {
            reported.clear();
        }
        boolean isNews = reported.add(error);
        if (isNews) {
            LOG.warn("bridge {}: {}; {}", name, error, consequence);
        } else {
            LOG.debug("bridge {}: {}; {}", name, error, consequence);
        }
        return isNews;
    }
}
