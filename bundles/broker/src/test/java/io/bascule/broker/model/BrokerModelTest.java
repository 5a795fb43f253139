/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.broker.model.Life.Fault;
import io.bascule.mqtt.Message;
import io.bascule.spi.MessageStore;
import io.bascule.spi.Restoration;
import io.bascule.spi.StoredSession;
import io.bascule.store.log.Durability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;

/**
 * Whatever happens to a broker and its clients, and whenever the power goes: they get what its model says, and nothing else.
 */
class BrokerModelTest {
    /** Until which a control has to show, each time in the same. */
    private static final int CONTROLS = 1_000;

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void doesWhatTheModelDoes(@ForAll("sequences") List<Action> sequence, @ForAll long seed) throws IOException {
        Life.live(sequence, seed, Durability.FSYNC, PatientStore::new);
    }

    @Provide
    Arbitrary<List<Action>> sequences() {
        return Actions.sequences();
    }

    @Example
    void wouldSeeThatNothingIsForced() {
        assertSeen(Durability.MEMORY, PatientStore::new);
    }

    @Example
    void wouldSeeThatNothingWaitsForTheDisk() {
        assertSeen(Durability.FSYNC, Hasty::new);
    }

    @Example
    void wouldSeeAMessageThatIsHandedOutAgainUnderANewIdentifier() {
        assertSeen(
                Durability.FSYNC,
                (store, loop) -> new Forgetful(store, loop, session -> {
                    List<StoredSession.Queued> queued = new ArrayList<>();
                    session.inFlight().forEach(each -> queued.add(each.message()));
                    return with(
                            session, List.of(), Stream.concat(queued.stream(), session.queued()), session.accepted());
                }));
    }

    @Example
    void wouldSeeAMessageThatIsTakenTwice() {
        assertSeen(
                Durability.FSYNC,
                (store, loop) -> new Forgetful(
                        store, loop, session -> with(session, session.inFlight(), session.queued(), new BitSet())));
    }

    private static StoredSession with(
            StoredSession session,
            List<StoredSession.InFlight> inFlight,
            Stream<StoredSession.Queued> queued,
            BitSet accepted) {
        return new StoredSession(
                session.clientId(),
                session.store(),
                session.terms(),
                session.away(),
                session.subscriptions(),
                inFlight,
                queued,
                accepted);
    }

    private static void assertSeen(Durability durability, Fault fault) {
        RandomGenerator<List<Action>> sequences = Actions.sequences().generator(CONTROLS);
        assertThatThrownBy(() -> {
                    for (int seed = 1; seed <= CONTROLS; seed++) {
                        Life.live(sequences.next(new Random(seed)).value(), seed, durability, fault);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    /** Says that something is on disk when it is not. */
    private static final class Hasty extends PatientStore {
        Hasty(MessageStore store, Executor loop) {
            super(store, loop);
        }

        @Override
        public boolean isDurable(long position) {
            return true;
        }
    }

    /** Does not hand over all of what was kept. */
    private static final class Forgetful extends PatientStore {
        private final UnaryOperator<StoredSession> left;

        Forgetful(MessageStore store, Executor loop, UnaryOperator<StoredSession> left) {
            super(store, loop);
            this.left = left;
        }

        @Override
        public void restore(Restoration into) {
            super.restore(new Restoration() {
                @Override
                public void retained(Message message) {
                    into.retained(message);
                }

                @Override
                public void session(StoredSession session) {
                    into.session(left.apply(session));
                }
            });
        }
    }
}
