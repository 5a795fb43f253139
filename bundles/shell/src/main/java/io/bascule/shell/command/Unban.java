/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Ban;
import io.bascule.api.Bans;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code mqtt:unban}: lifts bans.
 *
 * @param address where; empty for everywhere
 * @param name of the user, or of the client without a user name; empty for the address as a whole and all who are banned there
 */
public record Unban(Optional<String> address, Optional<String> name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Lets somebody connect again who is banned after too many failed logins.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:unban 10.0.0.7 pump-4";
    /** For the help of both shells. */
    public static final String ADDRESS = "Where, as mqtt:bans shows it.";
    /** For the help of both shells. */
    public static final String NAME = "Whose ban; all at the address if left out.";
    /** For the help of both shells. */
    public static final String ALL = "Lifts all bans at all addresses.";

    /**
     * What was typed.
     *
     * @param address null when it was left out, as is {@code name}
     * @throws CommandFailure when it says neither whose ban nor all, or both
     */
    public static Unban of(String address, String name, boolean all) {
        if (all == (address != null)) {
            throw new CommandFailure("Say at which address, or --all; mqtt:bans lists the bans.");
        }
        return new Unban(Optional.ofNullable(address), Optional.ofNullable(name));
    }

    @Override
    public View run(Services services) {
        int lifted = services.security().bans().map(this::lift).orElse(0);
        if (lifted == 0 && address.isPresent()) {
            throw nobody(services.security().bansInForce(), address.get());
        }
        return new Sentence("Lifted " + Text.count(lifted, "ban") + ".", Map.of("bans", lifted));
    }

    private int lift(Bans bans) {
        if (address.isEmpty()) {
            return bans.liftAll();
        }
        return name.map(who -> bans.lift(address.get(), who)).orElseGet(() -> bans.lift(address.get()));
    }

    private CommandFailure nobody(List<Ban> bans, String where) {
        List<Ban> there =
                bans.stream().filter(ban -> ban.address().equals(where)).toList();
        if (name.isEmpty() || there.isEmpty()) {
            return Unknown.failure(
                    "Nobody is banned at " + where,
                    where,
                    bans.stream().map(Ban::address).toList(),
                    "; mqtt:bans lists the bans.");
        }
        List<String> names = there.stream()
                .flatMap(ban -> ban.user().or(ban::client).stream())
                .toList();
        return Unknown.failure(
                name.get() + " is not banned at " + where, name.get(), names, "; mqtt:bans lists the bans.");
    }
}
