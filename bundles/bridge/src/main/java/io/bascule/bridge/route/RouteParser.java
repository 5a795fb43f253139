/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.bridge.route.Queueing.Offline;
import io.bascule.config.Durations;
import io.bascule.config.Sizes;
import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code filter[, filter…] [-> template] [option=value …]}. */
public final class RouteParser {
    private static final String ARROW = "->";
    /** One that is a word: a filter may have one in it. */
    private static final Pattern WHOLE_ARROW = Pattern.compile("(?<!\\S)" + ARROW + "(?!\\S)");

    private static final String PROPERTY = "property.";
    private static final String RESERVED = "bascule-";
    /** Four bytes of seconds (MQTT 5.0, section 3.3.2.3.3). */
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(49_710);

    private static final int MOST_FILTERS = 100;
    private static final int LARGEST_PAYLOAD = 1 << 28;

    /** Options of a route both ways that say nothing of its way back. */
    private static final Pattern WAY_OUT_ONLY = Pattern.compile("\\s(offline|priority)=\\S*");

    private final Direction direction;
    private final String name;
    private final String rule;
    private final Map<String, String> defaults;
    private final List<String> errors = new ArrayList<>();
    private QoS minimumQos = QoS.AT_MOST_ONCE;
    private QoS maximumQos = QoS.EXACTLY_ONCE;
    private int maximumPayload = Integer.MAX_VALUE;
    private Retain retain = Retain.KEEP;
    private RetainHandling retainHandling = RetainHandling.SEND_IF_NEW;
    private boolean retainHandlingGiven;
    private List<TopicFilter> excluded = List.of();
    private Optional<Duration> expiry = Optional.empty();
    private final List<UserProperty> properties = new ArrayList<>();
    private boolean keepsResponseTopic;
    private Queueing queueing = Queueing.ORDINARY;
    private boolean onDemand;

    private RouteParser(Direction direction, String name, String rule, Map<String, String> defaults) {
        this.direction = direction;
        this.name = name;
        this.rule = rule;
        this.defaults = defaults;
    }

    /**
     * The route of this text.
     *
     * @throws IllegalArgumentException when it is not one; the message says everything that is wrong with it
     */
    public static Route parse(Direction direction, String name, String rule) {
        return parse(direction, name, rule, Map.of());
    }

    /**
     * The same, with options for each direction that hold where the text does not have them.
     *
     * @throws IllegalArgumentException as there
     */
    public static Route parse(
            Direction direction, String name, String rule, Map<Direction, Map<String, String>> defaults) {
        RouteParser parser = new RouteParser(direction, name, rule.strip(), defaults.getOrDefault(direction, Map.of()));
        Route route = parser.parse();
        if (parser.onDemand && direction == Direction.FORWARD) {
            parser.errors.add(
                    "interest=subscribed is possible for subscribe routes; what the clients of the remote broker want nobody says to"
                            + " this one, so write it in the subscribe route of a bridge on the other side");
        }
        return checked(parser, route);
    }

    private static Route checked(RouteParser parser, Route route) {
        if (!parser.errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", parser.errors));
        }
        return route;
    }

    /**
     * The two routes that this text stands for, out and the same way back.
     *
     * @throws IllegalArgumentException when it does not stand for two; the message says everything that is wrong with it
     */
    public static List<Route> parseBoth(String name, String rule) {
        return parseBoth(name, rule, Map.of());
    }

    /**
     * The same, with options for each direction that hold where the text does not have them.
     *
     * @throws IllegalArgumentException as there
     */
    public static List<Route> parseBoth(String name, String rule, Map<Direction, Map<String, String>> defaults) {
        RouteParser outParser = new RouteParser(
                Direction.FORWARD, name, rule.strip(), defaults.getOrDefault(Direction.FORWARD, Map.of()));
        Route out = checked(outParser, outParser.parse());
        out.filters().stream().filter(TopicFilter::isShared).findFirst().ifPresent(shared -> {
            throw new IllegalArgumentException(
                    shared + " is shared on one side, and there is no way back from the other; write forward." + name
                            + " and subscribe." + name);
        });
        if (out.template() == TopicTemplate.SAME) {
            return List.of(
                    out,
                    parse(Direction.SUBSCRIBE, name, WAY_OUT_ONLY.matcher(rule).replaceAll(""), defaults));
        }
        List<String> filters = new ArrayList<>();
        Set<String> templates = new HashSet<>();
        for (TopicFilter filter : out.filters()) {
            TopicTemplate.Inverse back = out.template()
                    .inverse(filter)
                    .filter(inverse -> !filter.level(0).startsWith("$"))
                    .orElseThrow(
                            () -> new IllegalArgumentException("there is no way back from " + out.template() + " to "
                                    + filter
                                    + ", in which every wildcard would have to stand once and alone on its level; write forward."
                                    + name + " and subscribe." + name));
            filters.add(back.filter().text());
            templates.add(back.template().toString());
        }
        if (templates.size() > 1) {
            throw new IllegalArgumentException("its filters have different ways back, by "
                    + templates.stream().sorted().collect(Collectors.joining(" and ")) + "; write a route for each");
        }
        String back = String.join(", ", filters) + " -> " + templates.iterator().next() + optionsBack(out);
        return List.of(out, parse(Direction.SUBSCRIBE, name, back, defaults));
    }

