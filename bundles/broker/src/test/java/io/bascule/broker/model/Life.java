/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.broker.SteppedBroker;
import io.bascule.spi.MessageStore;
import io.bascule.store.StepStore;
import io.bascule.store.log.Durability;
import io.bascule.store.log.SimulatedFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * The life of a broker, through crashes and restarts, beside its model. The model does everything first; what the broker sends is then what
 * the model expects, and what the broker says that it has is what the model has.
 */
final class Life {
    private static final int STEP_SECONDS = 10;
    private static final int MOST_ROUNDS = 1_000;

    private final SimulatedFolder folder;
    private final Durability durability;
    private final Fault fault;
    private final List<Object> trace = new ArrayList<>();
    private final Lines lines = new Lines();
    private final Time time = new Time();
    private final Clients clients = new Clients(lines, trace, time);
    private SteppedLoop loop;
    private StepStore store;
    private SteppedBroker broker;
    private boolean held;

    /** What a store is made to do wrong. */
    interface Fault extends BiFunction<MessageStore, SteppedLoop, MessageStore> {}

    private Life(long seed, Durability durability, Fault fault) throws IOException {
        this.folder = new SimulatedFolder(new SplittableRandom(seed));
        this.durability = durability;
        this.fault = fault;
        open();
        settle();
    }

    /** Lives through all of it; what is not as it must be is thrown, with what has happened before. */
    static void live(List<Action> actions, long seed, Durability durability, Fault fault) throws IOException {
        Life life = new Life(seed, durability, fault);
        try {
            for (Action each : actions) {
                life.trace.add(each);
                life.perform(each);
                life.settle();
            }
            life.finish();
        } catch (AssertionError | RuntimeException | IOException e) {
            throw new AssertionError(e.getMessage() + "\n" + life.told(), e);
        } finally {
            life.store.end();
        }
    }

    private String told() {
        return trace.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    private void perform(Action action) throws IOException {
        if (action instanceof Action.Connect connect) {
            connect(connect);
        } else if (action instanceof Action.Pass pass) {
            pass(pass.seconds());
        } else if (action instanceof Action.Hold) {
            held = true;
        } else if (action instanceof Action.Commit) {
            held = false;
        } else if (action instanceof Action.Compact compact) {
            for (int i = 0; i < compact.steps(); i++) {
                store.compact();
            }
        } else if (action instanceof Action.Stop stop) {
            stop(stop.seconds());
        } else if (action instanceof Action.Kill kill) {
            kill(kill.seconds());
        } else if (action instanceof Action.PowerCut cut) {
            cut(cut);
        } else {
            clients.perform(action);
        }
    }

    private void connect(Action.Connect connect) {
        if (clients.isComing(connect.client())) {
            held = false; // who is overtaken on the way is not for this model to know
            settle();
        }
        clients.connect(connect);
    }

    private void pass(int seconds) {
        for (int left = seconds; left > 0; left -= STEP_SECONDS) {
            time.pass(STEP_SECONDS);
            loop.pass(Duration.ofSeconds(STEP_SECONDS));
            lines.change(world -> {
                world.now = time.seconds();
                world.due();
            });
            settle();
        }
    }

    // ---------------------------------------------------------------- the broker's process

    private void open() throws IOException {
        loop = new SteppedLoop();
        time.start();
        held = false;
        store = StepStore.open(folder, durability, time::nanos, time::wallMillis);
        broker = new SteppedBroker(loop, fault.apply(store.store(), loop), time::nanos);
        clients.of(broker, loop);
        loop.run();
    }

    private void reopen(int seconds) throws IOException {
        clients.disconnected();
        time.pass(seconds);
        open();
        lines.restarted(View.withQueues(broker, loop::run), time.seconds());
    }

    /** Writes what there is to write, unless that is held up, until nothing more happens. */
    private void settle() {
        run();
        for (int rounds = 0; !held && !folder.isOff() && store.commit(); rounds++) {
            if (rounds == MOST_ROUNDS) {
                throw new AssertionError("It does not come to rest");
            }
            run();
        }
        if (folder.isOff()) {
            return;
        }
        boolean settled = !held;
        View view = View.of(broker);
        lines.each(line -> {
            if (settled) {
                line.world.delivery.settled();
            }
            view.difference(line.world).ifPresent(difference -> {
                throw new AssertionError(
                        "Another is " + difference + ".\nThe broker: " + view + "\nThe model: " + line.world);
            });
        });
    }

    private void run() {
        loop.run();
        clients.resend();
    }

    private void stop(int seconds) throws IOException {
        held = false;
        settle();
        clients.disconnected();
        broker.stop();
        lines.change(World::stop);
        while (store.commit()) {
            loop.run();
        }
        store.end();
        folder.cut(); // which does nothing to what is safe
        lines.each(line -> line.promised(line.world.changes));
        reopen(seconds);
    }

    private void kill(int seconds) throws IOException {
        store.end();
        folder.kill();
        reopen(seconds);
    }

    private void cut(Action.PowerCut cut) throws IOException {
        if (cut.operations() > 0) {
            held = false;
            folder.powerFor(cut.operations());
            settle();
        }
        store.end();
        folder.cut();
        reopen(cut.seconds());
    }

    /** Once more the power goes, and then everybody comes back and gets everything. */
    private void finish() throws IOException {
        trace.add("The end");
        held = false;
        settle();
        cut(new Action.PowerCut(0, 0));
        settle();
        for (int i = 0; i < Actions.CLIENTS; i++) {
            trace.add("c" + i + " comes back");
            clients.connect(new Action.Connect(i, true, false, 1_000, 65_535, null));
            settle();
        }
        while (clients.complete()) {
            settle();
        }
        lines.each(line -> line.world.sessions.values().forEach(session -> {
            if (!session.out.isEmpty()) {
                throw new AssertionError("Something is left of " + session);
            }
        }));
        clients.disconnected();
        broker.stop();
    }
}
