/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import java.util.List;

/** What bridges hold and have given back, as {@code io.bascule:type=BridgeResidue}. */
public interface BridgeResidueMXBean {

    /** What the instances that have closed still hold, of every bridge and kind: 0, or something is wrong. */
    int getLive();

    /** By bridge, instance and kind; kinds of which an instance acquired nothing are left out. */
    List<Row> getResidue();

    /** One instance, or the sum of all that have closed, and one kind. */
    final class Row {
        private final String bridge;
        private final String instance;
        private final String kind;
        private final int acquired;
        private final int released;

        Row(String bridge, String instance, String kind, int acquired, int released) {
            this.bridge = bridge;
            this.instance = instance;
            this.kind = kind;
            this.acquired = acquired;
            this.released = released;
        }

        /** The bridge's name. */
        public String getBridge() {
            return bridge;
        }

        /** {@code open}, {@code closed} for the sum of those that have closed, or when it closed: ISO 8601 in UTC. */
        public String getInstance() {
            return instance;
        }

        /** What was acquired. */
        public String getKind() {
            return kind;
        }

        /** How many. */
        public int getAcquired() {
            return acquired;
        }

        /** How many of these are gone. */
        public int getReleased() {
            return released;
        }

        /** How many are held. */
        public int getLive() {
            return acquired - released;
        }
    }
}
