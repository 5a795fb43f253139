/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.SecurityProvider;
import io.bascule.api.Users;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class UsersTest {
    private final FakeUsers plant = new FakeUsers("plant", "alice");
    private final FakeUsers office = new FakeUsers("office", "bob");
    private final Deque<String> typed = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final Prompt prompt = question -> {
        asked.add(question);
        return Optional.ofNullable(typed.poll());
    };

    private static Services with(SecurityServices security) {
        Services none = Fakes.stopped();
        return new Services(
                none.broker(),
                none.listeners(),
                none.bridges(),
                none.history(),
                none.deleted(),
                none.configurations(),
                none.store(),
                security);
    }

    private Services both() {
        return with(new SecurityServices(List.of(), List.of(plant, office), List.of(), Optional.empty()));
    }

    private Services one() {
        return with(new SecurityServices(List.of(), List.of(plant), List.of(), Optional.empty()));
    }

    private static String table(View view) {
        Printed printed = new Printed();
        Console console = printed.console(false, () -> true);
        console.print(view);
        console.hasGone(); // flushes
        return printed.text();
    }

    private static String text(View view) {
        return ((Sentence) view).text();
    }

    @Test
    void listsUsers() {
        assertThat(table(new UserList(Optional.empty()).run(both()))).contains("alice", "plant", "bob", "office");
        assertThat(table(new UserList(Optional.of("plant")).run(both())))
                .contains("alice")
                .doesNotContain("bob");
        assertThat(table(new UserList(Optional.empty()).run(Fakes.stopped()))).startsWith("There is no user;");
    }

    @Test
    void addsAUserWithAPasswordThatIsAskedForTwice() {
        typed.addAll(List.of("s3cret", "s3cret"));

        View answer = UserAdd.of("carol", null, false, prompt).run(one());

        assertThat(text(answer)).isEqualTo("Added carol.");
        assertThat(plant.calls).containsExactly("add carol s3cret");
        assertThat(asked).containsExactly("Password: ", "Once more: ");
        assertThat(answer.toString()).doesNotContain("s3cret");
    }

    @Test
    void addsNobodyWhereTheAnswersDiffer() {
        typed.addAll(List.of("s3cret", "secret"));

        assertThatThrownBy(() -> UserAdd.of("carol", null, false, prompt).run(one()))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("These were two different passwords; nothing is changed.");
        assertThat(plant.calls).isEmpty();
    }

    @Test
    void makesAPasswordUp() {
        String first = text(UserAdd.of("carol", null, true, Prompt.NONE).run(one()));
        String second = text(UserPassword.of("alice", null, true, Prompt.NONE).run(one()));

        assertThat(first).matches("Added carol\\. The password, which is shown this once: [-_a-zA-Z0-9]{24}");
        assertThat(second).startsWith("Changed the password of alice. The password, ");
        String password = first.substring(first.lastIndexOf(' ') + 1);
        assertThat(plant.calls.get(0)).isEqualTo("add carol " + password);
        assertThat(plant.calls.get(1)).startsWith("change alice ").doesNotContain(password);
    }

    @Test
    void asksForNoPasswordInAShellThatWouldShowIt() {
        assertThatThrownBy(() -> UserAdd.of("carol", null, false, Prompt.NONE).run(one()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--generate");
    }

    @Test
    void removesAUser() {
        assertThat(text(UserRemove.of("alice", "plant").run(both()))).startsWith("Removed alice;");
        assertThat(plant.calls).containsExactly("remove alice");
    }

    @Test
    void saysWhyNothingIsChanged() {
        plant.answer = CompletableFuture.failedFuture(new IllegalArgumentException("there is no user eve"));
        assertThatThrownBy(() -> UserRemove.of("eve", null).run(one()))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("The password file is not changed: there is no user eve.");
        assertThatThrownBy(() -> UserRemove.of(null, null))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("The user's name is missing");
    }

    @Test
    void wantsToKnowWhichPasswordFile() {
        assertThatThrownBy(() -> UserAdd.of("carol", null, false, prompt).run(both()))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("There are the password files office, plant; say which by --passwords <name>.");
        assertThatThrownBy(() -> UserAdd.of("carol", "pland", false, prompt).run(both()))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("There is no password file pland; did you mean plant?");
        assertThatThrownBy(() -> UserAdd.of("carol", null, false, prompt).run(Fakes.stopped()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("No password file is configured");
        Services alike = with(
                new SecurityServices(List.of(), List.of(plant, new FakeUsers("plant")), List.of(), Optional.empty()));
        assertThatThrownBy(() -> UserAdd.of("carol", "plant", false, prompt).run(alike))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("There are two files of the name plant");
        assertThat(asked).isEmpty();
    }

    @Test
    void showsWhatIsWrongWithAProvider() {
        SecurityProvider provider = new SecurityProvider() {
            @Override
            public String name() {
                return "plant";
            }

            @Override
            public String kind() {
                return "password-file";
            }

            @Override
            public boolean serving() {
                return true;
            }

            @Override
            public Optional<String> failure() {
                return Optional.of("etc/users, line 3: it has no user before a colon");
            }

            @Override
            public Map<String, Long> figures() {
                return new LinkedHashMap<>(Map.of("users", 3L, "busy", 0L));
            }
        };

        String printed = table(new Security()
                .run(with(new SecurityServices(List.of(provider), List.of(), List.of(), Optional.empty()))));

        assertThat(printed).contains("plant", "password-file", "yes", "users 3", "line 3");
    }

    private static final class FakeUsers implements Users {
        final List<String> calls = new ArrayList<>();
        CompletionStage<Void> answer = CompletableFuture.completedFuture(null);
        private final String name;
        private final List<String> userNames;

        FakeUsers(String name, String... userNames) {
            this.name = name;
            this.userNames = List.of(userNames);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<String> userNames() {
            return userNames;
        }

        @Override
        public CompletionStage<Void> add(String userName, byte[] password) {
            calls.add("add " + userName + " " + new String(password, UTF_8));
            return answer;
        }

        @Override
        public CompletionStage<Void> changePassword(String userName, byte[] password) {
            calls.add("change " + userName + " " + new String(password, UTF_8));
            return answer;
        }

        @Override
        public CompletionStage<Void> remove(String userName) {
            calls.add("remove " + userName);
            return answer;
        }
    }
}
