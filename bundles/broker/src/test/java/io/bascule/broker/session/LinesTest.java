/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LocalOptions.Priority;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines beside a list of all that is in them. */
class LinesTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Lines lines = new Lines();
    private final List<Outgoing> present = new ArrayList<>();
    private final Map<Outgoing, Priority> classes = new IdentityHashMap<>();

    @Test
    void isInOrderWhateverComesAndGoes() {
        for (int i = 0; i < 4_000; i++) {
            int most = i % 400 < 200 ? 3 : 1; // it fills up and empties, again and again
            if (random.nextInt(4) < most) {
                add(i);
            } else if (!present.isEmpty()) {
                lines.remove(present.remove(random.nextInt(present.size())));
            }
            if (random.nextInt(100) == 0) {
                classes.replaceAll((each, before) -> priority());
                lines.sort(classes::get);
            }
            check();
        }
    }

    private void add(int place) {
        Outgoing one = new Outgoing(Message.of("t", "x"), null, QoS.AT_MOST_ONCE, false, new int[0], false);
        one.waitsAt(place);
        classes.put(one, priority());
        present.add(one);
        lines.add(one, classes.get(one));
    }

    private Priority priority() {
        return Priority.values()[random.nextInt(3)];
    }

    private void check() {
        List<Outgoing> inTurn = inTurn(Priority.values());
        assertThat(lines.size()).as("seed %d", seed).isEqualTo(inTurn.size());
        assertThat(lines.first()).isSameAs(inTurn.isEmpty() ? null : inTurn.get(0));
        assertThat(lines.oldest()).isSameAs(present.isEmpty() ? null : present.get(0));
        assertThat(lines.firstUpTo(Priority.HIGH)).isSameAs(firstOfLowest());
        assertThat(lines.lastBelow(Priority.HIGH)).isSameAs(lastOfLowest());
        if (random.nextInt(50) == 0) {
            assertThat(lines).containsExactlyElementsOf(inTurn);
        }
    }

    private List<Outgoing> inTurn(Priority... of) {
        return present.stream()
                .filter(each -> Stream.of(of).anyMatch(one -> one == classes.get(each)))
                .sorted(Comparator.comparing((Outgoing each) -> classes.get(each))
                        .reversed()
                        .thenComparing(Outgoing::place))
                .toList();
    }

    private Outgoing firstOfLowest() {
        for (Priority each : Priority.values()) {
            if (!inTurn(each).isEmpty()) {
                return inTurn(each).get(0);
            }
        }
        return null;
    }

    private Outgoing lastOfLowest() {
        for (Priority each : List.of(Priority.LOW, Priority.NORMAL)) {
            List<Outgoing> its = inTurn(each);
            if (!its.isEmpty()) {
                return its.get(its.size() - 1);
            }
        }
        return null;
    }
}
