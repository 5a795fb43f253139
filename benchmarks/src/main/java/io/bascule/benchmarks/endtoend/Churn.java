/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients that connect, disconnect once they are accepted, and connect again; so many at a time. Instead of messages, connects are counted. */
record Churn(String name, int atOnce) implements Scenario {
    private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(1_500);
    /** The ports of one address would last for a second or two: each stays taken for a minute after its connection has ended. */
    private static final int ADDRESSES = 64;

    private static final class Visitor extends Client {
        private final Histogram latencies;

        Visitor(Loop loop, Identity identity, Histogram latencies) {
            super(loop, identity);
            this.latencies = latencies;
        }

        @Override
        void connected() {
            latencies.record(loop().now() - connectedNanos());
            open();
        }
    }

    @Override
    public List<Figure> play(Stage stage) throws IOException {
        visit(stage, WARM_UP);
        return List.of(visit(stage, stage.nanos()));
    }

    private Figure visit(Stage stage, long nanos) throws IOException {
        Loop loop = stage.loop();
        Histogram latencies = new Histogram();
        List<Visitor> visitors = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            visitors.add(new Visitor(loop, stage.identity("visitor", i, 4, true), latencies));
        }
        long before = loop.openings();
        Usage begin = Usage.of(stage.server());
        int next = 0;
        for (Visitor visitor : visitors) {
            visitor.connectFrom(address(next++));
        }
        long end = begin.nanos() + nanos;
        while (System.nanoTime() - end < 0) {
            loop.turn();
            for (Visitor visitor : visitors) {
                if (visitor.isOpen()) {
                    visitor.disconnect();
                    visitor.connectFrom(address(next++));
                }
            }
        }
        Usage after = Usage.of(stage.server());
        long connects = loop.openings() - before;
        for (Visitor visitor : visitors) {
            visitor.disconnect();
        }
        if (connects == 0) {
            throw new IOException("nobody is accepted");
        }
        return after.since(begin, name, connects, latencies, new Faults(0, 0, 0, loop.losses()));
    }

    private static InetAddress address(int number) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (1 + number % ADDRESSES)});
    }
}
