/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.api.BrokerInfo;
import io.bascule.api.SessionInfo;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The counters of the broker and its sessions at one moment; two of them make rates. */
final class TrafficSample {
    private static final int BUSIEST = 10;

    private final Instant takenAt = Instant.now();
    private final long nanos;
    private final BrokerInfo broker;
    private final Map<String, SessionInfo> sessions;

    private TrafficSample(long nanos, BrokerInfo broker, List<SessionInfo> sessions) {
        this.nanos = nanos;
        this.broker = broker;
        this.sessions = sessions.stream()
                .collect(Collectors.toMap(SessionInfo::clientId, Function.identity(), (older, newer) -> newer));
    }

    static TrafficSample take(Broker broker, long nanos) {
        return new TrafficSample(nanos, broker.info(), broker.sessions());
    }

    /** A session's traffic, in messages per second. */
    private record Traffic(SessionInfo session, long received, long delivered) {
        long sum() {
            return received + delivered;
        }
    }

    private static final List<Column<Traffic>> COLUMNS = List.of(
            new Column<>("clientId", "Client id", traffic -> traffic.session().clientId()),
            new Column<>("receivedPerSecond", "Received/s", Traffic::received),
            new Column<>("deliveredPerSecond", "Delivered/s", Traffic::delivered),
            new Column<>(
                    "queued", "Queued", traffic -> traffic.session().queue().queued()),
            new Column<>(
                    "queuedBytes",
                    "Memory",
                    traffic -> new ByteCount(traffic.session().queue().queuedBytes())));

    private static final Comparator<Traffic> BUSIEST_FIRST = Comparator.comparingLong(Traffic::sum)
            .reversed()
            .thenComparing(traffic -> traffic.session().clientId());

    /** The rates from an earlier sample to this one. */
    View since(TrafficSample before) {
        double seconds = Math.max(1, nanos - before.nanos) / 1e9;
        List<Traffic> busiest = sessions.values().stream()
                .map(session -> traffic(session, before.sessions.get(session.clientId()), seconds))
                .filter(traffic -> traffic.sum() > 0)
                .sorted(BUSIEST_FIRST)
                .limit(BUSIEST)
                .toList();
        return new Details()
                .with("time", "Time", takenAt)
                .with("connected", "Connected", broker.connected())
                .with("receivedPerSecond", "Received/s", rate(before.broker, BrokerInfo::received, seconds))
                .with("deliveredPerSecond", "Delivered/s", rate(before.broker, BrokerInfo::delivered, seconds))
                .with("droppedPerSecond", "Dropped/s", dropped(before.broker, seconds))
                .with(
                        "sessions",
                        "Busiest sessions",
                        Table.of(busiest, BUSIEST_FIRST, "No message comes or goes.", COLUMNS));
    }

    private static Traffic traffic(SessionInfo now, SessionInfo before, double seconds) {
        return new Traffic(
                now,
                perSecond(before == null ? 0 : before.received(), now.received(), seconds),
                perSecond(before == null ? 0 : before.delivered(), now.delivered(), seconds));
    }

    private long rate(BrokerInfo before, ToLongFunction<BrokerInfo> counter, double seconds) {
        return perSecond(counter.applyAsLong(before), counter.applyAsLong(broker), seconds);
    }

    private Map<String, Long> dropped(BrokerInfo before, double seconds) {
        Map<String, Long> rates = new LinkedHashMap<>();
        broker.dropped()
                .forEach((reason, count) ->
                        rates.put(reason, perSecond(before.dropped().getOrDefault(reason, 0L), count, seconds)));
        return rates;
    }

    /** A counter that has gone back began anew meanwhile: the broker was restarted, or the session. */
    private static long perSecond(long before, long now, double seconds) {
        return Math.round((now >= before ? now - before : now) / seconds);
    }
}
