/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @TempDir
    Path folder;

    @Test
    void runsInTheWorkingDirectory() throws StartException {
        CommandLine command = parse(false);

        assertThat(command.settings().etc()).isEqualTo(Path.of("etc").toAbsolutePath());
        assertThat(command.settings().data()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(command.settings().console()).isFalse();
        assertThat(command.logLevel()).isEmpty();
    }

    @Test
    void takesFolders() throws StartException {
        CommandLine command = parse(false, "--data", "elsewhere", folder.toString());

        assertThat(command.settings().etc()).isEqualTo(folder);
        assertThat(command.settings().data()).isEqualTo(Path.of("elsewhere").toAbsolutePath());
    }

    @Test
    void hasAConsoleOnATerminalUnlessToldOtherwise() throws StartException {
        assertThat(parse(true).settings().console()).isTrue();
        assertThat(parse(true, "--no-console").settings().console()).isFalse();
        assertThat(parse(false, "--console").settings().console()).isTrue();
    }

    @Test
    void takesLogLevels() throws StartException {
        assertThat(parse(false, "--log", "DEBUG").logLevel()).contains("debug");
        assertThatThrownBy(() -> parse(false, "--log", "loud"))
                .hasMessage("--log is one of error, warn, info, debug, trace, not loud");
        assertThatThrownBy(() -> parse(false, "--log")).hasMessage("--log needs a value; --help says which");
    }

    @Test
    void answersQuestions() throws StartException {
        assertThat(parse(false, "--help").help()).isTrue();
        assertThat(parse(false, "--version").version()).isTrue();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse(false, "--port")).hasMessage("there is no option --port; --help lists them");
        assertThatThrownBy(() -> parse(false, folder.toString(), "b"))
                .hasMessage("there is one etc folder, not " + folder + " and b");
    }

    @Test
    void takesAMissingFolderThatWasNamedForASlip() {
        Path slip = folder.resolve("ect");

        assertThatThrownBy(() -> parse(false, slip.toString()))
                .isInstanceOf(StartException.class)
                .hasMessage("there is no configuration folder " + slip);
    }

    private static CommandLine parse(boolean terminal, String... arguments) throws StartException {
        return CommandLine.parse(List.of(arguments), terminal);
    }
}
