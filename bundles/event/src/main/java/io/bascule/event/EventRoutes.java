/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.config.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The configuration of an adapter, read.
 *
 * @param name from its configuration's file name
 * @param out from events to MQTT, by name
 * @param in from MQTT to events, by name
 * @param queueBytes how much memory what is on its way may take, in each direction
 * @param errors one sentence each; where there is one, the adapter does nothing
 */
public record EventRoutes(String name, List<OutRoute> out, List<InRoute> in, long queueBytes, List<String> errors) {
    private static final String OUT = "out.";
    private static final String IN = "in.";
    private static final long KIB = 1024;

    public EventRoutes {
        out = List.copyOf(out);
        in = List.copyOf(in);
        errors = List.copyOf(errors);
    }

    /**
     * Reads the properties of a component, with every error that is in them.
     *
     * @param factoryPid of the component's configurations
     */
    public static EventRoutes read(String factoryPid, Map<String, ?> properties) {
        ConfigReader reader = ConfigReader.of(properties);
        List<OutRoute> out = routes(reader, OUT, OutRoute::parse);
        List<InRoute> in = routes(reader, IN, InRoute::parse);
        if (reader.startingWith(OUT).isEmpty() && reader.startingWith(IN).isEmpty()) {
            reader.error(OUT + "<name>", "there is no route; give at least one out.<name> or in.<name>");
        }
        long queueBytes = reader.size("queue.bytes", 16 * KIB * KIB, KIB, KIB * KIB * KIB);
        return new EventRoutes(name(factoryPid, properties), out, in, queueBytes, reader.errors());
    }

    private static <R> List<R> routes(ConfigReader reader, String prefix, BiFunction<String, String, R> parser) {
        List<R> routes = new ArrayList<>();
        reader.startingWith(prefix).forEach((name, line) -> {
            if (name.isBlank()) {
                reader.error(prefix + name, "the route lacks a name; write " + prefix + "<name>");
                return;
            }
            try {
                routes.add(parser.apply(name, line));
            } catch (IllegalArgumentException e) {
                reader.error(prefix + name, e.getMessage());
            }
        });
        return routes;
    }

    /** The part of the PID that the file name gave. */
    private static String name(String factoryPid, Map<String, ?> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        String afterTilde = pid.substring(pid.indexOf('~') + 1);
        return afterTilde.startsWith(factoryPid + ".") ? afterTilde.substring(factoryPid.length() + 1) : afterTilde;
    }
}
