/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Ban;
import io.bascule.api.Bans;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Sentence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BansTest {
    private final List<String> lifted = new ArrayList<>();
    private final Services services = with(Optional.of(new Some()));

    private static Services with(Optional<Bans> bans) {
        Services none = Fakes.stopped();
        return new Services(
                none.broker(),
                none.listeners(),
                none.bridges(),
                none.history(),
                none.deleted(),
                none.configurations(),
                none.store(),
                new SecurityServices(List.of(), List.of(), List.of(), bans));
    }

    private static Ban ban(String address, String user, String client) {
        return new Ban(
                Optional.ofNullable(user),
                Optional.ofNullable(client),
                address,
                "plant",
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(300),
                7);
    }

    @Test
    void listsThemByAddress() {
        assertThat(Json.line(new BanList().run(services)))
                .startsWith("[{\"address\":\"10.0.0.7\",\"user\":null,\"client\":\"pump-4\",\"listener\":\"plant\","
                        + "\"since\":\"1970-01-01T00:00:00Z\",\"until\":\"1970-01-01T00:05:00Z\",\"refused\":7}")
                .contains("\"address\":\"10.0.0.7\",\"user\":\"alice\"", "\"address\":\"10.0.0.9\",\"user\":null");
        assertThat(Json.line(new BanList().run(with(Optional.empty())))).isEqualTo("[]");
    }

    @Test
    void liftsOneAllAtAnAddressOrAll() {
        Sentence one = (Sentence) Unban.of("10.0.0.7", "pump-4", false).run(services);

        assertThat(one.text()).isEqualTo("Lifted 1 ban.");
        assertThat(Json.line(one)).isEqualTo("{\"bans\":1}");
        assertThat(((Sentence) Unban.of("10.0.0.7", null, false).run(services)).text())
                .isEqualTo("Lifted 2 bans.");
        assertThat(((Sentence) Unban.of(null, null, true).run(services)).text()).isEqualTo("Lifted 3 bans.");
        assertThat(lifted).containsExactly("10.0.0.7 pump-4", "10.0.0.7", "all");
    }

    @Test
    void namesTheNearestWhereNobodyIsBanned() {
        assertThatThrownBy(() -> Unban.of("10.0.0.77", null, false).run(services))
                .hasMessage("Nobody is banned at 10.0.0.77; did you mean 10.0.0.7?");
        assertThatThrownBy(() -> Unban.of("10.0.0.7", "alise", false).run(services))
                .hasMessage("alise is not banned at 10.0.0.7; did you mean alice?");
        assertThatThrownBy(() -> Unban.of("10.0.0.7", null, false).run(with(Optional.empty())))
                .hasMessage("Nobody is banned at 10.0.0.7; mqtt:bans lists the bans.");
    }

    @Test
    void wantsToKnowWhoseBan() {
        String message = "Say at which address, or --all; mqtt:bans lists the bans.";
        assertThatThrownBy(() -> Unban.of(null, null, false)).hasMessage(message);
        assertThatThrownBy(() -> Unban.of("10.0.0.7", null, true)).hasMessage(message);
    }

    private final class Some implements Bans {
        @Override
        public List<Ban> list() {
            return List.of(
                    ban("10.0.0.9", null, null), ban("10.0.0.7", "alice", null), ban("10.0.0.7", null, "pump-4"));
        }

        @Override
        public int lift(String address) {
            return lifted(address, address.equals("10.0.0.7") ? 2 : 0);
        }

        @Override
        public int lift(String address, String name) {
            return lifted(address + " " + name, name.equals("pump-4") ? 1 : 0);
        }

        @Override
        public int liftAll() {
            return lifted("all", 3);
        }

        private int lifted(String whose, int bans) {
            if (bans > 0) {
                lifted.add(whose);
            }
            return bans;
        }
    }
}
