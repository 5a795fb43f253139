/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Store;
import io.bascule.api.StoreStatus;
import io.bascule.api.StoreVerification;
import io.bascule.store.log.DiskFolder;
import io.bascule.store.log.Scan;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** The store for those who run a broker: there whether or not a broker has opened it. */
final class OperatorStore implements Store, AutoCloseable {
    private static final String NOT_ASKED_FOR = "no broker has asked for it yet";

    private final StoreConfig config;
    private final Operations operations = new Operations();
    private final Offer offer;
    private LogMessageStore open;
    private String whyNotOpen = NOT_ASKED_FOR;

    /** The store as brokers find it. */
    interface Offer {
        /** Takes it from its broker, which has closed it when this returns. */
        void withdraw();

        /** Lets a broker have it again. */
        void again();
    }

    OperatorStore(StoreConfig config, Offer offer) {
        this.config = config;
        this.offer = offer;
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

    private synchronized boolean isOpen(LogMessageStore store) {
        return open == store;
    }

    private synchronized LogMessageStore open() {
        if (open == null) {
            throw new IllegalStateException("the store is not open: " + whyNotOpen);
        }
        return open;
    }

    /** Ends what it does. */
    @Override
    public void close() {
        operations.close();
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

    @Override
    public CompletableFuture<StoreVerification> verify() {
        return operations.start(
                "verification",
                wanted -> whileOpen(
                        wanted,
                        (store, both) -> store.read(
                                both,
                                contents ->
                                        contents.verification(config.folder().toString()))));
    }

    @Override
    public CompletableFuture<StoreVerification> verify(Path folder) {
        return operations.start("verification", wanted -> {
            DiskFolder found = DiskFolder.find(folder);
            Closeable lock = found.lockToRead();
            try {
                return Contents.read(replay -> Scan.of(found, replay, wanted))
                        .verification(folder.toAbsolutePath().normalize().toString());
            } finally {
                lock.close();
            }
        });
    }

    @Override
    public CompletableFuture<Exported> export(Writer to) {
        return operations.start("export", wanted -> whileOpen(wanted, (store, both) -> store.export(to, both)));
    }

    @Override
    public CompletableFuture<Imported> importFrom(Path file, boolean skipExisting) {
        return operations.start("import", wanted -> {
            check(file, skipExisting, wanted);
            offer.withdraw();
            try {
                refused("an import is under way");
                return Importer.run(
                        DiskFolder.open(config.folder()),
                        config.settings(),
                        StoreClock.SYSTEM,
                        file,
                        skipExisting,
                        wanted);
            } finally {
                refused(NOT_ASKED_FOR);
                if (!operations.isClosed()) {
                    offer.again();
                }
            }
        });
    }

    /** Before anybody is cut off. */
    private void check(Path file, boolean skipExisting, BooleanSupplier wanted) throws IOException {
        whileOpen(wanted, (store, both) -> {
            Importer.check(store, file, skipExisting, both);
            return null;
        });
    }

    /** What takes its time with the open store. */
    private interface Use<T> {
        T with(LogMessageStore store, BooleanSupplier wanted) throws IOException;
    }

    private <T> T whileOpen(BooleanSupplier wanted, Use<T> use) throws IOException {
        LogMessageStore store = open();
        try {
            return use.with(store, () -> wanted.getAsBoolean() && isOpen(store));
        } catch (IOException | CancellationException e) {
            if (!isOpen(store)) {
                throw new IOException("its broker has closed the store meanwhile", e);
            }
            throw e;
        }
    }
}
