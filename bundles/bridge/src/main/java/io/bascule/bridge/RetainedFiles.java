/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.file.WholeFile;
import io.bascule.bridge.retained.Remembered;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where what the bridges remember of retained messages outlives them: in a file each in the bundle's data area. Without such an area all that is retained
 * crosses once after each start.
 */
@Component(service = RetainedFiles.class, immediate = true)
public final class RetainedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RetainedFiles.class);
    private static final String FOLDER = "retained";

    private final Optional<Path> folder;

    /** Keeps them in this bundle's data area. */
    @Activate
    public RetainedFiles(BundleContext context) {
        this(Optional.ofNullable(context.getDataFile(FOLDER)).map(File::toPath));
    }

    RetainedFiles(Optional<Path> folder) {
        this.folder = folder;
    }

    /** What this bridge remembers; empty where no route of it does so. */
    Optional<Remembered> open(BridgeDefinition definition, Executor files) {
        return Remembered.open(definition, file(definition.name()), files, System::nanoTime);
    }

    /** The same on another thread, since an event loop is not to wait for a disk, unless a bridge has come by the time it is its turn. */
    void forget(String name, BooleanSupplier isGone, Executor files) {
        try {
            files.execute(() -> {
                if (isGone.getAsBoolean()) {
                    forget(name);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the transport is going; what it remembers stays", name);
        }
    }

    /** The sessions have ended, and nothing is known of the other side any more. */
    void forget(String name) {
        try {
            if (file(name).isPresent() && Files.exists(file(name).get())) {
                WholeFile.delete(file(name).get());
            }
        } catch (IOException e) {
            LOG.debug("bridge {}: {}", name, e.toString());
        }
    }

    /** A name can be longer than a file's, and have any character in it. */
    private Optional<Path> file(String name) {
        String plain =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        return folder.map(path -> path.resolve(plain));
    }
}
