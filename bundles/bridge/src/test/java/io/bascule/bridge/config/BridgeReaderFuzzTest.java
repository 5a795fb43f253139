/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashMap;
import java.util.Map;

/** A bridge's cfg file: a key and a value on each line. */
class BridgeReaderFuzzTest {

    @FuzzTest
    void definesABridgeOrSaysWhatIsWrong(byte[] input) {
        Map<String, String> values = new HashMap<>();
        for (String line : new String(input, UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            values.put(
                    line.substring(0, Math.max(0, equals)).strip(),
                    line.substring(equals + 1).strip());
        }
        BridgeReader.Result result = BridgeReader.read("fuzzed", values);
        assertThat(result.definition().isPresent()).isEqualTo(result.errors().isEmpty());
        assertThat(BridgeReader.read("fuzzed", values).errors()).isEqualTo(result.errors());
    }
}
