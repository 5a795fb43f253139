/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.log;

import io.bascule.spi.ConnectingClient;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Says what clients can cause as often as they like: one line every 10 s at most, all else at debug. A control character is shown as {@code ?}, so that
 * nobody makes two lines of one. Safe for use by several threads.
 */
public final class SparingLog {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private final Logger log;
    private final String whose;
    private final LongSupplier nanoTime;
    private long last;
    private long unsaid;

    /** @param whose each line is, such as {@code jwt plant} */
    public SparingLog(Logger log, String whose) {
        this(log, whose, System::nanoTime);
    }

    SparingLog(Logger log, String whose, LongSupplier nanoTime) {
        this.log = log;
        this.whose = whose;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong() - PAUSE_NANOS;
    }

    /** Why a client is refused; half a sentence. */
    public void refused(ConnectingClient client, String why) {
        warn("client " + Addresses.text(client.address()) + " on listener " + client.listener() + " is refused: "
                + why);
    }

    /** A warning, with the number of lines that were not said before it. */
    public void warn(String sentence) {
        say(log::warn, sentence);
    }

    /** The same for what is nobody's fault here. */
    public void info(String sentence) {
        say(log::info, sentence);
    }

    private void say(BiConsumer<String, Object[]> level, String sentence) {
        long before = due();
        if (before < 0) {
            debug(sentence);
        } else {
            level.accept("{}: {}{}", new Object[] {whose, printable(sentence), more(before)});
        }
    }

    private void debug(String sentence) {
        if (log.isDebugEnabled()) {
            log.debug("{}: {}", whose, printable(sentence));
        }
    }

    private static String printable(String sentence) {
        return CONTROL.matcher(sentence).replaceAll("?");
    }

    private static String more(long before) {
        return before == 0 ? "" : "; and " + before + " more like it before";
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
