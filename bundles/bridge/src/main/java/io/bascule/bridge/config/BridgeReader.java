/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.QueueLimits;
import io.bascule.api.SessionOptions;
import io.bascule.bridge.route.FilterTree;
import io.bascule.bridge.route.Route;
import io.bascule.bridge.route.RouteParser;
import io.bascule.bridge.status.Presence;
import io.bascule.config.ConfigReader;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads a {@link BridgeDefinition} from the properties of a component, with every error that is in them. */
public final class BridgeReader {
    static final Set<String> PUBLIC_KEYS = Set.of(
            "enabled",
            "profile",
            "start.type",
            "threshold",
            "threshold.age",
            "idle.timeout",
            "server",
            "round.robin",
            "failback.interval",
            "tls.ca",
            "tls.certificate",
            "tls.key",
            "tls.keystore",
            "tls.version.min",
            "tls.alpn",
            "tls.server.name",
            "tls.verify.hostname",
            "proxy",
            "proxy.user",
            "bind.address",
            "tcp.keepalive",
            "tcp.user.timeout",
            "connections",
            "client.id",
            "user",
            "credentials",
            "protocol",
            "keepalive",
            "clean.start",
            "session.expiry",
            "delete.grace",
            "connect.timeout",
            "reconnect.min",
            "reconnect.max",
            "receive.maximum",
            "receive.rate",
            "topic.alias.maximum",
            "send.rate",
            "send.byte.rate",
            "backlog.rate",
            "backlog.byte.rate",
            "budget.day",
            "budget.month",
            "max.packet.size",
            "status.topic",
            "dead.letter.topic",
            "filters.maximum",
            "topic.levels.maximum",
            "topic.bytes.maximum",
            "queue.messages",
            "queue.bytes",
            "queue.age",
            "queue.policy",
            "authorizers",
            "hops.maximum");
    private static final String BOTH = "both.";
    private static final int LARGEST_PACKET = 268_435_460; // what a Remaining Length can say, with its header
    private static final Map<String, List<MqttVersion>> PROTOCOLS = Map.of(
            "5.0",
            List.of(MqttVersion.MQTT_5),
            "3.1.1",
            List.of(MqttVersion.MQTT_3_1_1),
            "auto",
            List.of(MqttVersion.MQTT_5, MqttVersion.MQTT_3_1_1));

    /** Far more than a thousand routes need, and few enough to be read at once. */
    private static final long MOST_CHARACTERS = 256 * 1024;

    private static final int MOST_ROUTES = 1000;
    private static final int MOST_CONNECTIONS = 16;
    private static final int LONGEST_CLIENT_ID = 65_535;

    /** As many as a route has. */
    private static final int MOST_FILTERS = 100;

    /** Stands for a server that cannot be read, beside which no other error is to come of that. */
    private static final List<Server> NOWHERE = List.of(new Server(Server.Scheme.MQTTS, "", 1, ""));

    private final String name;
    private final Profile profile;
    private final ConfigReader config;

    private BridgeReader(String name, Map<String, ?> properties) {
        this.name = name;
        this.profile = Profile.of(properties);
        this.config = ConfigReader.of(profile.beneath(properties));
    }

    /**
     * What came of reading.
     *
     * @param definition empty when there is any error
     * @param errors one sentence each
     */
    public record Result(Optional<BridgeDefinition> definition, List<String> errors) {}

