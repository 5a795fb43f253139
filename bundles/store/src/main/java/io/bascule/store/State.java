/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.RecordType;
import io.bascule.store.log.SegmentedLog;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * What the log says, in memory. It is its own lock, under which a record is appended and what it says is done, so that the state is always
 * that of the log up to its end, and replaying the log leads to it. Nobody waits for the disk under it.
 *
 * <p>What needs its record is in {@link #live}. Records that only say that something is over need nothing: they speak of records before
 * them, and segments are deleted oldest first.
 */
final class State {
    private final LogTime time;
    private final long heapBytes;
    private final LiveList live = new LiveList();
    private final Tick tick;
    private final Timeline timeline = new Timeline();
    private final Map<String, KeptSession> sessions = new HashMap<>();
    private final Map<Topic, LogMessage> retained = new HashMap<>();
    private SegmentedLog log;
    private Runnable compaction;
    private long changesBetweenCompactions;
    private long lastSequence;
    private long loadedBytes;
    private long changedBytes;
    private long queued;

    /** For messages that take so much in memory. */
    State(LogTime time, long heapBytes) {
        this.time = time;
        this.heapBytes = heapBytes;
        this.tick = new Tick(time);
    }

    /** Replayed; from now on it appends, and has the compaction look whenever so many bytes have come or gone. */
    void start(SegmentedLog itsLog, Runnable itsCompaction, long bytesBetween) {
        log = itsLog;
        compaction = itsCompaction;
        changesBetweenCompactions = bytesBetween;
    }

    LogTime time() {
        return time;
    }

    LiveList live() {
        return live;
    }

    Tick tick() {
        return tick;
    }

    Timeline timeline() {
        return timeline;
    }

    /** Those in the log, by client id. */
    Map<String, KeptSession> sessions() {
        return sessions;
    }

    /** The sequence of the last record. */
    long lastSequence() {
        return lastSequence;
    }

    // ---------------------------------------------------------------- records

    /** Appends a record that nothing will need but what follows from it. */
    long append(RecordType type, Encoder payload) {
        if (tick.isDue()) {
            appendTick();
        }
        return write(type, payload.toBuffer());
    }

    /** Appends the record that this needs from now on, instead of the one it has. */
    long append(Live one, Encoder payload) {
        if (tick.isDue()) {
            appendTick();
        }
        long sequence = write(one, payload);
        if (one == tick) {
            timeline.add(sequence, time.now());
        }
        return sequence;
    }

    void appendTick() {
        append(tick, tick.copy(null));
    }

    private long write(Live one, Encoder payload) {
        ByteBuffer bytes = payload.toBuffer();
        long sequence = write(one.type(), bytes);
        live.put(one, sequence, SegmentedLog.recordBytes(bytes.remaining()));
        return sequence;
    }

    private long write(RecordType type, ByteBuffer payload) {
        lastSequence = log.append(type.code(), payload);
        changed(SegmentedLog.recordBytes(payload.remaining()));
        return lastSequence;
    }

    /** What is retained of this topic is so no more. */
    long appendUnretained(Topic topic) {
        long sequence = append(
                RecordType.UNRETAINED,
                RecordType.UNRETAINED.encoder(topic.utf8().length + 8).bytes(topic.utf8()));
        unretain(topic);
        return sequence;
    }

    void replayed(long sequence) {
        lastSequence = sequence;
    }

    /** This needs its record no more. */
    void remove(Live one) {
        changed(one.bytes());
        live.remove(one);
    }

    private void changed(long bytes) {
        changedBytes += bytes;
        if (compaction != null && changedBytes >= changesBetweenCompactions) {
            changedBytes = 0;
            compaction.run();
        }
    }

    // ---------------------------------------------------------------- messages

    /** It is the retained message of its topic. */
    void retain(Topic topic, LogMessage message) {
        message.retain(true);
        replaced(retained.put(topic, message));
    }

    boolean isRetained(Topic topic) {
        return retained.containsKey(topic);
    }

    void unretain(Topic topic) {
        replaced(retained.remove(topic));
    }

    private void replaced(LogMessage before) {
        if (before != null) {
            before.retain(false);
            mayBeOver(before);
        }
    }

    Map<Topic, LogMessage> retained() {
        return retained;
    }

    /** Forgets the message where nobody needs it any more. */
    void mayBeOver(LogMessage message) {
        if (!message.isNeeded() && message.isLive()) {
            remove(message);
            if (message.isCounted()) {
                message.count(false);
                loadedBytes -= message.sizeInBytes();
            }
        }
    }

    /** So many more messages that a session is not done with. */
    void countQueued(int more) {
        queued += more;
    }

    /** Messages that sessions are not done with, once for each session. */
    long queued() {
        return queued;
    }

    boolean hasRoomFor(LogMessage message) {
        return loadedBytes + message.sizeInBytes() <= heapBytes;
    }

    /** Has the message in memory until nobody needs it any more. */
    void load(LogMessage message, Message loaded) {
        message.load(loaded);
        if (message.isNeeded() && !message.isCounted()) {
            message.count(true);
            loadedBytes += message.sizeInBytes();
        }
    }
}
