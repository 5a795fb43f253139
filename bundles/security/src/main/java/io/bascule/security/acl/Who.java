/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.spi.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Whom a rule is about: whoever meets every one of its conditions. Immutable. */
final class Who {
    static final Who EVERYBODY = new Who(List.of());
    /** Whose user name and client id have no wildcard in them: nobody else gets anything by Mosquitto's patterns. */
    static final Who HARMLESS = EVERYBODY.and(
            client -> !hasWildcard(client.identity().userName().orElse("")) && !hasWildcard(client.clientId()));

    private final List<Predicate<Client>> conditions;

    private Who(List<Predicate<Client>> conditions) {
        this.conditions = conditions;
    }

    private static boolean hasWildcard(String text) {
        return text.indexOf('+') >= 0 || text.indexOf('#') >= 0;
    }

    private Who and(Predicate<Client> condition) {
        List<Predicate<Client>> more = new ArrayList<>(conditions);
        more.add(condition);
        return new Who(List.copyOf(more));
    }

    Who anonymous() {
        return and(client -> client.identity().userName().isEmpty());
    }

    Who user(String name) {
        return and(client -> client.identity().userName().filter(name::equals).isPresent());
    }

    Who group(String name) {
        return and(client -> client.identity().groups().contains(name));
    }

    Who client(String clientId) {
        return and(client -> client.clientId().equals(clientId));
    }

    Who bridge(String name) {
        return and(client -> client.bridge().filter(name::equals).isPresent());
    }

    Who listener(String name) {
        return and(client -> client.listener().filter(name::equals).isPresent());
    }

    Who address(Network network) {
        return and(client -> client.address().filter(network::contains).isPresent());
    }

    boolean isEverybody() {
        return conditions.isEmpty();
    }

    boolean includes(Client client) {
        for (Predicate<Client> condition : conditions) {
            if (!condition.test(client)) {
                return false;
            }
        }
        return true;
    }
}
