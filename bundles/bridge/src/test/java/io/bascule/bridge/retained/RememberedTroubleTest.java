/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.Logged;
import io.bascule.bridge.config.BridgeDefinition;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered where its file cannot be written, for whatever reason. */
class RememberedTroubleTest extends RememberedFixture {
    private BridgeDefinition definition;
    private Remembered remembered;
    private Values values;

    @BeforeEach
    void begin() {
        definition = definition();
    }

    /** The file is certain of these topics. */
    private void write(String... topics) {
        remembered = open(definition);
        values = values(remembered, definition);
        for (String topic : topics) {
            bring(values, topic, A);
        }
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        assertThat(topics).allMatch(topic -> reopened().has(topic, A));
    }

    /** Those of a file system that is closed are not IOExceptions. */
    @Test
    void letsGoOnWhatWaitsWhateverHasHappenedToTheFile() throws IOException {
        List<String> sent = new ArrayList<>();
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("zip"), Map.of("create", "true"))) {
            file = zip.getPath("/retained/b");
            write("up/x", "up/y");
        }

        try (Logged logged = new Logged()) {
            remembered.doubt(values, List.of("up/x"), () -> sent.add("x"));
            remembered.doubt(values, List.of("up/y"), () -> sent.add("y"));
            assertThat(sent).isEmpty();
            runFiles();
            assertThat(sent).containsExactly("x", "y");
            bring(values, "up/y", B);
            passTime(Remembered.SOON);
            passTime(Remembered.SETTLED);
            remembered.close();

            assertThat(logged.lines("cannot be kept")).hasSize(1);
        }
        assertThat(values.has("up/y", B)).isTrue();
        assertThat(values.isOtherInFile("up/y", A)).isFalse();
    }

    /** Else those topics would count as not certain in the file, where it still says that they are. */
    @Test
    void believesNoFileWhoseNextImageCouldNotBeMade() {
        bridge.put("subscribe.down", "down/# retain=diff");
        definition = definition();
        write("up/x", "up/y");
        List<String> sent = new ArrayList<>();
        bring(values, "up/z", A);
        remembered.at(0, definition.routes().get(1)).brought("down/a", A);
        remembered.doubtAll(0, Direction.SUBSCRIBE); // is written at once
        remembered.doubt(values, List.of("up/x"), () -> sent.add("x"));
        looking = () -> {
            throw new NoClassDefFoundError("of a bundle that has gone");
        };

        runFiles();

        assertThat(sent).containsExactly("x");
        assertThat(file).doesNotExist();
        looking = () -> {};
        assertThat(values.isOtherInFile("up/y", B)).isFalse();
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        assertThat(reopened().has("up/y", A)).as("it is tried again").isTrue();
    }

    @Test
    void doesNotWaitForWhoRunsNoTasksAnyMore() {
        write("up/x", "up/y");
        List<String> sent = new ArrayList<>();
        refusesFiles = true;

        remembered.doubt(values, List.of("up/x"), () -> sent.add("x"));

        assertThat(sent).containsExactly("x");
        assertThat(file).doesNotExist();
        bring(values, "up/x", B);
        remembered.close();
        assertThat(reopened().has("up/x", B)).as("written at the end").isTrue();
        assertThat(reopened().has("up/y", A)).isTrue();
        values.forget("up/y");
        assertThat(file).as("nothing is changed behind that").exists();
    }

    /** It was made before, and is true of nothing that has been sent since. */
    @Test
    void leavesNoImageThatIsOvertakenByTheEnd() throws InterruptedException {
        write("up/x");
        for (int i = 0; i < 20_000; i++) { // so that it takes a while to write
            bring(values, "up/" + i, A);
        }
        now = now.plus(Remembered.SETTLED);
        List.copyOf(later).forEach(Runnable::run);
        Thread writer = new Thread(this::runFiles);
        writer.start();
        for (int i = 0; i < 20_000; i++) {
            while (writer.isAlive() && !values.isOtherInFile("up/" + i, B)) {
                Thread.onSpinWait(); // until it is made
            }
        }
        refusesFiles = true;
        remembered.doubt(values, List.of("up/x"), () -> {});
        writer.join();

        assertThat(reopened().has("up/x", A)).isFalse();
    }
}
