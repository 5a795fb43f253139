/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.link.Greetings.Greeting;
import io.bascule.resource.Lease;
import io.bascule.spi.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The connections of one attempt beside its first. All of them are there before anything leaves, or are done without until the next attempt: a topic
 * does not change its connection while something of it is on the way. On the event loop alone.
 */
final class FurtherConnections implements FurtherConnection.Events {
    /** How often one that is missing is asked for. */
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final Lasting link;
    private final RemoteBroker broker;
    private final Events events;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private volatile List<FurtherConnection> all = List.of();
    /** One that was missing is asked for once more; null while none is. */
    private FurtherConnection again;

    private Lease timer;
    private boolean closing;

    /** What becomes of them. */
    interface Events {
        /** The bridge has to do without this one. */
        void missing(String connection, String why);

        /** One that was missing could be had now. */
        void found(String connection);

        /** There is more room in one of them, or none. */
        void pace();

        /** One over which messages may have left is being closed: what is sent from now on may never leave. */
        void leaving();

        /** One over which messages may have left is lost. */
        void lost(String connection, String why, Lane lane, boolean byPeer);

        /** All of them have ended, after {@link #close}. */
        void ended();
    }

    /** To this remote broker; connects nothing yet. */
    FurtherConnections(Lasting link, RemoteBroker broker, Events events) {
        this.link = link;
        this.broker = broker;
        this.events = events;
    }

    /** Makes them; completes when each is accepted or has not come about. */
    CompletionStage<Void> open(Greeting greeting, Credentials credentials) {
        List<FurtherConnection> wanted = new ArrayList<>();
        for (int number = 2; number <= link.definition().connections(); number++) {
            wanted.add(new FurtherConnection(link, broker, number, greeting, credentials, this));
        }
        all = List.copyOf(wanted);
        all.forEach(FurtherConnection::connect);
        completeWhenAllAnswered();
        return opened;
    }

    private void completeWhenAllAnswered() {
        if (all.stream().allMatch(each -> each.isAccepted() || each.isOver())) {
            opened.complete(null);
        }
    }

    /** Those over which messages may leave; the first one takes the place of the others. */
    Lanes lanes(Lane first, Outgoing outgoing, LoopGuard loops, Runnable changed) {
        List<Lane> byTopic = new ArrayList<>(List.of(first));
        for (FurtherConnection each : all) {
            byTopic.add(each.isAccepted() ? each.lane() : first);
            each.attach(outgoing);
        }
        return new Lanes(byTopic, loops, changed);
    }

    /** Asks for one that is missing from time to time, as long as messages flow. */
    void askAgain(Greeting greeting, Credentials credentials) {
        all.stream()
                .filter(FurtherConnection::isOver)
                .findFirst()
                .ifPresent(missing -> timer = link.eventLoop().schedule(link.scope(), AGAIN, () -> {
                    if (again != null && again.isAccepted()) {
                        events.found(name(again)); // others have come before
                    } else {
                        again = new FurtherConnection(link, broker, missing.number(), greeting, credentials, this);
                        again.connect();
                    }
                    askAgain(greeting, credentials);
                }));
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether all that are there have room. */
    boolean isWritable() {
        for (FurtherConnection each : all) {
            if (each.isAccepted() && !each.isWritable()) {
                return false;
            }
        }
        return true;
    }

    /** For how long at most one of them has not answered what it was to answer; from any thread. */
    Duration silence() {
        Duration longest = Duration.ZERO;
        for (FurtherConnection each : all) {
            Duration silence = each.pulse().silence();
            longest = silence.compareTo(longest) > 0 ? silence : longest;
        }
        return longest;
    }

    /** Ends them all; nobody hears of acknowledgements any more. */
    void close() {
        if (closing) {
            return;
        }
        closing = true;
        if (timer != null) {
            timer.close();
        }
        for (FurtherConnection each : all) {
            each.detach();
            close(each);
        }
        if (again != null) {
            close(again);
        }
        endWhenAllOver();
    }

    private static void close(FurtherConnection connection) {
        if (!connection.isOver()) {
            connection.close("the first connection is left");
        }
    }

    /** Whether they are closed and have ended. */
    boolean isEnded() {
        return closing && (again == null || again.isOver()) && all.stream().allMatch(FurtherConnection::isOver);
    }

    private void endWhenAllOver() {
        if (!all.isEmpty() && isEnded()) {
            events.ended();
        }
    }

    @Override
    public void accepted(FurtherConnection connection) {
        if (connection == again) {
            events.found(name(connection));
        } else {
            completeWhenAllAnswered();
        }
    }

    @Override
    public void pace() {
        if (!closing) {
            events.pace();
        }
    }

    @Override
    public void leaving(FurtherConnection connection) {
        if (!closing && !isDoneWithout(connection)) {
            events.leaving();
        }
    }

    private boolean isDoneWithout(FurtherConnection connection) {
        return connection == again || !opened.isDone();
    }

    @Override
    public void lost(FurtherConnection connection, String why) {
        if (closing) {
            endWhenAllOver();
        } else if (isDoneWithout(connection)) {
            events.missing(name(connection), why);
            completeWhenAllAnswered();
        } else {
            events.lost(name(connection), why, connection.lane(), connection.isClosedByPeer());
        }
    }

    private String name(FurtherConnection connection) {
        return "connection " + connection.number() + " of " + link.definition().connections();
    }
}
