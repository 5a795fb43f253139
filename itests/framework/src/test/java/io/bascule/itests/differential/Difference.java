/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import io.bascule.itests.differential.Connection.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What the clients of one broker have got and those of the other have not.
 *
 * @param steps     up to the one that shows it
 * @param overlapping whether topics may match several subscriptions of a client
 * @param bascule   what only the clients of Bascule have got
 * @param mosquitto what only the clients of Mosquitto have got
 */
record Difference(List<Step> steps, boolean overlapping, String bascule, String mosquitto) {

    /** Both sides are known to differ. */
    static Difference between(
            List<Step> steps, boolean overlapping, List<List<Event>> bascule, List<List<Event>> mosquitto) {
        return new Difference(List.copyOf(steps), overlapping, only(bascule, mosquitto), only(mosquitto, bascule));
    }

    /** Where nothing is missing and only the order differs, everything. */
    private static String only(List<List<Event>> these, List<List<Event>> those) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < these.size(); i++) {
            List<Event> rest = new ArrayList<>(these.get(i));
            those.get(i).forEach(rest::remove);
            if (rest.isEmpty()
                    && these.get(i).size() == those.get(i).size()
                    && !these.get(i).equals(those.get(i))) {
                found.add(i + " order: " + these.get(i));
            }
            for (Event event : rest) {
                found.add(i + " " + event);
            }
        }
        return String.join("; ", found);
    }

    Step last() {
        return steps.get(steps.size() - 1);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        steps.forEach(step -> text.append("  ").append(step).append('\n'));
        return text + "  only Bascule:   " + bascule + "\n  only Mosquitto: " + mosquitto + "\n";
    }
}
