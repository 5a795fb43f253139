/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.LoginAttempt;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.OldRevisions;
import io.bascule.spi.Authenticator;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What providers that know alice by her password alone have in common. */
abstract class ProviderContract extends SecurityContract {
    private static final int TIMES = 20;
    private static final int REFRESHES = 3;

    /** Of CONNACK, for 5.0 and for 3.1.1. */
    private static final int BAD_USER_NAME_OR_PASSWORD = 0x86;

    private static final int BAD_USER_NAME_OR_PASSWORD_3 = 4;

    /** Everything that a client may say, and what becomes of it: {@code 3.1.1 alice good}, and 0 where it comes in. */
    final Map<String, Integer> answers(String good, String bad) throws IOException {
        Map<String, Integer> answers = new HashMap<>();
        for (Version version : Version.values()) {
            for (String user : List.of("alice", "eve", "nobody")) {
                for (String password : List.of("good", "bad", "empty", "missing")) {
                    answers.put(
                            version + " " + user + " " + password,
                            LoginAttempt.code(
                                    port,
                                    version,
                                    Optional.of(user).filter(name -> !name.equals("nobody")),
                                    password(password, good, bad)));
                }
            }
        }
        return answers;
    }

    private static Optional<String> password(String which, String good, String bad) {
        return switch (which) {
            case "good" -> Optional.of(good);
            case "bad" -> Optional.of(bad);
            case "empty" -> Optional.of("");
            default -> Optional.empty();
        };
    }

    /** Only alice with her password comes in, with either version; who has a user name is told that one of both is wrong. */
    static void onlyAliceComesIn(Map<String, Integer> answers) {
        assertThat(answers).hasSize(Version.values().length * 12);
        List<String> comeIn = new ArrayList<>();
        answers.forEach((who, code) -> {
            if (code == 0) {
                comeIn.add(who);
            } else if (!who.contains("nobody")) {
                assertThat(code)
                        .as(who)
                        .isEqualTo(
                                who.startsWith(Version.MQTT_5.toString())
                                        ? BAD_USER_NAME_OR_PASSWORD
                                        : BAD_USER_NAME_OR_PASSWORD_3);
            }
        });
        List<String> expected = new ArrayList<>();
        for (Version version : Version.values()) {
            expected.add(version + " alice good");
        }
        assertThat(comeIn).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Configures it again and again, has alice log in each time, and looks for what is left when it is gone. */
    final void leavesNothingBehind(String pid, Map<String, String> properties, String password) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Map<String, String> edited = new HashMap<>(properties);
            edited.put("ranking", String.valueOf(i));
            configure(pid, "plant", edited);
            awaitRanking(i);
            comesIn(password);
        }
        OldRevisions revisions = new OldRevisions(context, installed("io.bascule.security"));
        for (int i = 0; i < REFRESHES; i++) {
            revisions.refresh();
            awaitRanking(TIMES - 1);
            comesIn(password);
        }

        delete(pid, "plant");

        eventually(() -> assertThat(threads(pid)).isEmpty());
        eventually(() -> {
            assertThat(provider("plant")).isEmpty();
            assertThat(context.getServiceReference(Authenticator.class)).isNull();
        });
        eventually(() -> assertThat(revisions.alive()).isZero());
    }

    /** As soon as the listener is open again, which it is not while there is no provider. */
    private void comesIn(String password) {
        eventually("alice comes in", () -> {
            try {
                return LoginAttempt.code(port, Version.MQTT_5, Optional.of("alice"), Optional.of(password)) == 0;
            } catch (SocketException e) {
                return false;
            }
        });
    }

    private void awaitRanking(int ranking) {
        eventually(
                "there is one authenticator, of ranking " + ranking,
                () -> context.getServiceReferences(Authenticator.class, "(service.ranking=" + ranking + ")")
                                        .size()
                                == 1
                        && context.getServiceReferences(Authenticator.class, null)
                                        .size()
                                == 1);
    }

    /** Those of the provider, and those of whatever it uses. */
    private static List<String> threads(String pid) {
        String own = "bascule-" + pid.substring(pid.lastIndexOf('.') + 1) + "-";
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(own) || name.startsWith("HttpClient"))
                .toList();
    }
}
