/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProviderTest {
    private static final FileFormat<String> WORD = new FileFormat<>() {
        @Override
        public String kind() {
            return "word-file";
        }

        @Override
        public boolean secret() {
            return true;
        }

        @Override
        public String parse(String text) throws BadFileException {
            if (text.contains(" ")) {
                throw BadFileException.at(1, "it has a blank");
            }
            return text;
        }

        @Override
        public String describe(String content) {
            return content.length() + " characters";
        }
    };

    @TempDir
    Path folder;

    private Path file;
    private FileProvider<String> provider;

    @BeforeEach
    void configure() {
        file = folder.resolve("words");
        Map<String, Object> properties = Map.of("service.pid", "io.bascule.words~plant", "file", "words");
        provider = new FileProvider<>(ProviderConfig.read(properties, folder), WORD);
    }

    /** Written some time ago, at another time than whatever was there before. */
    private void write(String text) throws IOException {
        Instant before = Files.exists(file)
                ? Files.getLastModifiedTime(file).toInstant()
                : Instant.now().minus(Duration.ofHours(1));
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(before.plusSeconds(1)));
    }

    @Test
    void servesAsSoonAsThereIsAWholeFile() throws IOException {
        provider.look();
        assertThat(provider.serving()).isFalse();
        assertThat(provider.failure()).hasValue("there is no file " + file);

        write("not whole");
        provider.look();
        assertThat(provider.serving()).isFalse();
        assertThat(provider.failure()).hasValue(file + ", line 1: it has a blank");

        write("whole");
        provider.look();
        assertThat(provider.serving()).isTrue();
        assertThat(provider.failure()).isEmpty();
        assertThat(provider.content()).hasValue("whole");
        assertThat(provider.name()).isEqualTo("plant");
    }

    @Test
    @Cve("CVE-2017-7652")
    void keepsWhatItHasWhenTheFileBreaksOrGoes() throws IOException {
        write("one");
        provider.look();

        write("two three");
        provider.look();
        assertThat(provider.content()).hasValue("one");
        assertThat(provider.serving()).isTrue();
        assertThat(provider.failure()).hasValue(file + ", line 1: it has a blank");

        Files.delete(file);
        provider.look();
        assertThat(provider.content()).hasValue("one");
        assertThat(provider.failure()).hasValue("there is no file " + file);

        write("four");
        provider.look();
        assertThat(provider.content()).hasValue("four");
        assertThat(provider.failure()).isEmpty();
    }

    @Test
    void isWellAgainWhenTheSameFileComesBack() throws IOException {
        write("one");
        provider.look();
        Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
        provider.look();
        assertThat(provider.failure()).isPresent();

        Files.move(elsewhere, file);
        provider.look();
        assertThat(provider.failure()).isEmpty();
    }

    @Test
    void waitsForSomebodyWhoIsWriting() throws IOException {
        Instant ahead = Instant.now().plus(Duration.ofHours(1)); // fresh however slow this test is
        Files.writeString(file, "hal");
        Files.setLastModifiedTime(file, FileTime.from(ahead));
        provider.look();
        assertThat(provider.content()).isEmpty();

        Files.writeString(file, "half");
        Files.setLastModifiedTime(file, FileTime.from(ahead.plusMillis(1)));
        provider.look();
        assertThat(provider.content()).isEmpty();

        provider.look();
        assertThat(provider.content()).hasValue("half");
    }

    @Test
    void doesNotReadAFolder() throws IOException {
        Files.createDirectory(file);
        provider.look();
        assertThat(provider.failure()).hasValue(file + " cannot be read: it is not a file");
    }

    @Test
    void doesNotReadWhatIsNoText() throws IOException {
        Files.write(file, new byte[] {'a', (byte) 0xff});
        provider.take();
        assertThat(provider.failure()).hasValue(file + ", it is not UTF-8");
    }

    @Test
    void servesNobodyOnAConfigurationThatIsNotValid() {
        Map<String, Object> properties = Map.of("service.pid", "io.bascule.words~plant", "ranking", "high");
        FileProvider<String> misconfigured = new FileProvider<>(ProviderConfig.read(properties, folder), WORD);

        assertThat(misconfigured.failure().orElseThrow())
                .contains("file: is missing")
                .contains("ranking: ");
        assertThat(misconfigured.serving()).isFalse();
    }
}
