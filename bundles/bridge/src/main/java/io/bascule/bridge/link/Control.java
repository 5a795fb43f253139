/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others ask of a link, from any thread. Requests are done one after the other on the link's event loop: one that comes while the link is
 * on its way into a state waits until it is there, so that a stop and a start that follow each other closely are both done, in order.
 *
 * <p>What cannot be done fails with an {@link IllegalStateException} that says why in a sentence without its full stop.
 */
public final class Control {
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    private final String name;
    private final Link link;
    private final List<Runnable> waiting = new ArrayList<>();

    Control(String name, Link link) {
        this.name = name;
        this.link = link;
    }

    /** Leaves the remote broker; completes when it has been left. */
    public CompletionStage<Void> stop() {
        return request("stop", done -> {
            if (link.state().isRunning()) {
                link.halt();
            }
            complete(done);
        });
    }

    /** Goes on; completes when it has begun to. */
    public CompletionStage<Void> start() {
        return request("start", done -> {
            switch (link.state()) {
                case STOPPED -> {
                    link.renew();
                    complete(done);
                }
                case DISABLED, CLOSED -> refuse(done);
                default -> done.complete(null); // it runs
            }
        });
    }

    /** Pauses one direction; completes when it is paused. */
    public CompletionStage<Void> pause(Direction direction) {
        return pausing("pause " + direction, direction, true);
    }

    /** Ends the pause of one direction; completes when it has ended. */
    public CompletionStage<Void> resume(Direction direction) {
        return pausing("resume " + direction, direction, false);
    }

    private CompletionStage<Void> pausing(String what, Direction direction, boolean pause) {
        return request(what, done -> {
            if (link.state() == LinkState.DISABLED || link.state() == LinkState.CLOSED) {
                refuse(done);
            } else {
                link.pause(direction, pause);
                done.complete(null);
            }
        });
    }

    /** Connects anew; completes when the earlier connection has been left and the next one has begun. */
    public CompletionStage<Void> reconnect() {
        return request("reconnect", done -> {
            if (link.state().isRunning()) {
                link.reconnect();
                complete(done);
            } else {
                refuse(done);
            }
        });
    }

    /** Empties the local session and stops; completes then, with how many messages were forwarded. */
    public CompletionStage<Long> drain() {
        return request("drain", done -> {
            if (!link.state().isRunning()) {
                refuse(done);
            } else if (link.isPaused(Direction.FORWARD)) {
                done.completeExceptionally(new IllegalStateException(
                        "what waits cannot be forwarded while " + Direction.FORWARD + " is paused; resume it first"));
            } else {
                link.drain()
                        .whenComplete((forwarded, why) -> afterwards(() -> {
                            if (why == null) {
                                done.complete(forwarded);
                            } else {
                                done.completeExceptionally(why);
                            }
                        }));
            }
        });
    }

    private <T> CompletionStage<T> request(String what, Consumer<CompletableFuture<T>> how) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            link.onLoop(() -> {
                LOG.info("bridge {}: {}", name, what);
                afterwards(() -> how.accept(done));
            });
        } catch (RejectedExecutionException e) { // the event loops are gone, and the bridge with them
            refuse(done);
        }
        return done;
    }

    /** Does it as soon as the link is in a state of its own choosing. */
    private void afterwards(Runnable task) {
        if (link.isBusy()) {
            waiting.add(task);
        } else {
            task.run();
        }
    }

    private void complete(CompletableFuture<Void> done) {
        afterwards(() -> done.complete(null));
    }

    private void refuse(CompletableFuture<?> done) {
        done.completeExceptionally(new IllegalStateException(
                switch (link.state()) {
                    case DISABLED -> "the bridge is disabled; enabled = true in its file starts it";
                    case STOPPED -> "the bridge is stopped; start it first";
                    default -> "the bridge is closed";
                }));
    }

    /** The link is where it was on its way to. */
    void proceed() {
        List<Runnable> due = new ArrayList<>(waiting);
        waiting.clear();
        due.forEach(this::afterwards);
    }
}