    /** The options of a route for its way back, where what is excluded has other names. */
    private static String optionsBack(Route out) {
        String afterArrow = WHOLE_ARROW.split(out.rule(), 2)[1].strip();
        String options = WAY_OUT_ONLY
                .matcher(afterArrow.substring(out.template().toString().length()))
                .replaceAll("");
        if (out.excluded().isEmpty()) {
            return options;
        }
        String excluded = out.filters().stream()
                .flatMap(filter -> out.excluded().stream()
                        .flatMap(exception -> Filters.intersection(filter, exception)
                                .flatMap(topics -> out.template().image(filter, topics))
                                .stream()))
                .map(TopicFilter::text)
                .distinct()
                .collect(Collectors.joining(","));
        return options.replaceFirst("(?<!\\S)exclude=\\S*", Matcher.quoteReplacement("exclude=" + excluded));
    }

    private Route parse() {
        if (name.isBlank()) {
            errors.add("the route lacks a name; write " + direction + ".<name>");
        }
        List<String> words = new ArrayList<>(Arrays.asList(rule.split("\\s+")));
        int arrow = words.indexOf(ARROW);
        if (arrow < 0 && rule.contains(ARROW)) {
            errors.add("-> needs a space on both sides");
        }
        options(words, Math.max(arrow + 1, 1));
        List<TopicFilter> filters = filters(String.join(" ", arrow < 0 ? words : words.subList(0, arrow)));
        TopicTemplate template = template(arrow < 0 ? null : words.subList(arrow + 1, words.size()));
        filters.forEach(filter -> errors.addAll(template.impossibleFor(filter)));
        excluded.stream()
                .filter(exception -> filters.stream().noneMatch(filter -> Filters.overlap(filter, exception)))
                .forEach(exception -> errors.add("exclude=" + exception + " excludes nothing that the route takes"));
        filters.stream()
                .filter(filter -> onDemand && filter.isShared())
                .forEach(filter -> errors.add("interest=subscribed is not possible for " + filter
                        + ": those who share a filter have to be subscribed to the same one"));
        if (minimumQos != QoS.AT_MOST_ONCE && queueing.offline() != Offline.DROP) {
            errors.add("offline is of QoS 0, and with qos=exact:" + minimumQos.level()
                    + " no message crosses so; leave one of them out");
        }
        if (retain == Retain.DIFF) {
            checkDiff(filters, template);
        }
        return new Route(
                direction,
                name,
                rule,
                filters,
                template,
                minimumQos,
                maximumQos,
                maximumPayload,
                retain,
                retain == Retain.DIFF && direction == Direction.FORWARD
                        ? RetainHandling.DO_NOT_SEND // what is to be sent the bridge finds itself
                        : retainHandling,
                excluded,
                onDemand && direction == Direction.SUBSCRIBE,
                edits(),
                queueing);
    }

    private void checkDiff(List<TopicFilter> filters, TopicTemplate template) {
        filters.stream()
                .filter(filter -> template != TopicTemplate.SAME
                        && template.inverse(filter).isEmpty())
                .forEach(filter -> errors.add("retain=diff needs a way back from " + template + " to " + filter
                        + ", in which every wildcard would have to stand once and alone on its level"));
        checkTargets(filters.stream()
                .flatMap(filter -> template.inverse(filter).stream())
                .toList());
        filters.stream()
                .filter(TopicFilter::isShared)
                .forEach(shared ->
                        errors.add("retain=diff is about retained messages, of which a shared subscription such as "
                                + shared + " has none; leave one of them out"));
        if (retainHandlingGiven && direction == Direction.FORWARD) {
            errors.add("retain=diff compares what is retained at each connection, so leave retain.handling out");
        } else if (retainHandling == RetainHandling.DO_NOT_SEND) {
            errors.add(
                    "retain=diff needs what the remote broker has retained, so retain.handling is if-new or always, not never");
        }
        if (onDemand) {
            errors.add(
                    "retain=diff compares all that the route takes, which interest=subscribed does not ask for; leave one"
                            + " of them out");
        }
    }

