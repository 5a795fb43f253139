/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A forward route with {@code retain=diff} whose file cannot be made to doubt what it says. */
class RetainedDiffTroubleTest extends RetainedDiffFixture {
    /** The file is certain of up/a=A, and the bridge is connected. */
    private void connectWithAFile() {
        retain("up/a", "A");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=A");
        startAgain(true);
        assertThat(crossed()).isEmpty();
    }

    private void assertNothingWaits() {
        publish("up/a", "B", 1);
        publish("up/x", "1", 2);

        assertThat(crossed()).containsExactly("far/a=B", "far/x=1");
        assertThat(broker.session.ready).isTrue();
        assertBooks("up", 2, 2, Map.of());
        stop();
        assertNothingLeft();
        remembered.orElseThrow().close();
    }

    /** A closed file system says so with what is no IOException. */
    @Test
    void goesOnWhateverHasHappenedToTheFile() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("zip"), Map.of("create", "true"))) {
            retainedFile = Optional.of(zip.getPath("/b"));
            connectWithAFile();
        }

        assertNothingWaits();
    }

    @Test
    void goesOnWhenNobodyComesToTheFileAnyMore() {
        retainedFile = Optional.of(folder.resolve("b"));
        connectWithAFile();
        remote.refusesFiles = true;

        assertNothingWaits();
    }
}
