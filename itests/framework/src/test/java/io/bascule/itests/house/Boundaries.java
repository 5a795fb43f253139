/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who may import whom, read from manifests: what was built, not what was meant. */
final class Boundaries {
    private static final String OURS = "io.bascule.";
    private static final String API = "io.bascule.api";
    private static final String SUBSCRIPTIONS = "io.bascule.subscriptions";
    private static final String TRANSPORT = "io.bascule.transport";

    /** Each adapter to an event service has a private copy of it. */
    private static final String EMBEDDED = "io.bascule.event";

    /** Every arrow of the house; a bundle that is not named here may import nothing of ours. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            API,
            Set.of(),
            SUBSCRIPTIONS,
            Set.of(API),
            TRANSPORT,
            Set.of(API),
            "io.bascule.broker",
            Set.of(API, SUBSCRIPTIONS, TRANSPORT),
            "io.bascule.bridge",
            Set.of(API, TRANSPORT),
            "io.bascule.shell",
            Set.of(API),
            "io.bascule.store",
            Set.of(API),
            "io.bascule.security",
            Set.of(API),
            "io.bascule.eventadmin",
            Set.of(API),
            "io.bascule.typedevent",
            Set.of(API));

    /** Commas between the clauses of a header, not those within quotes. */
    private static final Pattern BETWEEN_CLAUSES = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    private final Map<String, Room> rooms = new LinkedHashMap<>();

    /**
     * A bundle as far as walls are concerned.
     *
     * @param packages that are in the jar
     */
    record Room(Set<String> imports, Set<String> exports, Set<String> packages) {}

    /** Adds a bundle by its headers, which may be null. */
    void add(String symbolicName, String importPackage, String exportPackage, Set<String> packages) {
        rooms.put(symbolicName, new Room(packagesIn(importPackage), packagesIn(exportPackage), packages));
    }

    private static Set<String> packagesIn(String header) {
        return header == null || header.isBlank()
                ? Set.of()
                : Set.copyOf(Stream.of(BETWEEN_CLAUSES.split(header))
                        .map(clause -> clause.split(";", 2)[0].strip())
                        .filter(name -> name.startsWith(OURS))
                        .toList());
    }

    /** One sentence for each way through a wall. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        rooms.forEach((name, room) -> room.exports().forEach(exported -> {
            owners.put(exported, name);
            if (List.of(exported.split("\\.")).contains("internal")) {
                violations.add(name + " exports its internal package " + exported);
            }
        }));
        rooms.forEach((name, room) -> {
            for (String imported : room.imports()) {
                String owner = owners.get(imported);
                if (owner == null) {
                    violations.add(name + " imports " + imported + ", which nobody exports");
                } else if (!owner.equals(name)
                        && !ALLOWED.getOrDefault(name, Set.of()).contains(owner)) {
                    violations.add(name + " imports " + imported + " of " + owner);
                }
            }
            for (String contained : room.packages()) {
                owners.merge(contained, name, (first, second) -> {
                    if (!first.equals(second) && !contained.equals(EMBEDDED)) {
                        violations.add(contained + " is in both " + first + " and " + second);
                    }
                    return first;
                });
            }
        });
        return violations;
    }
}