    /** Two topics of one target would each be taken for what is there. */
    private void checkTargets(List<TopicTemplate.Inverse> ways) {
        for (int i = 0; i < ways.size(); i++) {
            for (TopicTemplate.Inverse other : ways.subList(i + 1, ways.size())) {
                if (Filters.overlap(ways.get(i).filter(), other.filter())) {
                    errors.add("retain=diff needs one way back from each topic, and there are two by "
                            + ways.get(i).template() + " and " + other.template() + "; write a route for each filter");
                    return;
                }
            }
        }
    }

    private Edits edits() {
        boolean none = expiry.isEmpty() && properties.isEmpty() && !keepsResponseTopic;
        return none ? Edits.NONE : new Edits(expiry, properties, keepsResponseTopic);
    }

    /** Takes the options off the end of the words, down to this index. */
    private void options(List<String> words, int lowest) {
        Map<String, String> found = new LinkedHashMap<>();
        while (words.size() > lowest && words.get(words.size() - 1).matches("[a-z][a-z.-]*=.*|property[.][^=]*=.*")) {
            String option = words.remove(words.size() - 1);
            int equals = option.indexOf('=');
            if (found.put(option.substring(0, equals), option.substring(equals + 1)) != null) {
                errors.add("the option " + option.substring(0, equals) + " is given twice");
            }
        }
        List<String> written = new ArrayList<>(found.keySet());
        Collections.reverse(written);
        written.forEach(option -> option(option, found.get(option)));
        defaults.forEach((option, value) -> {
            if (!found.containsKey(option)) {
                option(option, value);
            }
        });
    }

    private void option(String option, String value) {
        switch (option) {
            case "qos" -> qos(value);
            case "max.payload" -> maximumPayload(value);
            case "retain" -> retain(value);
            case "retain.handling" -> retainHandling(value);
            case "exclude" -> exclude(value);
            case "expiry" -> expiry(value);
            case "response" -> response(value);
            case "offline" -> offline(value);
            case "priority" -> priority(value);
            case "interest" -> interest(value);
            default -> {
                if (option.startsWith(PROPERTY)) {
                    property(option.substring(PROPERTY.length()), value);
                } else {
                    errors.add(
                            "there is no option " + option
                                    + "; allowed are qos=0|1|2|max:0|max:1|max:2|exact:0|exact:1|exact:2|keep, retain=keep|strip|force|diff, retain.handling=if-new|always|never, exclude=<filter>[,<filter>…],"
                                    + " max.payload=<size>, expiry=<duration>, response=map|keep, interest=always|subscribed, property.<name>=<value>, offline=drop|latest|queue, priority=high|normal|low");
                }
            }
        }
    }

    private void qos(String value) {
        if (value.matches("(max:|exact:)?[012]")) {
            maximumQos = QoS.ofLevel(value.charAt(value.length() - 1) - '0');
            minimumQos = value.startsWith("exact:") ? maximumQos : QoS.AT_MOST_ONCE;
        } else if (!value.equals("keep")) {
            errors.add("qos=" + value
                    + " is no QoS; allowed is 0, 1, 2, max:0, max:1, max:2, exact:0, exact:1, exact:2 or keep");
        }
    }

    private void maximumPayload(String value) {
        try {
            long bytes = Sizes.parse(value);
            if (bytes >= 1 && bytes <= LARGEST_PAYLOAD) {
                maximumPayload = (int) bytes;
            } else {
                errors.add("max.payload=" + value + " is out of bounds; allowed is 1B to "
                        + Sizes.format(LARGEST_PAYLOAD));
            }
        } catch (IllegalArgumentException e) {
            errors.add("max.payload: " + e.getMessage());
        }
    }

    private void retain(String value) {
        switch (value) {
            case "keep" -> retain = Retain.KEEP;
            case "strip" -> retain = Retain.STRIP;
            case "force" -> retain = Retain.FORCE;
            case "diff" -> retain = Retain.DIFF;
            default -> errors.add("retain=" + value + " is not possible; allowed is keep, strip, force or diff");
        }
    }

    private void expiry(String value) {
        try {
            Duration longest = Durations.parse(value);
            if (longest.compareTo(Duration.ofSeconds(1)) >= 0
                    && longest.compareTo(LONGEST_EXPIRY) <= 0
                    && longest.toMillisPart() == 0) {
                expiry = Optional.of(longest);
                return;
            }
        } catch (IllegalArgumentException e) {
            errors.add("expiry: " + e.getMessage());
            return;
        }
        errors.add("expiry=" + value + " cannot be said in MQTT; allowed is 1s to 49710d, in whole seconds");
    }

    private void response(String value) {
        switch (value) {
            case "map" -> keepsResponseTopic = false;
            case "keep" -> keepsResponseTopic = true;
            default -> errors.add("response=" + value + " is not possible; allowed is map or keep");
        }
    }

