/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"minimumQos\":1,\"keepsLatest\":false,\"priority\":\"NORMAL\"",
                "\"minimumQos\":0,\"keepsLatest\":true,\"priority\":\"NORMAL\"",
                "\"minimumQos\":0,\"keepsLatest\":false,\"priority\":\"LOW\"",
                "\"minimumQos\":2,\"keepsLatest\":true,\"priority\":\"HIGH\"",
            })
    void writesWhatOnlyABundleCanAskForAsItIsRead(String options) throws IOException {
        String line =
                "{\"type\":\"session\",\"clientId\":\"a\",\"sessionExpiryInterval\":9,\"overlap\":\"ONE_COPY\",\"subscriptions\":["
                        + "{\"filter\":\"f\",\"qos\":2,\"noLocal\":true,\"retainAsPublished\":true,\"retainHandling\":\"SEND_IF_NEW\",\"identifier\":7,"
                        + options
                        + "}],\"inFlight\":[],\"accepted\":[]}\n";
        StringWriter written = new StringWriter();

        EntryWriter.write(EntryReader.entry(line.strip()), written);

        assertThat(written).hasToString(line);
    }
}
