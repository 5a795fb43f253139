/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static io.bascule.security.scram.ScramSecretTest.PENCIL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.security.file.BadFileException;
import io.bascule.security.file.FileProvider;
import io.bascule.security.file.ProviderConfig;
import io.bascule.security.users.FileUsers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScramFileTest {
    private static final String KEY = "#decoys AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

    @TempDir
    Path folder;

    private Path file;
    private FileProvider<ScramFile> provider;
    private FileUsers<ScramFile> users;

    @BeforeEach
    void configure() {
        file = folder.resolve("users");
        Map<String, Object> properties = Map.of("service.pid", "io.bascule.scram~plant", "file", "users");
        provider = new FileProvider<>(ProviderConfig.read(properties, folder), ScramFile.FORMAT);
        users = new FileUsers<>(provider, new ScramHashing(4096), Runnable::run);
    }

    private static ScramFile parse(String text) throws BadFileException {
        return ScramFile.FORMAT.parse(text);
    }

    private static void done(CompletionStage<Void> stage) {
        stage.toCompletableFuture().join();
    }

    @Test
    void readsUsersAmongCommentsAndEmptyLines() throws BadFileException {
        ScramFile content = parse("# plant 7\r\n\r\n alice :" + PENCIL + " \r\n#bob:" + PENCIL + "\n\u2168:" + PENCIL);

        assertThat(content.userNames()).containsExactly("alice", "IX"); // as SASLprep has it (RFC 4013, section 3)
        assertThat(content.secretOf("alice")).isPresent();
        assertThat(content.secretOf("bob")).isEmpty();
        assertThat(content).hasToString("2 users");
    }

    @ParameterizedTest
    @CsvSource({
        "bob, line 2: it has no user before a colon",
        "bob:secret, line 2: its hash does not begin with SCRAM-SHA-256$",
        "alice:HASH, line 2: its user has a line already",
        "\u00adalice:HASH, line 2: its user has a line already",
        "a\u0007b:HASH, 'line 2: the user name has characters that SASLprep does not allow, or none'",
        "#decoys AAEC, line 2: its key of the decoys is not Base64 of 32 bytes",
        "#decoys ?, line 2: its key of the decoys is not Base64 of 32 bytes",
    })
    void saysWhichLineIsWrong(String line, String message) {
        assertThatThrownBy(() -> parse("alice:" + PENCIL + "\n" + line.replace("HASH", PENCIL)))
                .isInstanceOf(BadFileException.class)
                .hasMessage(message);
    }

    @Test
    void hasTheSameDecoyForTheSameNameAfterARestart() throws BadFileException {
        ScramSecret before = parse(KEY + "alice:" + PENCIL).decoyOf("eve");
        ScramSecret after = parse(KEY + "alice:" + PENCIL + "\nbob:" + PENCIL).decoyOf("eve");

        assertThat(after.saltText())
                .isEqualTo(before.saltText())
                .isNotEqualTo(parse(KEY).decoyOf("eva").saltText());
        assertThat(parse("alice:" + PENCIL).decoyOf("eve").saltText()).isNotEqualTo(before.saltText());
        assertThat(parse("").decoyOf("eve").saltText())
                .isEqualTo(parse("").decoyOf("eve").saltText())
                .hasSize(24);
    }

    @Test
    void hasDecoysThatCostWhatSecretsDo() throws BadFileException {
        String slow = PENCIL.replace("$4096", "$9999").replace("W22ZaJ0SNY7soEsUEjb6gQ==", "W22ZaJ0SNY4=");
        ScramFile content = parse(KEY + "a:" + PENCIL + "\nb:" + slow + "\nc:" + slow + "\nd:" + slow);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            ScramSecret decoy = content.decoyOf("user" + i);
            counts.merge(decoy.iterations() + "/" + decoy.saltBytes(), 1, Integer::sum);
        }
        assertThat(counts).containsOnlyKeys("4096/16", "9999/8");
        assertThat(counts.get("9999/8")).isBetween(650, 850);
    }

    @Test
    void isWrittenByTheConsole() throws Exception {
        Files.writeString(file, "# plant 7\nbob:" + PENCIL + "\n");

        done(users.add("\u2168", "canary-7f3a".getBytes(UTF_8)));
        done(users.changePassword("bob", "x\u00a0y".getBytes(UTF_8)));

        String text = Files.readString(file);
        assertThat(text)
                .matches("#decoys \\S{44}\n# plant 7\nbob:SCRAM-SHA-256\\$4096:\\S+\nIX:SCRAM-SHA-256\\$4096:\\S+\n")
                .doesNotContain(PENCIL)
                .doesNotContain("canary");
        assertThat(users.userNames()).containsExactly("bob", "IX");

        done(users.remove("\u2168"));
        assertThat(users.userNames()).containsExactly("bob");
        assertThat(Files.readString(file)).startsWith(text.substring(0, 52));
    }

    @Test
    void refusesWhatCannotBe() {
        refused(users.add("a\u0007", new byte[1]), "the user name has characters");
        refused(users.add("\uff1a", "x".getBytes(UTF_8)), "a user name of a password file"); // it becomes a colon
        refused(users.add("\uff03a", "x".getBytes(UTF_8)), "a user name of a password file");
        refused(users.add("\u00a0a", "x".getBytes(UTF_8)), "a user name of a password file");
        refused(users.add("eve", new byte[] {(byte) 0xff}), "a password of a SCRAM file is text in UTF-8");
        refused(users.add("eve", new byte[] {7}), "the password has characters");
        refused(users.add("eve", "\u00ad".getBytes(UTF_8)), "the password has characters");
        assertThat(file).doesNotExist();
    }

    private static void refused(CompletionStage<Void> stage, String why) {
        assertThatThrownBy(() -> done(stage))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why);
    }
}
