/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.StoreVerification;
import io.bascule.api.StoreVerification.Damage;
import io.bascule.store.codec.RecordType;
import io.bascule.store.log.Replay;
import io.bascule.store.log.Scan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** What the records of a folder say, read without opening it, each of them to its last byte. */
final class Contents {
    private final LogTime time = new LogTime(StoreClock.SYSTEM);
    private final State state = new State(time, 0);
    private final Replayer replayer = new Replayer(state);
    private Scan.Result found;

    /** What reads the folder. */
    interface Source {
        Scan.Result scan(Replay into) throws IOException;
    }

    private Contents() {}

    static Contents read(Source source) throws IOException {
        Contents contents = new Contents();
        contents.found = source.scan(contents::record);
        contents.replayer.finish();
        return contents;
    }

    private void record(long sequence, byte type, ByteBuffer payload) {
        if (type == RecordType.MESSAGE.code()) {
            try {
                Messages.decode(payload.duplicate(), time); // of most messages the replayer reads no more than the head
            } catch (RuntimeException e) {
                throw new UncheckedIOException(Replayer.unreadable(sequence, e));
            }
        }
        replayer.record(sequence, type, payload);
    }

    State state() {
        return state;
    }

    Replayer replayer() {
        return replayer;
    }

    /** How many places could not be read. */
    long damaged() {
        return found.damaged();
    }

    StoreVerification verification(String folder) {
        return new StoreVerification(
                folder,
                found.segments(),
                found.bytes(),
                found.records(),
                found.unfinishedBytes(),
                state.sessions().size(),
                state.retained().size(),
                state.queued(),
                found.damaged(),
                found.damages().stream()
                        .map(each -> new Damage(each.file(), each.offset(), each.reason()))
                        .toList());
    }
}
