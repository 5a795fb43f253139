/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.shell.command.Fakes.FakeBroker;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TopTest {
    private static final Pattern TIME = Pattern.compile("\"time\":\"[^\"]*\"");

    private final FakeBroker broker = new FakeBroker();
    private final Printed printed = new Printed();

    @Test
    void showsRatesOfTheBrokerAndItsBusiestSessions() {
        broker.sessions.addAll(List.of(
                Fakes.client("idle", true, 0, 9, 9),
                Fakes.client("reader", true, 0, 0, 100),
                Fakes.client("writer", true, 0, 10, 0)));

        run("1", true, new FakeTime(() -> {
            broker.info = Fakes.info(7 + 40, 8 + 120, 9 + 3);
            broker.sessions.clear();
            broker.sessions.addAll(List.of(
                    Fakes.client("idle", true, 0, 9, 9),
                    Fakes.client("new", true, 0, 5, 0),
                    Fakes.client("reader", true, 0, 0, 220),
                    Fakes.client("writer", true, 0, 50, 0)));
        }));

        String line = TIME.matcher(printed.text()).replaceAll("\"time\":0");
        assertThat(line)
                .startsWith("{\"time\":0,\"connected\":1,\"receivedPerSecond\":40,\"deliveredPerSecond\":120,")
                .contains("\"queue-full\":3")
                .contains("\"expired\":0")
                .endsWith("\"sessions\":[" + row("reader", 0, 120) + "," + row("writer", 40, 0) + "," + row("new", 5, 0)
                        + "]}\n");
    }

    @Test
    void dividesByTheTimeThatHasPassed() {
        FakeTime[] time = new FakeTime[1];
        time[0] = new FakeTime(() -> {
            if (time[0].nanos() == 1_000_000_000L) {
                time[0].sleep(1_000_000_000L); // the machine was busy
                broker.info = Fakes.info(7 + 40, 8, 9);
            }
        });

        run("1", true, time[0]);

        assertThat(printed.text()).contains("\"receivedPerSecond\":20,");
    }

    @Test
    void showsNoNegativeRateWhenTheBrokerBeganAnew() {
        run("1", true, new FakeTime(() -> broker.info = Fakes.info(3, 2, 0)));

        assertThat(printed.text()).contains("\"receivedPerSecond\":3,\"deliveredPerSecond\":2,");
    }

    @Test
    void showsThemOneBelowTheOtherWhereNothingCanBeOverwritten() {
        run("2", false, new FakeTime());

        assertThat(printed.text().replaceAll("(?m)^Time .*$", "Time")).isEqualTo("""
                        Time
                        Connected    1
                        Received/s   0
                        Delivered/s  0
                        Dropped/s    -

                        Busiest sessions
                        No message comes or goes.

                        Time
                        Connected    1
                        Received/s   0
                        Delivered/s  0
                        Dropped/s    -

                        Busiest sessions
                        No message comes or goes.
                        """);
    }

    @Test
    void showsTheTenBusiest() {
        run("1", true, new FakeTime(() -> {
            for (int i = 10; i < 30; i++) {
                broker.sessions.add(Fakes.client("c" + i, true, 0, i, 0));
            }
        }));

        assertThat(printed.text().split("clientId", -1)).hasSize(1 + 10);
        assertThat(printed.text()).contains("c29", "c20").doesNotContain("c19");
    }

    @Test
    void endsOnACtrlC() {
        int[] seconds = {0};

        run(null, true, new FakeTime(() -> {
            if (++seconds[0] > 3) {
                throw new InterruptedException("Ctrl-C");
            }
        }));

        assertThat(printed.text().lines()).hasSize(3);
    }

    @Test
    void endsWhenItIsNoLongerWanted() {
        run(null, new FakeTime(), printed.console(true, () -> false));

        assertThat(printed.text()).isEmpty();
    }

    @Test
    void endsWhenTheConsoleHasGone() {
        Console gone = printed.console(true, () -> true);
        gone.out().close();

        run(null, new FakeTime(), gone);

        assertThat(printed.text()).isEmpty();
    }

    @Test
    void endsWithTheBroker() {
        boolean[] stopped = {false};

        assertThatThrownBy(() -> Top.of(null, new FakeTime(() -> stopped[0] = true))
                        .run(
                                () -> stopped[0] ? Fakes.stopped() : Fakes.services(broker),
                                printed.console(true, () -> true)))
                .hasMessageStartingWith("The broker is not running;");
    }

    @Test
    void saysWhatIsWrongWithTheCount() {
        assertThatThrownBy(() -> Top.of("0")).hasMessage("--count is 1 to 1000000000, not 0.");
    }

    private void run(String count, boolean json, Time time) {
        BooleanSupplier wanted = () -> true;
        run(count, time, printed.console(json, wanted));
    }

    private void run(String count, Time time, Console console) {
        Top.of(count, time).run(() -> Fakes.services(broker), console);
    }

    private static String row(String clientId, int received, int delivered) {
        return "{\"clientId\":\"" + clientId + "\",\"receivedPerSecond\":" + received + ",\"deliveredPerSecond\":"
                + delivered + ",\"queued\":2,\"queuedBytes\":300}";
    }
}
