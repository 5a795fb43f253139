/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.RemoteIdentity;
import io.bascule.bridge.route.Retain;
import io.bascule.bridge.route.Route;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the routes with {@code retain=diff} of one bridge remember, for each server, from its activation to its deactivation; before and after that it is
 * in a file, if there may be one.
 *
 * <p>The file may be older than what is remembered, as a crash shows, but what it is certain of is true: before something else is sent to a topic of
 * which it is certain, it is made to doubt it. What changes often is not written as certain at all until the bridge closes.
 */
public final class Remembered implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);

    /** So many topics, and so many bytes of them, are remembered for a bridge. */
    public static final int MOST_TOPICS = 100_000;

    public static final long MOST_BYTES = 16L << 20;
    /** How soon what has changed is written. */
    static final Duration SOON = Duration.ofSeconds(10);
    /** What has not changed for so long will not change again at once. */
    static final Duration SETTLED = Duration.ofMinutes(1);
    /** After so many the lock is free for a moment, for which an event loop may wait. */
    private static final int TURN = 500;

    private final String bridge;
    private final Optional<FileTasks> file;
    private final LongSupplier nanoTime;
    private final List<Map<Route, Values>> byServer = new ArrayList<>();
    private final Map<Values, List<String>> owners = new IdentityHashMap<>();

    private Scheduler scheduler; // null until the link is there
    private boolean scheduled;
    private int topics;
    private long bytes;
    private boolean tooMuchSaid;
    private boolean differs; // from the file, in more than what is certain
    private boolean asking;
    /** The servers that were asked for their sessions last, and have not answered. */
    private final BitSet unanswered = new BitSet();
    /** Those that have not either, and do not understand how they were asked: they are asked otherwise at once. */
    private final BitSet notUnderstood = new BitSet();

    private boolean closed;

    /** Runs a task later, unless it is over with the bridge. */
    public interface Scheduler {
        void schedule(Duration delay, Runnable task);
    }

    private Remembered(BridgeDefinition definition, Optional<ValuesFile> file, Executor files, LongSupplier nanoTime) {
        this.bridge = definition.name();
        this.file = file.map(it -> new FileTasks(bridge, it, files, this, this::notKept));
        this.nanoTime = nanoTime;
    }

    /**
     * What is remembered of this bridge; empty where no route of it does so, and then the file is gone.
     *
     * @param path the file; empty where there can be none
     * @param files runs one task after the other
     */
    public static Optional<Remembered> open(
            BridgeDefinition definition, Optional<Path> path, Executor files, LongSupplier nanoTime) {
        Optional<ValuesFile> file = path.map(ValuesFile::new);
        if (definition.routes().stream().noneMatch(route -> route.retain() == Retain.DIFF)) {
            file.ifPresent(unused -> FileTasks.delete(definition.name(), unused));
            return Optional.empty();
        }
        Remembered remembered = new Remembered(definition, file, files, nanoTime);
        remembered.load(definition);
        return Optional.of(remembered);
    }

    /** That of one route of the definition at one server, which is a number in their order; null where the route does not remember. */
    public Values at(int server, Route route) {
        return byServer.get(server).get(route);
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /**
     * The local session has just come into being, in the broker of this id. If that has started since anything was compared, what was retained has
     * gone with the session, as far as can be told, and nobody has deleted it.
     */
    public synchronized void localSessionBegun(String brokerId) {
        for (Map<Route, Values> server : byServer) {
            server.forEach((route, values) -> {
                if (route.direction() == Direction.FORWARD) {
                    values.localSessionBegun(brokerId);
                }
            });
        }
    }

    // ---------------------------------------------------------------- what comes and goes

    /** A place for one more topic; null where there is no room. */
    Value add(Values values, String topic) {
        int size = topic.getBytes(StandardCharsets.UTF_8).length;
        if (topics >= MOST_TOPICS || bytes + size > MOST_BYTES) {
            if (!tooMuchSaid) {
                tooMuchSaid = true;
                LOG.warn(
                        "bridge {} remembers {} retained messages, and no more: what is beyond crosses at each connection, and is not deleted",
                        bridge,
                        topics);
            }
            return null;
        }
        topics++;
        bytes += size;
        Value value = new Value();
        values.byTopic().put(topic, value);
        changedMore();
        return value;
    }

    void remove(Values values, String topic) {
        Value removed = values.byTopic().remove(topic);
        topics--;
        bytes -= topic.getBytes(StandardCharsets.UTF_8).length;
        removed.certain = false; // also where it is about to be written
        if (isInFile(removed)) {
            doubt(List.of(removed), () -> {});
        }
        changedMore();
    }

    /** Whatever was certain of this server's routes of this direction is not any more: it has begun anew. */
    public synchronized void doubtAll(int server, Direction direction) {
        boolean any = false;
        for (Map.Entry<Route, Values> each : byServer.get(server).entrySet()) {
            if (each.getKey().direction() == direction) {
                for (Value value : each.getValue().byTopic().values()) {
                    any |= value.certain;
                    value.certain = false;
                    value.sending = null;
                }
            }
        }
        if (any) {
            keep();
        }
    }

    /**
     * A remote broker is about to be asked for the session that it was to keep. Until it answers it may have begun a new one, which is known only by
     * its answer: a crash then is not to leave what the old one had, and neither is an answer that is lost. {@code then} runs when the file says so,
     * on another thread.
     */
    public synchronized void asking(int server, Runnable then) {
        BitSet lost = (BitSet) notUnderstood.clone();
        lost.clear(server);
        lost.or(unanswered);
        lost.stream().forEach(each -> doubtAll(each, Direction.FORWARD));
        notUnderstood.andNot(lost);
        unanswered.clear();
        unanswered.set(server);
        asking(true, then);
    }

    /** It has answered. */
    public synchronized void answered(int server, boolean accepted) {
        unanswered.clear(server);
        if (accepted) {
            notUnderstood.clear(server);
        }
        asking(!unanswered.isEmpty() || !notUnderstood.isEmpty(), () -> {});
    }

    /**
     * The connection is lost over which it was asked.
     *
     * @param asksOtherwise whether it has not understood, so that it has not begun a session, and is asked in another way at once. Until it accepts
     *     that, it may be that it had understood
     */
    public synchronized void lost(int server, boolean asksOtherwise) {
        BitSet from = asksOtherwise ? unanswered : notUnderstood;
        if (from.get(server)) {
            from.clear(server);
            (asksOtherwise ? notUnderstood : unanswered).set(server);
        }
    }

    private void asking(boolean now, Runnable then) {
        boolean news = asking != now;
        asking = now;
        inFile(
                it -> { // also where it is no news: it may not be written yet
                    if (news) {
                        it.asking(now);
                    }
                },
                then);
    }

    /** Something else is about to be at these topics of the other side. {@code then} runs when the file says so as well, on another thread. */
    public synchronized void doubt(Values values, Collection<String> doubtful, Runnable then) {
        List<Value> inFile = new ArrayList<>();
        for (String topic : doubtful) {
            Value value = values.byTopic().get(topic);
            if (value != null) {
                value.certain = false;
                value.sending = null;
                if (isInFile(value)) {
                    inFile.add(value);
                }
            }
        }
        if (inFile.isEmpty()) {
            then.run();
        } else {
            doubt(inFile, then);
        }
    }

    /** Those that are in the image before the one that is made now are not in that one as certain: nothing but its end is to be awaited. */
    private void doubt(List<Value> inFile, Runnable then) {
        List<Integer> places = inFile.stream()
                .filter(value -> file.orElseThrow().isLast(value.image))
                .map(value -> value.place)
                .toList();
        inFile.forEach(value -> value.image = Value.NOWHERE);
        inFile(it -> it.doubt(places), then);
    }

    // ---------------------------------------------------------------- the file

    /** Tells who runs tasks later: once, before anything changes. */
    public synchronized void scheduler(Scheduler its) {
        scheduler = its;
    }

    /** What is remembered is more than what is written, or less. */
    void changedMore() {
        differs = true;
        changed();
    }

    /** What is remembered is not what is written. */
    void changed() {
        if (scheduler != null && !scheduled && !closed && file.isPresent()) {
            scheduled = true;
            scheduler.schedule(SOON.plusMillis(topics), this::due); // the larger the file, the less often
        }
    }

    private synchronized void due() {
        scheduled = false;
        if (!closed) {
            file.ifPresent(it -> it.write(this::isDue, number -> image(number, false)));
        }
    }

    /**
     * Whether enough has changed to be written; when there is more that has not settled yet, it will be asked again. Goes through all without the lock,
     * for which an event loop may wait: whatever changes meanwhile has it asked again as well.
     */
    private boolean isDue() {
        boolean settled = false;
        boolean unsettled = false;
        for (Values values : owners.keySet()) {
            for (Value value : values.byTopic().values()) {
                boolean toCome = value.certain && !isInFile(value);
                boolean isSettled = toCome && isSettled(value);
                settled |= isSettled;
                unsettled |= toCome && !isSettled;
            }
        }
        synchronized (this) {
            if (unsettled) {
                changed();
            }
            return differs || settled;
        }
    }

    private boolean isSettled(Value value) {
        return nanoTime() - value.changedAtNanos >= SETTLED.toNanos();
    }

    private void keep() {
        file.ifPresent(it -> it.write(() -> true, number -> image(number, false)));
    }

    private void inFile(FileTasks.Task task, Runnable then) {
        if (file.isPresent()) {
            file.get().change(task, then);
        } else {
            then.run();
        }
    }

    /** Whether the file is certain of it, or will be in a moment: before anything else is sent to its topic it has to doubt that. */
    boolean isInFile(Value value) {
        return file.isPresent() && file.get().has(value.image);
    }

    /** Nothing is in a file. */
    private void notKept() {
        changedMore();
    }

    /**
     * All that is so, as of this number, while it may change: what is doubted after its turn is doubted in the file as well, behind the writing.
     *
     * @param last whether nothing is to change any more
     */
    private ValuesFile.Written image(int number, boolean last) {
        boolean wasAsking;
        synchronized (this) {
            differs = false;
            wasAsking = asking;
        }
        ValuesFile.Image image = new ValuesFile.Image();
        owners.forEach((values, owner) -> {
            image.section(owner, values.brokerId());
            for (Iterator<Map.Entry<String, Value>> all =
                            values.byTopic().entrySet().iterator();
                    all.hasNext(); ) {
                some(all, image.nextPlace(), number, last).forEach(image::add);
            }
        });
        boolean isAsking;
        synchronized (this) {
            isAsking = asking;
        }
        // Also where the answer has come meanwhile: it may be that all is doubtful, and what had its turn before is
        // not.
        return image.finish(wasAsking || isAsking);
    }

    /** The next few, so that whoever waits for the lock does not wait for all. */
    private synchronized List<ValuesFile.Entry> some(
            Iterator<Map.Entry<String, Value>> all, int firstPlace, int number, boolean last) {
        List<ValuesFile.Entry> some = new ArrayList<>();
        while (some.size() < TURN && all.hasNext()) {
            Map.Entry<String, Value> each = all.next();
            Value value = each.getValue();
            int place = Value.NOWHERE;
            if (value.certain && (last || isInFile(value) || isSettled(value))) {
                place = firstPlace + some.size();
                value.image = number;
                value.place = place;
            }
            some.add(new ValuesFile.Entry(each.getKey(), value.digest, place));
        }
        return some;
    }

    private void load(BridgeDefinition definition) {
        Map<List<String>, Values> expected = new HashMap<>();
        for (RemoteIdentity identity : definition.remoteIdentities()) {
            Map<Route, Values> routes = new IdentityHashMap<>();
            byServer.add(routes);
            for (Route route : definition.routes()) {
                if (route.retain() == Retain.DIFF) {
                    Values values = new Values(this);
                    List<String> owner =
                            List.of(identity.server().toString(), identity.clientId(), route.key(), route.rule());
                    routes.put(route, values);
                    owners.put(values, owner);
                    expected.put(owner, values);
                }
            }
        }
        ValuesFile.Content content = file.map(FileTasks::read).orElse(ValuesFile.Content.NOTHING);
        boolean useless = content.isDoubtful();
        for (ValuesFile.Section section : content.sections()) {
            Values values = expected.get(section.owner());
            useless |= values == null;
            if (values != null) {
                values.brokerId(section.brokerId());
                for (ValuesFile.Entry entry : section.entries()) {
                    useless |= !load(values, entry);
                }
            }
        }
        if (useless) { // else it might be believed again when it is not true any more
            file.ifPresent(it -> it.writeNow(number -> image(number, false)));
        }
        differs = false;
    }

    private synchronized boolean load(Values values, ValuesFile.Entry entry) {
        if (values.byTopic().containsKey(entry.topic())) { // it went and came again while the file was made
            values.byTopic().get(entry.topic()).certain = false;
            return false;
        }
        Value value = add(values, entry.topic());
        if (value != null) {
            value.digest = entry.digest();
            value.certain = entry.place() != Value.NOWHERE;
            value.image = value.certain ? FileTasks.FIRST : Value.NOWHERE;
            value.place = entry.place();
            value.changedAtNanos = nanoTime() - SETTLED.toNanos();
        }
        return value != null;
    }

    /** Writes down what is the case. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        file.ifPresent(it -> it.close(number -> image(number, true)));
    }
}
