/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.spi.ConnectingClient;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class SparingLogTest {
    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // as a clock of nanoseconds may be
    private final SparingLog log = new SparingLog(
            (Logger) Proxy.newProxyInstance(
                    Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("isDebugEnabled")) {
                            return false;
                        }
                        lines.add(method.getName()
                                + " "
                                + MessageFormatter.arrayFormat((String) arguments[0], (Object[]) arguments[1])
                                        .getMessage());
                        return null;
                    }),
            "jwt plant",
            nanos::get);

    private static ConnectingClient client() {
        return (ConnectingClient) Proxy.newProxyInstance(
                ConnectingClient.class.getClassLoader(),
                new Class<?>[] {ConnectingClient.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "address" -> InetSocketAddress.createUnresolved("10.0.0.1", 1234);
                    case "listener" -> "main";
                    default -> throw new AssertionError(method.getName());
                });
    }

    @Test
    void saysOneLineInTenSecondsAndHowManyItLeftOut() {
        log.warn("one");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        log.warn("two");
        log.info("three");
        assertThat(lines).containsExactly("warn jwt plant: one");

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        log.info("four");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        log.refused(client(), "so");
        assertThat(lines)
                .containsExactly(
                        "warn jwt plant: one",
                        "info jwt plant: four; and 2 more like it before",
                        "warn jwt plant: client 10.0.0.1:1234 on listener main is refused: so");
    }

    @Test
    void makesOneLineOfWhatHasSeveral() {
        log.info("client x\r\nERROR\u0085\u001b[2J is refused");

        assertThat(lines).containsExactly("info jwt plant: client x??ERROR??[2J is refused");
    }
}
