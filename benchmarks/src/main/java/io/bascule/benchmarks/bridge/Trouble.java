/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Peer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is done to a bridge while messages flow, by the key that asks for it. See {@link Ledger}. */
enum Trouble {
    EDITS,
    UPDATES,
    CUTS,
    KILLS,
    BLACKHOLES;

    /** What the bridge begins with, in seconds; every edit says something else than the one before. */
    static final int KEEP_ALIVE = 60;

    /** The one that is asked for: edits where no other is. */
    static Trouble asked(Options options) {
        List<Trouble> others = Arrays.stream(values())
                .filter(trouble -> trouble != EDITS && options.number(trouble.key()) > 0)
                .toList();
        if (others.size() > 1) {
            throw new IllegalArgumentException("one kind of trouble at a time, not " + others);
        }
        return others.isEmpty() ? EDITS : others.get(0);
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it happens to everyone who is connected to the remote broker over a proxy. */
    boolean isFeltBesideTheBridge() {
        return this != EDITS && this != UPDATES;
    }

    /** Happens for the time {@code i}, and returns from when on the bridge can recover. */
    long happen(Rig rig, BridgeBundle bundle, Options options, int i) throws Exception {
        long begin = System.nanoTime();
        switch (this) {
            case EDITS -> rig.writeBridge(KEEP_ALIVE + 1 + i % 2);
            case UPDATES -> bundle.update();
            case CUTS -> {
                rig.proxy().cut();
                rig.beside().cut();
            }
            case KILLS -> {
                kill(rig.peer(), options.text("signal"));
                rig.peer().start();
                return System.nanoTime();
            }
            case BLACKHOLES -> {
                rig.proxy().silence();
                rig.beside().silence();
                Thread.sleep(options.number("seconds") * 1000L);
                begin = System.nanoTime();
                rig.beside().speak();
                rig.proxy().speak();
            }
        }
        return begin;
    }

    private static void kill(Peer peer, String signal) throws InterruptedException {
        if (signal.equals("KILL")) {
            peer.kill();
        } else {
            peer.stop();
        }
    }
}
