/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.security.file.BadFileException;
import io.bascule.spi.Authorizer.Decision;
import io.bascule.spi.Client;
import java.util.List;
import java.util.Optional;

/** An ACL file, ours or Mosquitto's, with a topic on its first line. */
class AclFileFuzzTest {
    /** Of no file that is compared. */
    private static final String NAME = "qq7";

    private static final List<String> WITH_MEANING = List.of("qq7+", "+", "qq7/#", "#", "a/qq7", "/", "");

    @FuzzTest
    void allowsNobodyMoreForANameWithMeaning(byte[] input) {
        String[] parts = new String(input, UTF_8).split("\n", 2);
        if (parts.length < 2) {
            return;
        }
        AclAuthorizer acl;
        try {
            AclFile file = AclFile.FORMAT.parse(parts[1]);
            acl = new AclAuthorizer("fuzzed", () -> Optional.of(file));
        } catch (BadFileException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        Topic topic;
        try {
            topic = Topic.of(parts[0]);
        } catch (IllegalArgumentException e) {
            return;
        }
        Client plain = Clients.of(NAME, Optional.of(NAME));
        for (String name : WITH_MEANING) {
            if (!parts[1].contains(NAME)
                    && !isNamed(parts[1], name)
                    && !topic.name().contains(NAME)) {
                Client client = Clients.of(name, Optional.of(name));
                assertThat(isMore(
                                acl.mayPublish(client, topic, QoS.AT_MOST_ONCE, false),
                                acl.mayPublish(plain, topic, QoS.AT_MOST_ONCE, false)))
                        .as(name)
                        .isFalse();
                assertThat(isMore(acl.mayReceive(client, topic), acl.mayReceive(plain, topic)))
                        .as(name)
                        .isFalse();
                TopicFilter filter = TopicFilter.of(topic.name());
                assertThat(isMore(
                                acl.maySubscribe(client, filter, QoS.AT_MOST_ONCE),
                                acl.maySubscribe(plain, filter, QoS.AT_MOST_ONCE)))
                        .as(name)
                        .isFalse();
            }
        }
    }

    /** Whether a line may be about this name, and so about nobody else. */
    private static boolean isNamed(String file, String name) {
        return file.lines().anyMatch(line -> line.matches(".*(user|client|group)\\b.*"))
                && (name.isEmpty() || file.contains(name));
    }

    private static boolean isMore(Decision one, Decision other) {
        return one == Decision.ALLOW && other != Decision.ALLOW;
    }
}
