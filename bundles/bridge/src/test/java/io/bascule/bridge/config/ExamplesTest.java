/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files that stand whole in the documentation. */
class ExamplesTest {
    private static final Path DOCUMENTATION = Path.of("../../docs/bridge.md");
    private static final Pattern FILE =
            Pattern.compile("    # etc/io[.]bascule[.]bridge-(\\S+)[.]cfg\n((?:    \\S.*\n|\n(?=    ))+)");

    @Test
    void areValid() throws IOException {
        Matcher files = FILE.matcher(Files.readString(DOCUMENTATION));
        int found = 0;
        while (files.find()) {
            found++;
            assertThat(BridgeReader.read(files.group(1), lines(files.group(2))).errors())
                    .as(files.group(1))
                    .isEmpty();
        }
        assertThat(found).isGreaterThan(5);
    }

    private static Map<String, String> lines(String text) {
        Map<String, String> lines = new HashMap<>();
        text.lines().filter(line -> line.contains("=")).forEach(line -> {
            String[] parts = line.split("=", 2);
            lines.put(parts[0].strip(), parts[1].strip().replaceAll("[$]\\[env:.*]", "secret"));
        });
        return lines;
    }
}
