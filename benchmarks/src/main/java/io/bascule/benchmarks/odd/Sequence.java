/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.wire.Version;

/**
 * One odd sequence in one version of the protocol.
 *
 * @param does what is sent, in one line
 */
public record Sequence(String name, String does, Version version, Law law, Play play) {

    /** Sends the packets and judges what came. */
    @FunctionalInterface
    public interface Play {
        /** Plays on a stage of its own; an exception means that the broker did not come to the odd part. */
        Verdict on(Stage stage) throws Exception;
    }
}
