/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.security.file.BadFileException;
import io.bascule.spi.Authorizer.Decision;
import io.bascule.spi.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The trees and filters, compared with going through all lines and all topics of a small world. */
class AclModelTest {
    private static final List<String> LEVELS = List.of("a", "b", "", "$x", "u1", "c1");
    private static final List<String> FILTER_LEVELS = List.of("a", "b", "", "$x", "+", "+", "%u", "%c", "u1", "c1");

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Topic> topics = topics();

    /** A line as the model has it. */
    private record Line(boolean allow, String action, String who, String filter) {
        boolean includes(Client client) {
            return switch (who) {
                case "user=u1" ->
                    client.identity().userName().filter("u1"::equals).isPresent();
                case "client=c1" -> client.clientId().equals("c1");
                case "anonymous" -> client.identity().userName().isEmpty();
                default -> true;
            };
        }

        boolean matches(Client client, Topic topic) {
            String filled = filter;
            if (filter.contains("%u")) {
                if (client.identity().userName().isEmpty()) {
                    return false;
                }
                filled = filled.replace("%u", client.identity().userName().get());
            }
            return TopicFilter.of(filled.replace("%c", client.clientId())).matches(topic);
        }
    }

    private static List<Topic> topics() {
        List<Topic> topics = new ArrayList<>();
        for (String one : LEVELS) {
            if (!one.isEmpty()) {
                topics.add(Topic.of(one));
            }
            for (String two : LEVELS) {
                topics.add(Topic.of(one + "/" + two));
                for (String three : LEVELS) {
                    topics.add(Topic.of(one + "/" + two + "/" + three));
                }
            }
        }
        return topics;
    }

    private String pick(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    private String filter(List<String> levels) {
        List<String> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            parts.add(pick(levels));
        }
        if (random.nextInt(3) == 0) {
            parts.set(parts.size() - 1, "#");
        }
        String filter = String.join("/", parts);
        return filter.isEmpty() ? "a" : filter;
    }

    @Test
    void decidesAsGoingThroughTheLinesWould() throws BadFileException {
        List<Client> clients = List.of(
                Clients.of("c1", Optional.of("u1")),
                Clients.of("c2", Optional.of("u1")),
                Clients.of("c1", Optional.of("a")),
                Clients.anonymous("b"));
        for (int round = 0; round < 200; round++) {
            List<Line> lines = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                Line line = new Line(
                        random.nextBoolean(),
                        pick(List.of("publish", "receive", "all")),
                        pick(List.of("*", "user=u1", "client=c1", "anonymous")),
                        filter(FILTER_LEVELS));
                lines.add(line);
                text.append(line.allow() ? "allow " : "deny ")
                        .append(line.action())
                        .append(' ')
                        .append(line.who())
                        .append(' ')
                        .append(line.filter().isEmpty() ? "a" : line.filter())
                        .append('\n');
            }
            AclFile file = AclFile.FORMAT.parse(text.toString());
            AclAuthorizer acl = new AclAuthorizer("model", () -> Optional.of(file));
            for (Client client : clients) {
                for (Topic topic : topics) {
                    Supplier<String> what = () -> "seed " + seed + ": " + client + " at " + topic + " by\n" + text;
                    assertThat(acl.mayPublish(client, topic, QoS.AT_MOST_ONCE, false))
                            .as(what)
                            .isEqualTo(expected(lines, "publish", client, topic));
                    assertThat(acl.mayReceive(client, topic))
                            .as(what)
                            .isEqualTo(expected(lines, "receive", client, topic));
                }
            }
        }
    }

    private static Decision expected(List<Line> lines, String action, Client client, Topic topic) {
        return lines.stream()
                .filter(line -> line.action().equals(action) || line.action().equals("all"))
                .filter(line -> line.includes(client) && line.matches(client, topic))
                .findFirst()
                .map(line -> line.allow() ? Decision.ALLOW : Decision.DENY)
                .orElse(Decision.ABSTAIN);
    }

    @Test
    void relatesFiltersAsTheirTopicsDo() {
        List<String> levels = List.of("a", "b", "$x", "+", "+");
        for (int round = 0; round < 3000; round++) {
            TopicFilter one = TopicFilter.of(filter(levels));
            TopicFilter other = TopicFilter.of(filter(levels));
            String what = "seed " + seed + ": " + one + " and " + other;
            String[] oneLevels = one.levels().toArray(String[]::new);
            String[] otherLevels = other.levels().toArray(String[]::new);

            assertThat(Filters.overlap(oneLevels, otherLevels))
                    .as(what)
                    .isEqualTo(topics.stream().anyMatch(topic -> one.matches(topic) && other.matches(topic)));
            if (Filters.covers(oneLevels, otherLevels)) { // it may fail to see that it does, as with +/# and #
                assertThat(topics.stream().filter(other::matches)).as(what).allMatch(one::matches);
            }
        }
    }
}
