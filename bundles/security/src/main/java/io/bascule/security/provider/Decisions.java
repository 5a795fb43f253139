/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what an authenticator has decided. Safe for use by several threads. */
public final class Decisions {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Counts one, and returns it. */
    public AuthenticationResult count(AuthenticationResult result) {
        if (result instanceof Accepted) {
            accepted.increment();
        } else if (result instanceof Abstained) {
            unknown.increment();
        } else if (result instanceof Rejected refusal) {
            counterOf(refusal.reason()).increment();
        }
        return result;
    }

    private LongAdder counterOf(ReasonCode reason) {
        return switch (reason) {
            case SERVER_BUSY -> busy;
            case SERVER_UNAVAILABLE -> failed;
            default -> rejected;
        };
    }

    /** How often it has decided how; {@code busy} and {@code failed} only where there were any. */
    public Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("accepted", accepted.sum());
        figures.put("rejected", rejected.sum());
        figures.put("unknown", unknown.sum());
        if (busy.sum() > 0) {
            figures.put("busy", busy.sum());
        }
        if (failed.sum() > 0) {
            figures.put("failed", failed.sum());
        }
        return figures;
    }
}
