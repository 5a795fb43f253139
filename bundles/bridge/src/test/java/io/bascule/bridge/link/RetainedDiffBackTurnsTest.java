/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What comes while a subscribe route with {@code retain=diff} deletes. */
class RetainedDiffBackTurnsTest extends RetainedDiffBackFixture {
    private static final int KEPT = 1_300;
    private static final int GONE = 1_200;

    /** How much was deleted when others had their turn for the first time. */
    private int deletedFirst;

    private static String[] values(int many) {
        return IntStream.range(0, many).mapToObj(i -> i + "=1").toArray(String[]::new);
    }

    /** The remote broker has less than before; this happens between the first turn of deletions and the next. */
    private void deletes(Runnable between) {
        sendAllAtEachConnection();
        connectTo(false, values(KEPT + GONE));
        List<String> first = new ArrayList<>();
        for (int i = KEPT; i < KEPT + GONE; i++) {
            broker.whenTold("publish near/" + i + " q1 retain #0", () -> {
                if (first.isEmpty()) {
                    first.add("begun");
                    remote.loop.execute(() -> {
                        deletedFirst = published().size();
                        between.run();
                    });
                }
            });
        }
        reconnectTo(true, values(KEPT));
        beQuiet();
        answerDeletions(ReasonCode.SUCCESS);
    }

    private List<String> leftToDelete() {
        return IntStream.range(KEPT, KEPT + GONE)
                .mapToObj(String::valueOf)
                .filter(topic -> !published().contains("near/" + topic + "="))
                .toList();
    }

    private void comes(String topic, String text) {
        remote.handler.publish(retained("down/" + topic, text), 60_000 + text.length(), false, new int[0]);
    }

    @Test
    void deletesInTurns() {
        deletes(() -> {});

        assertThat(deletedFirst).isBetween(1, 500);
        assertThat(published()).hasSize(GONE).allMatch(each -> each.endsWith("="));
        assertThat(remembered()).hasSize(KEPT);
    }

    @Test
    void looksForWhatIsGoneInTurns() {
        sendAllAtEachConnection();
        connectTo(false, values(KEPT));
        reconnectTo(true, values(KEPT));
        int before = remote.loop.timersRun();
        beQuiet();
        int few = remote.loop.timersRun() - before;

        connectAgainWith(KEPT + GONE);
        before = remote.loop.timersRun();
        beQuiet();

        assertThat(remote.loop.timersRun() - before).isGreaterThan(few + 1);
    }

    private void connectAgainWith(int many) {
        reconnectTo(true, values(many));
        beQuiet();
        reconnectTo(true, values(many));
    }

    @Test
    void deletesNothingThatHasComeMeanwhile() {
        List<String> came = new ArrayList<>();
        deletes(() -> {
            came.addAll(leftToDelete().subList(0, 2));
            comes(came.get(0), "1");
            comes(came.get(1), "22");
            broker.retain(retained("near/" + came.get(1), "22"));
        });

        assertThat(published())
                .hasSize(GONE - 2 + 1)
                .contains("near/" + came.get(1) + "=22")
                .doesNotContain("near/" + came.get(0) + "=", "near/" + came.get(1) + "=");
        assertThat(remembered()).hasSize(KEPT + 2).contains("down/" + came.get(0), "down/" + came.get(1));
    }

    /** What is not taken may be at a topic that would be deleted. */
    @Test
    void stopsWhenItIsPausedMeanwhile() {
        List<String> held = new ArrayList<>();
        deletes(() -> {
            link.control().pause(Direction.SUBSCRIBE);
            remote.loop.execute(() -> {
                held.add(leftToDelete().get(0));
                comes(held.get(0), "1");
            });
        });

        assertThat(published()).hasSize(500).doesNotContain("near/" + held.get(0) + "=");
        assertThat(remembered()).hasSize(KEPT + GONE - 500);
    }

    /** The answer to a deletion says nothing of what has come behind it. */
    @Test
    void remembersWhatComesBehindADeletion() {
        connectTo(false, "a=1");
        remote.publish(retained("down/a", ""), 98, false);
        remote.publish(retained("down/a", "2"), 99, false);
        settle(ReasonCode.SUCCESS);

        assertThat(remembered()).containsExactly("down/a");
    }
}
