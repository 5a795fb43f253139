/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.config.ConfigReader;
import io.bascule.store.log.Durability;
import io.bascule.store.log.LogSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The store's configuration, read. A value that will not do is replaced by its default, which is the safe one, and named in {@code errors}.
 *
 * @param folder an absolute path
 */
record StoreConfig(Path folder, StoreSettings settings, List<String> errors) {
    private static final long MIB = 1024L * 1024;
    private static final String FOLDER = "store";

    /** @param base where a folder is that is not given as an absolute path */
    static StoreConfig read(Map<String, ?> properties, Path base) {
        ConfigReader reader = ConfigReader.of(properties);
        Path folder = reader.value("folder", base.resolve(FOLDER), "the path of a folder", base::resolve);
        LogSettings log = new LogSettings(
                reader.choice("durability", Durability.class, Durability.FSYNC),
                reader.size("segment.bytes", 32 * MIB, MIB, 1024 * MIB),
                reader.size("pending.bytes", 16 * MIB, MIB, 1024 * MIB));
        long heapBytes = reader.size("heap.bytes", StoreSettings.HEAP_BYTES, 0, Long.MAX_VALUE);
        long limitBytes = reader.size("limit.bytes", StoreSettings.LIMIT_BYTES, MIB, Long.MAX_VALUE);
        return new StoreConfig(
                folder.toAbsolutePath().normalize(), new StoreSettings(log, heapBytes, limitBytes), reader.errors());
    }

    /** What any OSGi console draws a form from. */
    @ObjectClassDefinition(
            name = "Bascule store",
            description = "Where and how sessions, queues, retained messages and wills are kept.")
    @interface Form {
        @AttributeDefinition(
                description = "The folder, for one broker at a time; one that is not absolute is in the data folder.")
        String folder() default FOLDER;

        @AttributeDefinition(
                description =
                        "When something is safe, and so acknowledged: fsync (it survives a power cut), flush (it survives the"
                                + " process) or memory (at once).")
        String durability() default "fsync";

        @AttributeDefinition(description = "How long a file of the store becomes, 1MiB to 1GiB.")
        String segment_bytes() default "32MiB";

        @AttributeDefinition(description = "From how much that is not safe yet publishers have to wait, 1MiB to 1GiB.")
        String pending_bytes() default "16MiB";

        @AttributeDefinition(
                description =
                        "Memory for messages that wait; what is beyond is read back when it is its turn. 0B or more.")
        String heap_bytes() default "64MiB";

        @AttributeDefinition(
                description =
                        "What is kept may take so much, 1MiB or more; messages beyond are dropped for sessions that outlive their"
                                + " connection. The files take up to three times that, and two segments.")
        String limit_bytes() default "1GiB";
    }
}
