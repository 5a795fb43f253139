/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import io.bascule.itests.client.Version;
import io.bascule.itests.hostile.Conversation.Verdict;
import io.bascule.itests.hostile.HostileRemote.Script;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What is to be sent in each state of a connection, and what has come of it. Several remotes share one; each takes what is next. */
final class Attacks {
    /** One in so many of what is by chance. */
    private static final int MUTATED = 5;

    private static final int MOST_FAILURES = 10;

    private final Version version;
    private final List<byte[]> valid;
    private final Map<State, Queue<byte[]>> waiting = new EnumMap<>(State.class);
    private final Map<State, Map<Verdict, AtomicInteger>> verdicts = new EnumMap<>(State.class);
    private final Collection<String> failures = new ConcurrentLinkedQueue<>();
    private int packets;

    /** How far a connection has come. */
    enum State {
        /** CONNECT has been sent. */
        BEFORE_CONNACK,
        /** The client waits for SUBACK. */
        BEFORE_SUBACK,
        /** Both sessions are joined. */
        SUBSCRIBED,
        /** Messages of QoS 1 and 2 are on their way in both directions. */
        IN_FLIGHT
    }

    /** Every mutation by one step, in each state. */
    Attacks(Version version) {
        this.version = version;
        this.valid = ServerPackets.of(version);
        List<byte[]> systematic = Mutations.systematic(valid);
        for (State state : State.values()) {
            waiting.put(state, new ConcurrentLinkedQueue<>(systematic));
            verdicts.put(state, counters());
        }
        this.packets = systematic.size() * State.values().length;
    }

    /**
     * Adds so many by chance, before any is played. Most of that is well formed and comes where a client listens, since what is not ends a
     * connection at once.
     */
    void addByChance(int count, SplittableRandom random) {
        Nonsense nonsense = new Nonsense(version, random);
        State[] states = State.values();
        for (int i = 0; i < count; i++) {
            boolean mutated = random.nextInt(MUTATED) == 0;
            State state = states[random.nextInt(mutated ? 0 : 1, states.length)];
            waiting.get(state).add(mutated ? Mutations.random(valid, random) : nonsense.packet());
        }
        packets += count;
    }

    private static Map<Verdict, AtomicInteger> counters() {
        Map<Verdict, AtomicInteger> counters = new EnumMap<>(Verdict.class);
        Stream.of(Verdict.values()).forEach(verdict -> counters.put(verdict, new AtomicInteger()));
        return counters;
    }

    Version version() {
        return version;
    }

    /** How many there are in all. */
    int packets() {
        return packets;
    }

    /** How many have been sent and judged. */
    int judged() {
        return Stream.of(Verdict.values()).mapToInt(this::count).sum();
    }

    /** How many came to this. */
    int count(Verdict verdict) {
        return Stream.of(State.values())
                .mapToInt(state -> count(state, verdict))
                .sum();
    }

    /** How many that were sent in this state came to this. */
    int count(State state, Verdict verdict) {
        return verdicts.get(state).get(verdict).get();
    }

    /** What was neither carried on from nor ended by a reset, and connections after such that came to nothing: the first of it. */
    Collection<String> failures() {
        return failures;
    }

    /** What one remote does with its connections. */
    Script script() {
        return new Attacker();
    }

    private void fail(String what) {
        if (failures.size() < MOST_FAILURES) {
            failures.add(version + ": " + what);
        }
    }

    @Override
    public String toString() {
        return version + ": " + judged() + " of " + packets + " " + verdicts;
    }

    /** One remote: comes to each state in turn, as long as there is something to be sent in it. */
    private final class Attacker implements Script {
        private int turn;
        private State state;
        private byte[] last = {};

        @Override
        public void play(Conversation with) throws IOException {
            byte[] attack = null;
            for (int i = 0; attack == null && i < State.values().length; i++) {
                state = State.values()[turn++ % State.values().length];
                attack = waiting.get(state).poll();
            }
            if (attack == null) {
                with.behave();
                return;
            }
            try {
                comeTo(with);
            } catch (IOException e) {
                fail("no way to " + state + " after " + HexFormat.of().formatHex(last) + ": " + e);
                return;
            }
            // Not on the way here: a receive maximum of messages that nobody completes leaves no room for another.
            with.withholdPubComp();
            if (state == State.BEFORE_CONNACK) {
                // Who knows what they have agreed to: one of them to a connection.
                take(attack, with.judgeBeforeConnAck(attack));
                return;
            }
            while (attack != null && take(attack, with.judge(attack)) == Verdict.CARRIES_ON) {
                attack = waiting.get(state).poll();
            }
        }

        private void comeTo(Conversation with) throws IOException {
            with.withholdAcknowledgements();
            with.connect();
            if (state == State.BEFORE_CONNACK) {
                return;
            }
            with.accept();
            if (state == State.BEFORE_SUBACK) {
                with.subscribe();
            } else {
                with.subscribed(HostileContract.ROUTES);
            }
            if (state == State.IN_FLIGHT) {
                with.exchange();
            }
        }

        private Verdict take(byte[] attack, Verdict verdict) {
            last = attack;
            verdicts.get(state).get(verdict).incrementAndGet();
            if (verdict == Verdict.HANGS) {
                fail("hangs in " + state + " at " + HexFormat.of().formatHex(attack));
            }
            return verdict;
        }
    }
}
