/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Store;
import io.bascule.api.StoreStatus;
import java.util.Locale;
import java.util.Optional;

/** The store for those who run a broker: there whether or not a broker has opened it. */
final class OperatorStore implements Store {
    private static final String NOT_ASKED_FOR = "no broker has asked for it yet";

    private final StoreConfig config;
    private LogMessageStore open;
    private String whyNotOpen = NOT_ASKED_FOR;

    OperatorStore(StoreConfig config) {
        this.config = config;
    }

    /** A broker has it open. */
    synchronized void opened(LogMessageStore store) {
        open = store;
    }

    /** It could not be opened. */
    synchronized void refused(String reason) {
        whyNotOpen = reason;
    }

    /** The broker has let it go. */
    synchronized void closed(LogMessageStore store) {
        if (open == store) {
            open = null;
            whyNotOpen = "its broker has let it go";
        }
    }

    @Override
    public StoreStatus status() {
        Optional<LogMessageStore> store;
        String reason;
        synchronized (this) {
            store = Optional.ofNullable(open);
            reason = whyNotOpen;
        }
        return new StoreStatus(
                config.folder().toString(),
                config.settings().log().durability().name().toLowerCase(Locale.ROOT),
                store.isPresent() ? Optional.empty() : Optional.of(reason),
                store.map(LogMessageStore::figures));
    }
}
