/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.StoreFigures;
import io.bascule.api.StoreFigures.Commits;
import io.bascule.api.StoreFigures.DamagedSegment;
import io.bascule.store.log.CommitInfo;
import io.bascule.store.log.SegmentInfo;
import io.bascule.store.log.SegmentedLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How an open store stands. */
final class Figures {
    private Figures() {}

    static StoreFigures of(State state, SegmentedLog log, Compactor compactor) {
        long durable =
                log.writtenSequence(); // first: what is written meanwhile is not to seem durable without being appended
        List<SegmentInfo> segments = log.segments();
        CommitInfo commits = log.commits();
        List<DamagedSegment> damaged = log.recovery().quarantined().stream()
                .map(each -> new DamagedSegment(each.file(), each.records(), each.unreadableBytes()))
                .toList();
        synchronized (state) {
            return new StoreFigures(
                    log.failure().map(Throwable::getMessage),
                    log.bytes(),
                    state.live().bytes(),
                    segments.size(),
                    segments.isEmpty()
                            ? Optional.empty()
                            : age(state, segments.get(0).firstSequence()),
                    state.lastSequence(),
                    durable,
                    log.pendingBytes(),
                    new Commits(commits.count(), commits.median(), commits.percentile99(), commits.longest()),
                    compactor.info(),
                    damaged,
                    state.sessions().size(),
                    state.retained().size(),
                    state.queued());
        }
    }

    private static Optional<Duration> age(State state, long oldest) {
        state.timeline().forgetBefore(oldest);
        return state.timeline().first().stream()
                .mapToObj(at -> Duration.ofMillis(Math.max(0, state.time().now() - at)))
                .findAny();
    }
}