    private void offline(String value) {
        switch (value) {
            case "drop" -> queueing = new Queueing(Offline.DROP, queueing.priority());
            case "latest" -> queueing = new Queueing(Offline.LATEST, queueing.priority());
            case "queue" -> queueing = new Queueing(Offline.QUEUE, queueing.priority());
            default -> errors.add("offline=" + value + " is not possible; allowed is drop, latest or queue");
        }
        forwardOnly("offline");
    }

    private void priority(String value) {
        switch (value) {
            case "high" -> queueing = new Queueing(queueing.offline(), Priority.HIGH);
            case "normal" -> queueing = new Queueing(queueing.offline(), Priority.NORMAL);
            case "low" -> queueing = new Queueing(queueing.offline(), Priority.LOW);
            default -> errors.add("priority=" + value + " is not possible; allowed is high, normal or low");
        }
        forwardOnly("priority");
    }

    private void forwardOnly(String option) {
        if (direction != Direction.FORWARD) {
            errors.add(option + " is possible for forward routes; what is to come here waits at the remote broker");
        }
    }

    private void interest(String value) {
        switch (value) {
            case "always" -> onDemand = false;
            case "subscribed" -> onDemand = true;
            default -> errors.add("interest=" + value + " is not possible; allowed is always or subscribed");
        }
    }

    private void property(String property, String value) {
        if (property.isEmpty() || property.startsWith(RESERVED)) {
            errors.add(PROPERTY
                    + property
                    + (property.isEmpty() ? " lacks its name" : " is of a name that we keep for ourselves"));
            return;
        }
        Optional<String> flaw = Edits.flaw(value);
        if (flaw.isPresent()) {
            errors.add(PROPERTY + property + " has " + flaw.get() + "; allowed are {topic}, {bridge} and {time}");
            return;
        }
        properties.add(new UserProperty(property, value));
    }

    private void retainHandling(String value) {
        retainHandlingGiven = true;
        switch (value) {
            case "if-new" -> retainHandling = RetainHandling.SEND_IF_NEW;
            case "never" -> retainHandling = RetainHandling.DO_NOT_SEND;
            case "always" -> {
                retainHandling = RetainHandling.SEND;
                if (direction == Direction.FORWARD) {
                    errors.add(
                            "retain.handling=always is possible for subscribe routes; a forward route is subscribed once,"
                                    + " not at each connection, so allowed is if-new or never");
                }
            }
            default -> errors.add("retain.handling=" + value + " is not possible; allowed is if-new, always or never");
        }
    }

    private void exclude(String value) {
        excluded = new ArrayList<>();
        for (String text : value.split(",", -1)) {
            try {
                TopicFilter filter = TopicFilter.of(text);
                if (filter.isShared()) {
                    errors.add(text + " is shared; exclude takes plain filters");
                }
                excluded.add(filter);
            } catch (IllegalArgumentException e) {
                errors.add("exclude: " + e.getMessage());
            }
        }
    }

    private List<TopicFilter> filters(String text) {
        List<TopicFilter> filters = new ArrayList<>();
        String[] parts = text.split(",", -1);
        if (parts.length > MOST_FILTERS) {
            errors.add("there are " + parts.length + " topic filters; allowed are at most " + MOST_FILTERS);
            return filters;
        }
        for (String part : parts) {
            filter(part.strip(), filters);
        }
        return filters;
    }

    private void filter(String text, List<TopicFilter> filters) {
        if (text.isEmpty()) {
            errors.add("a topic filter is missing");
            return;
        }
        if (text.contains(" ")) {
            errors.add("\"" + text + "\" has a space; filters are parted by commas, a template comes after ->");
            return;
        }
        try {
            TopicFilter filter = TopicFilter.of(text);
            List<TopicFilter> overlapping = filters.stream()
                    .filter(other -> Filters.overlap(filter, other))
                    .toList();
            overlapping.forEach(other ->
                    errors.add(other + " and " + text + " match the same topics, whose messages would cross twice"));
            filters.add(filter);
        } catch (IllegalArgumentException e) {
            errors.add(e.getMessage());
        }
    }

    private TopicTemplate template(List<String> words) {
        if (words == null) {
            return TopicTemplate.SAME;
        }
        if (words.size() != 1) {
            errors.add(
                    words.isEmpty()
                            ? "the template after -> is missing"
                            : words.stream().skip(1).collect(Collectors.joining(" "))
                                    + " is no option; options are written name=value, and a topic has no space here");
            return TopicTemplate.SAME;
        }
        try {
            return TopicTemplate.parse(words.get(0));
        } catch (IllegalArgumentException e) {
            errors.add(e.getMessage());
            return TopicTemplate.SAME;
        }
    }
}
