/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.wire.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Sequences in the order in which they were added. */
public final class Book {
    private final List<Sequence> sequences = new ArrayList<>();

    /** Adds a sequence in each version that the law holds for. */
    public void add(String name, String does, Law law, Sequence.Play play) {
        for (Version version : law.versions()) {
            sequences.add(new Sequence(name, does, version, law, play));
        }
    }

    /** A client that is connected sends this, and has to be disconnected: in 5.0 silently, or with one of the codes. */
    public void closes(String name, String does, Law law, Function<Stage, byte[]> odd, int... codes) {
        add(name, does, law, stage -> stage.closes(odd.apply(stage), codes));
    }

    /** This is sent instead of a good CONNECT, and must not be accepted; the codes are those that a 5.0 server may give. */
    public void refuses(String name, String does, Law law, Function<Stage, byte[]> odd, int... codes) {
        add(name, does, law, stage -> stage.refuses(odd.apply(stage), codes));
    }

    /** All of them. */
    public List<Sequence> sequences() {
        return List.copyOf(sequences);
    }
}
