/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.security.Login;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class SparingLogTest {
    private final List<String> warnings = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // as a clock of nanoseconds may be
    private final SparingLog log = new SparingLog(
            (Logger) Proxy.newProxyInstance(
                    Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("warn")) {
                            Object[] values = arguments[1] instanceof Object[] several
                                    ? several
                                    : List.of(arguments)
                                            .subList(1, arguments.length)
                                            .toArray();
                            warnings.add(MessageFormatter.arrayFormat((String) arguments[0], values)
                                    .getMessage());
                        }
                        return null;
                    }),
            "jwt plant",
            nanos::get);

    @Test
    void saysOneLineInTenSecondsAndHowManyItLeftOut() {
        log.say("one");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        log.say("two");
        log.say("three");
        assertThat(warnings).containsExactly("jwt plant: one");

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        log.say("four");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        log.refused(Login.of("alice", "canary"), "so");
        assertThat(warnings)
                .containsExactly(
                        "jwt plant: one",
                        "jwt plant: four; and 2 more like it before",
                        "jwt plant: client 10.0.0.1:1234 on listener main is refused: so");
    }
}
