/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;

/** An event loop that runs on the test's thread when told to, with a clock of its own. */
public final class FakeEventLoop implements EventLoop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private boolean running;
    private int timersRun;

    private record Timer(Duration due, Runnable task) {}

    /** Runs the task and everything that follows from it. */
    void run(Runnable task) {
        execute(task);
        runTasks();
    }

    /** Runs what is to be run, and everything that follows from it. */
    public void runTasks() {
        running = true;
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
        running = false;
    }

    /** Lets time pass, with every timer that falls due. */
    public void advance(Duration time) {
        Duration end = now.plus(time);
        while (true) {
            Timer next = timers.stream()
                    .filter(timer -> timer.due().compareTo(end) <= 0)
                    .min(Comparator.comparing(Timer::due))
                    .orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            now = next.due();
            timersRun++;
            run(next.task());
        }
        now = end;
    }

    /** Its clock, as {@link System#nanoTime()}. */
    long nanoTime() {
        return now.toNanos();
    }

    /** How many have fallen due. */
    int timersRun() {
        return timersRun;
    }

    public int timers() {
        return timers.size();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inEventLoop() {
        return running;
    }

    @Override
    public Lease schedule(ResourceScope scope, Duration delay, Runnable task) {
        Lease[] lease = new Lease[1];
        Timer timer = new Timer(now.plus(delay), () -> {
            lease[0].ended();
            task.run();
        });
        lease[0] = scope.hold(ResourceKind.TASK, () -> timers.remove(timer));
        timers.add(timer);
        return lease[0];
    }

    @Override
    public AutoCloseable schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(now.plus(delay), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }
}
