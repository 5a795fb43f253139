/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import io.bascule.spi.ConnectingClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Says what clients can cause as often as they like: one line every 10 s at most, all else at debug. Safe for use by several threads. */
public final class SparingLog {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private final String provider;
    private final LongSupplier nanoTime;
    private long last;
    private long unsaid;

    /** @param provider of whom each line is, such as {@code jwt plant} */
    public SparingLog(Logger log, String provider) {
        this(log, provider, System::nanoTime);
    }

    SparingLog(Logger log, String provider, LongSupplier nanoTime) {
        this.log = log;
        this.provider = provider;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong() - PAUSE_NANOS;
    }

    /** Why a client is refused; half a sentence. */
    public void refused(ConnectingClient client, String why) {
        say("client " + address(client.address()) + " on listener " + client.listener() + " is refused: " + why);
    }

    private static String address(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? internet.getHostString() + ":" + internet.getPort()
                : String.valueOf(address);
    }

    /** One line, with the number of those that were not said before it. */
    public void say(String sentence) {
        long before = due();
        if (before < 0) {
            log.debug("{}: {}", provider, sentence);
        } else if (before == 0) {
            log.warn("{}: {}", provider, sentence);
        } else {
            log.warn("{}: {}; and {} more like it before", provider, sentence, before);
        }
    }

    /** How many were left out; -1 where this one is as well. */
    private synchronized long due() {
        long now = nanoTime.getAsLong();
        if (now - last < PAUSE_NANOS) {
            unsaid++;
            return -1;
        }
        last = now;
        long before = unsaid;
        unsaid = 0;
        return before;
    }
}
