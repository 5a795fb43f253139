/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.statements.Cve;
import io.bascule.security.file.FileProvider;
import io.bascule.security.file.ProviderConfig;
import io.bascule.security.users.FileUsers;
import io.bascule.security.users.Hashing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordUsersTest {
    private static final String HASH =
            "$7$101$wkIGHpnunBFILcT0$4QloNv7e9QkdMKevq5UOs/ndN0GUojXi2pDv8Q8pMuIfilYa/sPInxUYi8I4XlKR/CxGoByPXrCN1NsIu6dFPg==";
    private static final byte[] PASSWORD = "canary-7f3a".getBytes(UTF_8);

    @TempDir
    Path folder;

    private Path file;
    private FileProvider<PasswordFile> provider;
    private FileUsers<PasswordFile> users;

    @BeforeEach
    void configure() {
        file = folder.resolve("users");
        Map<String, Object> properties = Map.of("service.pid", "io.bascule.passwords~plant", "file", "users");
        provider = new FileProvider<>(ProviderConfig.read(properties, folder), PasswordFile.FORMAT);
        users = new FileUsers<>(provider, new PasswordHashing(), Runnable::run);
    }

    private static void done(CompletionStage<Void> stage) {
        stage.toCompletableFuture().join();
    }

    private boolean matches(String userName, byte[] password) {
        return provider.content()
                .flatMap(content -> content.hashOf(userName))
                .orElseThrow()
                .matches(password);
    }

    @Test
    @Cve("CVE-2017-9868")
    void makesAFileForItsOwnerAlone() throws IOException {
        done(users.add("alice", PASSWORD));

        assertThat(users.userNames()).containsExactly("alice");
        assertThat(matches("alice", PASSWORD)).isTrue();
        assertThat(matches("alice", new byte[] {1})).isFalse();
        assertThat(Files.readString(file)).startsWith("alice:$argon2id$").doesNotContain("canary");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void leavesTheOtherLinesAsTheyAre() throws IOException {
        Files.writeString(file, "# plant 7\n\nbob:" + HASH + "\n#old:" + HASH + "\ncarol:" + HASH);

        done(users.add("alice", PASSWORD));
        done(users.changePassword("bob", PASSWORD));
        done(users.remove("carol"));

        assertThat(users.userNames()).containsExactly("bob", "alice");
        assertThat(Files.readString(file))
                .matches("# plant 7\n\nbob:\\$argon2id\\S+\n#old:\\Q" + HASH + "\\E\nalice:\\$argon2id\\S+\n");
        assertThat(matches("bob", PASSWORD)).isTrue();
    }

    @Test
    void refusesWhatCannotBe() throws IOException {
        Files.writeString(file, "bob:" + HASH + "\n");

        refused(users.add("bob", PASSWORD), "there is a user bob already");
        refused(users.remove("eve"), "there is no user eve");
        refused(users.changePassword("eve", PASSWORD), "there is no user eve");
        refused(users.add("eve", new byte[0]), "a password has 1 to 65535 bytes");
        assertThat(Files.readString(file)).isEqualTo("bob:" + HASH + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "a:b", "#a", "a\nb", "a\u0000"})
    void refusesNamesThatAFileCannotHave(String name) {
        refused(users.add(name, PASSWORD), "a user name of a password file");
        assertThat(file).doesNotExist();
    }

    private static void refused(CompletionStage<Void> stage, String why) {
        assertThatThrownBy(() -> done(stage))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void logsNeitherPasswordsNorHashes() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            done(users.add("alice", PASSWORD));
            Files.writeString(file, "bob:" + HASH + "\ncarol:canary-7f3a\n");
            provider.take();
            Files.writeString(file, "bob:" + HASH.replace("$101$", "$canary-7f3a$"));
            provider.take();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(UTF_8))
                .contains("is in force: 1 user", "line 2: its hash begins neither", "line 1: the number of iterations")
                .doesNotContain("canary", "wkIGHpnunBFILcT0");
    }

    /** Line by line, without a pause. */
    @Test
    void touchesNoFileThatIsBeingWritten() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        StringBuilder written = new StringBuilder();
        Files.createFile(file);
        Thread writer = new Thread(() -> {
            for (int i = 0; !done.get(); i++) {
                String line = "# " + i + "\n";
                append(line);
                written.append(line);
            }
        });
        writer.start();
        try {
            isBeingWritten(users.add("alice", PASSWORD));
        } finally {
            done.set(true);
            writer.join();
        }
        assertThat(Files.readString(file)).isEqualTo(written.toString());
    }

    @Test
    void touchesNoFileThatOthersChangeMeanwhile() throws IOException {
        Files.writeString(file, "bob:" + HASH + "\n");
        provider.take();
        Hashing slow = new Hashing() {
            @Override
            public String userName(String written) {
                return written;
            }

            @Override
            public String hash(byte[] password) {
                append("carol:" + HASH + "\n");
                return HASH;
            }
        };

        isBeingWritten(new FileUsers<>(provider, slow, Runnable::run).add("alice", PASSWORD));

        assertThat(Files.readString(file)).isEqualTo("bob:" + HASH + "\ncarol:" + HASH + "\n");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    private void append(String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void isBeingWritten(CompletionStage<Void> stage) {
        assertThatThrownBy(() -> done(stage))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("the file is not changed, since somebody is writing it: try again in a moment");
    }

    @Test
    void touchesNoFileThatIsBroken() throws IOException {
        Files.writeString(file, "bob:" + HASH + "\ncarol\n");

        assertThatThrownBy(() -> done(users.add("alice", PASSWORD)))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("the file is not changed, since it is broken: line 2: it has no user before a colon");
        assertThat(Files.readString(file)).isEqualTo("bob:" + HASH + "\ncarol\n");
    }
}
