/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A version of MQTT with the identifiers of its normative statements; 3.1 numbers none. */
enum Specification {
    V5("v5", "MQTT 5.0", "mqtt5.csv"),
    V311("v311", "MQTT 3.1.1", "mqtt311.csv");

    /** Its element in the annotation. */
    private final String element;

    final String title;
    private final Map<String, Boolean> bindsServer = new LinkedHashMap<>();

    Specification(String element, String title, String resource) {
        this.element = element;
        this.title = title;
        for (String line : read(resource).split("\n")) {
            String[] fields = line.split(",");
            bindsServer.put(fields[0], fields[1].equals("server"));
        }
    }

    /** The one of an element of the annotation. */
    static Specification ofElement(String element) {
        return Stream.of(values())
                .filter(specification -> specification.element.equals(element))
                .findAny()
                .orElseThrow(() -> new IllegalStateException("no specification for element " + element));
    }

    private static String read(String resource) {
        try (InputStream in = Specification.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every identifier in the order of the specification, and whether it binds a server, alone or like a client. */
    Map<String, Boolean> bindsServer() {
        return bindsServer;
    }
}
