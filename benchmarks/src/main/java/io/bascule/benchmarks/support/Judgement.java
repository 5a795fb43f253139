/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.util.ArrayList;
import java.util.List;

/** What was asked of a scene and was not so. */
public final class Judgement {
    private final List<String> failures = new ArrayList<>();
    private int asked;

    /** @param demand in words, of which there is one more when it is not met */
    public void demand(boolean met, String demand) {
        asked++;
        if (!met) {
            failures.add(demand);
        }
    }

    /** Prints the verdict in one line, and says whether it is a good one. */
    public boolean print() {
        if (failures.isEmpty()) {
            System.out.println("\n**PASS**: all " + asked + " demands are met");
        } else {
            System.out.println("\n**FAIL**: " + String.join("; ", failures));
        }
        return failures.isEmpty();
    }
}