    /** The lines that somebody has written, without those that a framework adds. */
    public static Map<String, String> lines(Map<String, ?> properties) {
        Map<String, String> lines = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (!ConfigReader.isFrameworkKey(key)) {
                lines.put(key, String.valueOf(value).trim());
            }
        });
        return lines;
    }

    /** Whether there is more of it than is read. */
    public static boolean isTooLarge(Map<String, ?> properties) {
        return characters(properties) > MOST_CHARACTERS;
    }

    /** Reads the configuration of the bridge of this name. */
    public static Result read(String name, Map<String, ?> properties) {
        long characters = characters(properties);
        if (characters > MOST_CHARACTERS) {
            return new Result(
                    Optional.empty(),
                    List.of("the file has " + characters + " characters; allowed are at most " + MOST_CHARACTERS));
        }
        BridgeReader reader = new BridgeReader(name, properties);
        BridgeDefinition definition = reader.definition();
        List<String> errors = reader.config.errors();
        return new Result(errors.isEmpty() ? Optional.of(definition) : Optional.empty(), errors);
    }

    private static long characters(Map<String, ?> properties) {
        return properties.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length()
                        + String.valueOf(entry.getValue()).length())
                .sum();
    }

    private BridgeDefinition definition() {
        config.value("profile", Profile.NONE, Profile.ALLOWED, Profile::named);
        Servers servers = servers();
        if (profile.isTlsAlone()
                && servers.all().stream().anyMatch(server -> !server.scheme().isTls() && !server.isHere())) {
            refused("server", "is without TLS", "mqtts:// or wss://");
        }
        List<MqttVersion> protocols = config.choice("protocol", PROTOCOLS, PROTOCOLS.get("5.0"));
        if (!profile.isForMqtt5() && protocols.contains(MqttVersion.MQTT_5)) {
            refused("protocol", "has 5.0", "3.1.1");
        }
        Optional<String> user = config.value(
                "user",
                Optional.empty(),
                "a text, with " + NameTemplate.ALLOWED,
                text -> Optional.of(NameTemplate.fill(text, name)));
        Optional<Secret> password = config.text("password").map(Secret::new);
        Optional<String> credentials = config.text("credentials");
        if (credentials.isPresent() && (user.isPresent() || password.isPresent())) {
            config.error("credentials", "stands beside user or password; allowed is a provider of both, or these");
        }
        if (password.isPresent() && user.isEmpty() && protocols.contains(MqttVersion.MQTT_3_1_1)) {
            config.error(
                    "password", "needs a user, since MQTT " + MqttVersion.MQTT_3_1_1 + " has no password without one");
        }
        Duration reconnectMin =
                duration("reconnect.min", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofHours(1));
        Duration reconnectMax =
                duration("reconnect.max", Duration.ofSeconds(60), Duration.ofMillis(10), Duration.ofDays(1));
        if (reconnectMin.compareTo(reconnectMax) > 0) {
            config.error("reconnect.max", "is shorter than reconnect.min; allowed is the same or longer");
        }
        boolean cleanStart = config.flag("clean.start", false);
        Optional<QueueLimits> queue = queue();
        List<Route> routes = routes();
        String clientId = config.value(
                "client.id",
                "bascule-" + name,
                "1 to " + LONGEST_CLIENT_ID + " bytes, with " + NameTemplate.ALLOWED,
                this::clientId);
        Optional<Presence> presence = presence();
        TopicLimits topicLimits = topicLimits(routes, presence);
        return new BridgeDefinition(
                name,
                config.flag("enabled", true),
                servers,
                WayReader.tls(config, servers.first()),
                WayReader.proxy(config),
                WayReader.tcp(config),
                connections(clientId, routes),
                clientId,
                user,
                password,
                credentials,
                protocols,
                keepAlive(),
                cleanStart,
                sessionExpiry(cleanStart, protocols),
                seconds("delete.grace", Duration.ofSeconds(60), Duration.ZERO, Duration.ofDays(7)),
                duration("connect.timeout", Duration.ofSeconds(30), Duration.ofMillis(100), Duration.ofMinutes(10)),
                reconnectMin,
                reconnectMax,
                receiveMaximum(),
                profile.maximumQos(),
                config.integer("receive.rate", 50_000, 1, 1_000_000),
                config.integer("topic.alias.maximum", 64, 0, 65_535),
                rates("send"),
                rates("backlog"),
                new BudgetLimits(budget("budget.day"), budget("budget.month")),
                maximumFilters(),
                topicLimits,
                (int) config.size("max.packet.size", 16L << 20, 1024, LARGEST_PACKET),
                presence,
                deadLetterTopic(routes, queue),
                queue,
                config.names("authorizers"),
                config.integer("hops.maximum", 8, 1, 32),
                routes,
                StartReader.read(config, cleanStart, queue, routes));
    }

    private Servers servers() {
        config.required("server", Server.ALLOWED);
        List<Server> all =
                config.value("server", NOWHERE, Server.ALLOWED + ", several separated by commas", Servers::parse);
        boolean roundRobin = config.flag("round.robin", false);
        if (roundRobin && config.has("failback.interval")) {
            config.error("failback.interval", "is of no use with round.robin, which prefers no server");
        }
        return new Servers(
                all,
                roundRobin,
                duration("failback.interval", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofDays(1)));
    }

    /** The file asks for what the service that its profile is for refuses, or closes the connection over. */
    private void refused(String key, String what, String allowed) {
        config.error(
                key,
                what + ", which " + config.text("profile", "") + " does not take of a bridge; allowed is " + allowed);
    }

    private int connections(String clientId, List<Route> routes) {
        int value = config.integer("connections", 1, 1, MOST_CONNECTIONS);
        if (value > profile.mostConnections()) {
            refused("connections", "is more than one", "1");
        }
        if (value > 1 && routes.stream().noneMatch(route -> route.direction() == Direction.FORWARD)) {
            config.error("connections", "is of no use without a forward route");
        }
        if (value > 1 && length(clientId) > LONGEST_CLIENT_ID - ":16".length()) {
            config.error("client.id", "is too long for several connections, which have a number behind it");
        }
        return value;
    }

    private long sessionExpiry(boolean cleanStart, List<MqttVersion> protocols) {
        Duration longest = Duration.ofDays(3650);
        Duration value = seconds("session.expiry", longest, Duration.ofSeconds(1), longest);
        if (!config.has("session.expiry")) {
            return cleanStart ? 0 : SessionOptions.NEVER;
        }
        if (cleanStart) {
            config.error(
                    "session.expiry", "is of no use with clean.start=true, which ends the session with its connection");
        }
        if (!protocols.contains(MqttVersion.MQTT_5)) {
            config.error("session.expiry", "cannot be said over MQTT 3.1.1; allowed is protocol = 5.0, or auto");
        }
        return value.toSeconds();
    }

    private Duration keepAlive() {
        Duration value =
                seconds("keepalive", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(65_535));
        if (value.toSeconds() > profile.longestKeepAlive()) {
            refused("keepalive", "is too long", "1s to " + profile.longestKeepAlive() + "s");
        }
        return value;
    }

    private int maximumFilters() {
        int value = config.integer("filters.maximum", MOST_FILTERS, 1, MOST_FILTERS);
        if (value > profile.mostFilters()) {
            refused("filters.maximum", "is too high", "1 to " + profile.mostFilters());
        }
        return value;
    }

    /** What is known when the file is read is not to close the connection again and again. */
    private TopicLimits topicLimits(List<Route> routes, Optional<Presence> presence) {
        TopicLimits limits = new TopicLimits(config.integer("topic.levels.maximum", TopicLimits.ANY, 1, 65_535), (int)
                config.size("topic.bytes.maximum", TopicLimits.ANY, 1, 65_535));
        presence.flatMap(each -> limits.excess(each.topic())).ifPresent(excess -> config.error("status.topic", excess));
        routes.stream()
                .filter(route -> route.direction() == Direction.SUBSCRIBE)
                .forEach(route -> route.filters()
                        .forEach(filter -> limits.excess(filter)
                                .ifPresent(excess -> config.error(written(route), filter + " " + excess))));
        return limits;
    }

    private Rates rates(String of) {
        String messages = of + ".rate";
        String bytes = of + ".byte.rate";
        int perSecond = config.integer(messages, 1, 1, 1_000_000);
        long bytesPerSecond = config.size(bytes, 1 << 10, 1 << 10, 1L << 40);
        return new Rates(
                config.has(messages) ? OptionalInt.of(perSecond) : OptionalInt.empty(),
                config.has(bytes) ? OptionalLong.of(bytesPerSecond) : OptionalLong.empty());
    }

    private OptionalLong budget(String key) {
        long bytes = config.size(key, 1 << 10, 1 << 10, 1L << 50);
        return config.has(key) ? OptionalLong.of(bytes) : OptionalLong.empty();
    }

    private OptionalInt receiveMaximum() {
        boolean given = config.has("receive.maximum");
        int value = config.integer("receive.maximum", 1, 1, 65_535);
        return given ? OptionalInt.of(value) : OptionalInt.empty();
    }

    private Optional<Presence> presence() {
        return config.value(
                "status.topic",
                Optional.empty(),
                "a topic without wildcards",
                text -> Optional.of(new Presence(name, Topic.of(text))));
    }

    /** Through a queue that blocks it would wait for messages to leave that wait for it themselves, to be acknowledged. */
    private Optional<Topic> deadLetterTopic(List<Route> routes, Optional<QueueLimits> queue) {
        Optional<Topic> topic = config.value(
                "dead.letter.topic",
                Optional.empty(),
                "a topic without wildcards that does not begin with $",
                text -> Optional.of(deadLetterTopic(text)));
        boolean blocks = queue.isPresent() && queue.get().overflow() == QueueLimits.Overflow.BLOCK;
        topic.filter(any -> blocks)
                .flatMap(it -> routes.stream()
                        .filter(route -> route.direction() == Direction.FORWARD
                                && route.map(it).isPresent())
                        .findFirst())
                .ifPresent(
                        route -> config.error(
                                "dead.letter.topic",
                                "is taken by " + route.key()
                                        + ", whose queue blocks, so that the two may wait for each other; allowed is another topic, or an exclude there"));
        return topic;
    }

    private static Topic deadLetterTopic(String text) {
        if (text.startsWith("$")) {
            throw new IllegalArgumentException(text + " is reserved");
        }
        return Topic.of(text);
    }

    private Optional<QueueLimits> queue() {
        QueueLimits limits = new QueueLimits(
                config.integer("queue.messages", 100_000, 0, Integer.MAX_VALUE),
                config.size("queue.bytes", 256L << 20, 0, Long.MAX_VALUE),
                duration("queue.age", QueueLimits.ANY_AGE, Duration.ofSeconds(1), Duration.ofDays(3650)),
                config.choice("queue.policy", QueueLimits.Overflow.class, QueueLimits.Overflow.DROP_NEWEST));
        boolean given = Stream.of("queue.messages", "queue.bytes", "queue.age", "queue.policy")
                .anyMatch(key -> config.text(key).isPresent());
        return given ? Optional.of(limits) : Optional.empty();
    }

    private Duration duration(String key, Duration otherwise, Duration lowest, Duration highest) {
        return config.duration(key, otherwise, lowest, highest);
    }

    private Duration seconds(String key, Duration otherwise, Duration lowest, Duration highest) {
        Duration value = duration(key, otherwise, lowest, highest);
        if (value.toMillisPart() != 0) {
            config.error(key, "is not a whole number of seconds, which is all that MQTT can say");
        }
        return value;
    }

    private String clientId(String text) {
        String filled = NameTemplate.fill(text, name);
        if (filled.indexOf(0) >= 0 || length(filled) > LONGEST_CLIENT_ID) {
            throw new IllegalArgumentException("is no client id");
        }
        return filled;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private List<Route> routes() {
        Map<String, String> both = config.startingWith(BOTH);
        List<Route> routes = new ArrayList<>();
        both.forEach((route, rule) -> routes.addAll(both(route, rule)));
        for (Direction direction : Direction.values()) {
            Map<String, String> rules = config.startingWith(Route.key(direction, ""));
            rules.forEach((route, rule) -> {
                route(direction, route, rule).ifPresent(routes::add);
                if (both.containsKey(route)) {
                    config.error(
                            Route.key(direction, route), "is said by " + BOTH + route + " as well; rename one of them");
                }
            });
            checkTogether(routes.stream()
                    .filter(route -> route.direction() == direction)
                    .toList());
        }
        routes.stream()
                .filter(route ->
                        route.maximumQos().level() > profile.maximumQos().level())
                .forEach(route -> refused(
                        written(route),
                        "crosses with QoS " + route.maximumQos().level(),
                        "qos=0 to qos=" + profile.maximumQos().level()));
        checkOnDemand(routes.stream()
                .filter(route -> route.direction() == Direction.SUBSCRIBE)
                .toList());
        if (routes.size() > MOST_ROUTES) {
            config.error(
                    "forward.<name>", "there are " + routes.size() + " routes; allowed are at most " + MOST_ROUTES);
        }
        if (noRoute()) {
            config.error(
                    "forward.<name>",
                    "there is no route; give at least one forward.<name>, subscribe.<name> or both.<name>");
        }
        routes.sort(Comparator.comparing(Route::direction).thenComparing(Route::name));
        return routes;
    }

    /** The key that the file has for it. */
    private String written(Route route) {
        return config.startingWith(BOTH).containsKey(route.name()) ? BOTH + route.name() : route.key();
    }

    private List<Route> both(String route, String rule) {
        try {
            return RouteParser.parseBoth(route, rule, profile.routes());
        } catch (IllegalArgumentException e) {
            config.error(BOTH + route, e.getMessage());
            return List.of();
        }
    }

    private boolean noRoute() {
        return config.startingWith("forward.").isEmpty()
                && config.startingWith("subscribe.").isEmpty()
                && config.startingWith(BOTH).isEmpty();
    }

    private Optional<Route> route(Direction direction, String route, String rule) {
        try {
            return Optional.of(RouteParser.parse(direction, route, rule, profile.routes()));
        } catch (IllegalArgumentException e) {
            config.error(Route.key(direction, route), e.getMessage());
            return Optional.empty();
        }
    }

    /** What comes for one of two routes that overlap would be taken for what comes for the other, which may not want it. */
    private void checkOnDemand(List<Route> routes) {
        if (routes.stream().noneMatch(Route::onDemand)) {
            return;
        }
        Map<List<String>, List<Route>> byLevels = new HashMap<>(); // a shared one may have those of one that is not
        FilterTree<List<Route>> all = new FilterTree<>();
        for (Route route : routes) {
            for (TopicFilter filter : route.filters()) {
                List<Route> same = byLevels.computeIfAbsent(filter.levels(), absent -> new ArrayList<>());
                same.add(route);
                all.put(filter, same);
            }
        }
        routes.stream()
                .filter(Route::onDemand)
                .forEach(route -> route.filters().stream()
                        .map(filter -> all.overlapping(
                                        filter, (other, its) -> its.stream().anyMatch(each -> each != route))
                                .map(other -> filter + " and " + other
                                        + " of another subscribe route match the same topics; with interest=subscribed a route has its topics for"
                                        + " itself"))
                        .flatMap(Optional::stream)
                        .forEach(error -> config.error(route.key(), error)));
    }

    /** A session has one subscription for a filter, and a route is found by its identifier. */
    private void checkTogether(List<Route> routes) {
        Map<TopicFilter, Route> byFilter = new HashMap<>();
        Map<Integer, Route> byIdentifier = new HashMap<>();
        for (Route route : routes) {
            for (TopicFilter filter : route.filters()) {
                Route other = byFilter.putIfAbsent(filter, route);
                if (other != null && other != route) {
                    config.error(
                            route.key(), filter + " stands in " + other.key() + " as well; allowed is one of them");
                }
            }
            Route other = byIdentifier.putIfAbsent(route.identifier(), route);
            if (other != null) {
                config.error(
                        route.key(), "has by chance the same identifier as " + other.key() + "; rename one of them");
            }
        }
    }
}
