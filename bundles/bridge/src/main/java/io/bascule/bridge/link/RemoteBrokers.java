/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Server;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The remote brokers of a bridge, whose turn it is, and with which of them the local session is joined. On one event loop, but for
 * {@link #server}.
 */
final class RemoteBrokers {
    private final boolean roundRobin;
    private final boolean isTemporary;
    private final List<RemoteBroker> all = new ArrayList<>();
    private final KnownSessions known;
    private final Supplier<CompletionStage<Void>> keep;
    /** Those that are tried at once, one after the other, when the current one fails. */
    private final Deque<RemoteBroker> others = new ArrayDeque<>();

    /** With which the local session is to be joined, or was. */
    private RemoteBroker joining;

    private volatile RemoteBroker current;

    /** {@code keep} writes down what is known, in the background. */
    RemoteBrokers(BridgeDefinition definition, KnownSessions known, Supplier<CompletionStage<Void>> keep) {
        this.roundRobin = definition.servers().roundRobin();
        this.isTemporary = definition.cleanStart();
        this.known = known;
        this.keep = keep;
        for (Server server : definition.servers().all()) {
            all.add(new RemoteBroker(
                    all.size(), server, known.all().get(all.size()), Greetings.asBridge(definition.protocols())));
        }
        // What is on its way, or waits for its release, is at home where the local session was joined last.
        turnTo(all.get(definition.cleanStart() ? 0 : known.joined().orElse(0)));
    }

    /** Whether there is one alone. */
    boolean isOnlyOne() {
        return all.size() == 1;
    }

    /** The one whose turn it is. */
    RemoteBroker current() {
        return current;
    }

    /** Where it is; from any thread. */
    Server server() {
        return current.server();
    }

    /** Those that are preferred to the current one, first those that are wanted most. */
    List<RemoteBroker> preferred() {
        return roundRobin ? List.of() : all.subList(0, current.index());
    }

    /** It is this one's turn, whether the current one has failed or not. */
    void turnTo(RemoteBroker broker) {
        current = broker;
        beginRound();
    }

    /** Nothing is on its way, so that it may as well be the turn of the one that is wanted most. */
    void turnToPreferred() {
        if (!roundRobin) {
            turnTo(all.get(0));
        }
    }

    /** Whatever has failed before, all others are tried at once when the current one is lost. */
    void beginRound() {
        others.clear();
        int next = current.index() + 1;
        for (int i = 0; i < all.size(); i++) {
            RemoteBroker broker = all.get(roundRobin ? (next + i) % all.size() : i);
            if (broker.index() != current.index()) {
                others.add(broker);
            }
        }
    }

    /** The current one is lost, or was not reached; whether it is another one's turn now, which is to be tried at once. */
    boolean passOn() {
        RemoteBroker next = others.poll();
        if (next != null) {
            current = next;
            return true;
        }
        turnTo(all.get(roundRobin ? (current.index() + 1) % all.size() : 0));
        return false;
    }

    // ---------------------------------------------------------------- sessions

    /** The local session has just come into being: it is to be known after a crash that identifiers may be stale. */
    void localSessionBegun() {
        known.localSessionBegun();
        if (!isTemporary) {
            keep.get();
        }
    }

    /** Writes down what is known. */
    CompletionStage<Void> keep() {
        return keep.get();
    }

    /**
     * The local session is about to be joined with this one. Completes with whether it was joined with another one before, so that its
     * identifiers mean nothing here; that is written down before: after a crash on the way they are to mean nothing anywhere.
     */
    CompletionStage<Boolean> joining(RemoteBroker broker) {
        joining = broker;
        OptionalInt before = known.joined();
        if (before.isPresent() && before.getAsInt() == broker.index()) {
            return CompletableFuture.completedFuture(false);
        }
        known.joined(OptionalInt.empty());
        return keep.get().thenApply(nothing -> true);
    }

    /** They mean what they say here from now on, unless another one is joined by now. Completes when that is written down. */
    CompletionStage<Void> joined(RemoteBroker broker) {
        if (joining != broker) { // what this one has waited for took longer than its connection lasted
            return CompletableFuture.completedFuture(null);
        }
        known.joined(OptionalInt.of(broker.index()));
        return keep.get();
    }
}
