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
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final Lasting link;
    private final Course course;
    private final List<Runnable> waiting = new ArrayList<>();

    Control(Lasting link, Course course) {
        this.link = link;
        this.course = course;
    }

    /** Leaves the remote broker; completes when it has been left. */
    public CompletionStage<Void> stop() {
        return request("stop", done -> {
            if (course.state().isRunning()) {
                course.halt();
            }
            complete(done);
        });
    }

    /** Goes on, or connects although too little waits for that; completes when it has begun to. */
    public CompletionStage<Void> start() {
        return request("start", done -> {
            switch (course.state()) {
                case STOPPED -> {
                    course.renew();
                    complete(done);
                }
                case IDLE -> {
                    course.wake();
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
            if (course.state() == LinkState.DISABLED || course.state() == LinkState.CLOSED) {
                refuse(done);
            } else {
                course.pause(direction, pause);
                done.complete(null);
            }
        });
    }

    /** Connects anew; completes when the earlier connection has been left and the next one has begun. */
    public CompletionStage<Void> reconnect() {
        return request("reconnect", done -> {
            if (course.state().isRunning()) {
                course.reconnect();
                complete(done);
            } else {
                refuse(done);
            }
        });
    }

    /** Empties the local session and stops; completes then, with how many messages were forwarded. */
    public CompletionStage<Long> drain() {
        return request("drain", done -> {
            if (!course.state().isRunning()) {
                refuse(done);
            } else if (link.pauses().includes(Direction.FORWARD)) {
                done.completeExceptionally(new IllegalStateException(
                        "what waits cannot be forwarded while " + Direction.FORWARD + " is paused; resume it first"));
            } else {
                course.drain()
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
            link.local().onLoop(() -> {
                LOG.info("bridge {}: {}", link.name(), what);
                afterwards(() -> how.accept(done));
            });
        } catch (RejectedExecutionException e) { // the event loops are gone, and the bridge with them
            refuse(done);
        }
        return done;
    }

    /** Does it as soon as the link is in a state of its own choosing. */
    private void afterwards(Runnable task) {
        if (course.isBusy()) {
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
                switch (course.state()) {
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
