/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When publishers may send. */
sealed interface Pace {
    /** Nobody sends. */
    Pace STOPPED = new Limit(0);

    /** How many messages this one may send now. */
    long permitted(Publisher publisher, long nowNanos);

    /** When the one that it sends now was due. */
    default long due(Publisher publisher, long nowNanos) {
        return nowNanos;
    }

    /** Touches those that may send though nothing has come that would tell. */
    default void wake(Loop loop, List<Publisher> publishers) {}

    /** Whether the loop may wait while nothing comes. */
    default boolean mayWait() {
        return true;
    }

    /** So many of each and no more, as fast as they are acknowledged. */
    record Limit(int messages) implements Pace {
        @Override
        public long permitted(Publisher publisher, long nowNanos) {
            return messages - publisher.sent();
        }
    }

    /**
     * The closed loop: so many of each that have not arrived everywhere. What does not arrive for a second is given up, so that a broker that
     * loses messages goes on at its pace.
     */
    final class Window implements Pace {
        private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
        private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(100);

        private final int messages;
        private final int copies;
        private final Deliveries deliveries;
        private final long[] givenUp;
        private final long[] seen;
        private final long[] progressNanos;
        private long lookedNanos = System.nanoTime();

        Window(Shape shape, Deliveries deliveries) {
            this.messages = shape.window();
            this.copies = shape.copies();
            this.deliveries = deliveries;
            this.givenUp = new long[shape.publishers()];
            this.seen = new long[shape.publishers()];
            this.progressNanos = new long[shape.publishers()];
            Arrays.fill(progressNanos, lookedNanos);
        }

        @Override
        public long permitted(Publisher publisher, long nowNanos) {
            // A message has room when all copies of the one have arrived that was a window before it, or one of its
            // successors'.
            return messages - outstanding(publisher) / copies;
        }

        private long outstanding(Publisher publisher) {
            int index = publisher.index();
            return (long) publisher.sent() * copies - deliveries.of(index) - givenUp[index];
        }

        @Override
        public void wake(Loop loop, List<Publisher> publishers) {
            if (loop.now() - lookedNanos < BETWEEN_LOOKS) {
                return;
            }
            lookedNanos = loop.now();
            for (Publisher publisher : publishers) {
                int index = publisher.index();
                if (seen[index] != deliveries.of(index) || outstanding(publisher) <= 0) {
                    seen[index] = deliveries.of(index);
                    progressNanos[index] = loop.now();
                } else if (loop.now() - progressNanos[index] > PATIENCE) {
                    givenUp[index] += outstanding(publisher);
                    loop.touch(publisher);
                }
            }
        }
    }

    /** The open loop: the publishers take turns at fixed moments, whatever has become of what they sent before. */
    final class Schedule implements Pace {
        private final long beginNanos = System.nanoTime();
        private final double nanosBetween;
        private final int publishers;
        private final int[] sentBefore;
        private Histogram lateness = new Histogram();
        private long next;

        Schedule(double perSecond, List<Publisher> publishers) {
            this.nanosBetween = TimeUnit.SECONDS.toNanos(1) / perSecond;
            this.publishers = publishers.size();
            this.sentBefore = publishers.stream().mapToInt(Publisher::sent).toArray();
        }

        @Override
        public long permitted(Publisher publisher, long nowNanos) {
            long turns = due(nowNanos) - publisher.index();
            return turns <= 0 ? 0 : (turns - 1) / publishers + 1 - sent(publisher);
        }

        private long sent(Publisher publisher) {
            return publisher.sent() - sentBefore[publisher.index()];
        }

        /** How many messages of all are due. */
        private long due(long nowNanos) {
            return (long) ((nowNanos - beginNanos) / nanosBetween) + 1;
        }

        @Override
        public long due(Publisher publisher, long nowNanos) {
            long number = sent(publisher) * publishers + publisher.index();
            long due = beginNanos + (long) (number * nanosBetween);
            lateness.record(nowNanos - due);
            return due;
        }

        @Override
        public void wake(Loop loop, List<Publisher> all) {
            long end = due(loop.tick());
            // Whoever was held up for more than a turn of all has each of them look what is due.
            next = Math.max(next, end - publishers);
            while (next < end) {
                loop.touch(all.get((int) (next++ % publishers)));
            }
        }

        @Override
        public boolean mayWait() {
            return false;
        }

        void forgetLateness() {
            lateness = new Histogram();
        }

        /** How much later than they were due messages were sent. */
        Histogram lateness() {
            return lateness;
        }
    }
}
