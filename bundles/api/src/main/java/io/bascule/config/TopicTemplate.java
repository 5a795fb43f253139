/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a rule of a configuration makes one topic of another: text and captures, such as {@code plant7/{2}/{#}}. Captures are {@code {1}},
 * {@code {2-4}}, {@code {3-#}}, {@code {#}} for what the {@code #} of the filter matched, and {@code {topic}}. Immutable.
 *
 * <p>A level that is nothing but a capture of several levels vanishes with its slash when the capture is empty: {@code alarms/#} matches
 * {@code alarms} as well, which {@code plant7/alarms/{#}} turns into {@code plant7/alarms}.
 */
public final class TopicTemplate {
    /** The topic as it came. */
    public static final TopicTemplate SAME = parse("{topic}");

    private final String text;
    private final List<List<Part>> levels;

    /** Text as it stands, or a capture; one of the two is null. */
    private record Part(String text, Capture capture) {}

    private TopicTemplate(String text, List<List<Part>> levels) {
        this.text = text;
        this.levels = levels;
    }

    /**
     * The template of this text.
     *
     * @throws IllegalArgumentException when it is not one; the message says why
     */
    public static TopicTemplate parse(String text) {
        List<List<Part>> levels = new ArrayList<>();
        for (String level : text.split("/", -1)) {
            levels.add(parts(text, level));
        }
        String literal = text.replaceAll("[{][^{}]*[}]", "x");
        if (literal.indexOf('+') >= 0 || literal.indexOf('#') >= 0) {
            throw new IllegalArgumentException("the template \"" + text
                    + "\" has a wildcard outside braces; write {1} for what a + matched and {#} for the rest");
        }
        Topic.of(literal);
        return new TopicTemplate(text, List.copyOf(levels));
    }

    private static List<Part> parts(String template, String level) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < level.length()) {
            int open = level.indexOf('{', at);
            int end = open < 0 ? level.length() : open;
            if (level.substring(at, end).indexOf('}') >= 0) {
                throw new IllegalArgumentException("the template \"" + template + "\" has a } without its {");
            }
            if (end > at) {
                parts.add(new Part(level.substring(at, end), null));
            }
            if (open < 0) {
                break;
            }
            int close = level.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("the template \"" + template + "\" has a { without its }");
            }
            parts.add(new Part(null, Capture.parse(level.substring(open + 1, close))));
            at = close + 1;
        }
        return List.copyOf(parts);
    }

    /** Why it makes a topic of none that this filter matches: what it names that these never have, one sentence each. */
    public List<String> impossibleFor(TopicFilter filter) {
        List<String> errors = new ArrayList<>();
        levels.forEach(level -> level.stream()
                .filter(part -> part.capture() != null)
                .forEach(part -> part.capture().impossibleFor(filter).ifPresent(errors::add)));
        if (beginsWithReserved(filter)) {
            errors.add(text + " begins with what is reserved in " + filter
                    + "; a template has to say where such messages are to go");
        }
        return errors;
    }

    private boolean beginsWithReserved(TopicFilter filter) {
        Capture capture = levels.get(0).isEmpty() ? null : levels.get(0).get(0).capture();
        int level = capture == null ? filter.levelCount() : capture.from(filter);
        return level < filter.levelCount() && filter.level(level).startsWith("$");
    }

    /** Whether it names a reserved topic, which starts with {@code $}, in so many words. */
    public boolean saysReserved() {
        return text.startsWith("$");
    }

    /**
     * The topic on the other side. Empty when the topic lacks a level that the template names, when nothing would be left, or when the result
     * would be a reserved topic that the template does not name: a remote broker reaches no {@code $SYS} through a capture.
     *
     * @param filter the filter that matched the topic
     */
    public Optional<Topic> apply(TopicFilter filter, Topic topic) {
        if (this == SAME && topic.name().charAt(0) != '$') {
            return Optional.of(topic); // what the levels below would make anew
        }
        StringBuilder out = new StringBuilder(text.length() + topic.name().length());
        boolean first = true;
        for (List<Part> level : levels) {
            int before = out.length();
            if (!first) {
                out.append('/');
            }
            int taken = append(level, filter, topic, out);
            if (taken < 0) {
                return Optional.empty();
            }
            if (taken == 0 && isOneVariable(level)) {
                out.setLength(before);
            } else {
                first = false;
            }
        }
        if (first || out.isEmpty() || out.charAt(0) == '$' && !saysReserved()) {
            return Optional.empty();
        }
        return topic(out.toString());
    }

    /**
     * A filter that matches everything that {@link #apply} makes of these topics, and as little else as a filter can; empty when it makes
     * nothing of them that anyone could subscribe to.
     *
     * @param filter the filter that matches the topics
     * @param topics a filter of as many or fewer topics, such as the same
     */
    public Optional<TopicFilter> image(TopicFilter filter, TopicFilter topics) {
        List<String> image = new ArrayList<>();
        for (List<Part> level : levels) {
            boolean more = level.size() == 1 ? image(level.get(0), filter, topics, image) : image(level, topics, image);
            if (!more) {
                break;
            }
        }
        return image.contains(null) ? Optional.empty() : filter(image);
    }

    /** Empty where nobody can subscribe to that. */
    private static Optional<TopicFilter> filter(List<String> levels) {
        if (!levels.isEmpty() && levels.get(0).equals("$share")) {
            return Optional.empty(); // a topic may begin so, and a filter that does means something else
        }
        try {
            return Optional.of(TopicFilter.of(String.join("/", levels)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // empty, or longer than a topic may be
        }
    }

    /** Appends a level that is text or a capture; whether more may follow. */
    private static boolean image(Part part, TopicFilter filter, TopicFilter topics, List<String> image) {
        if (part.capture() == null) {
            image.add(part.text());
            return true;
        }
        boolean openEnd = topics.level(topics.levelCount() - 1).equals("#");
        int known = openEnd ? topics.levelCount() - 1 : topics.levelCount();
        boolean toTheEnd = part.capture().last() == Capture.END;
        int end = toTheEnd ? known : part.capture().last();
        for (int i = part.capture().from(filter); i < end; i++) {
            image.add(level(topics, i));
        }
        if (toTheEnd && openEnd) {
            image.add("#");
            return false;
        }
        return true;
    }

    /** Appends a level of several parts; whether more may follow. */
    private static boolean image(List<Part> level, TopicFilter topics, List<String> image) {
        StringBuilder text = new StringBuilder();
        for (Part part : level) {
            if (part.capture() != null && part.capture().isVariable()) {
                image.add("#"); // there may be any number of levels in it
                return false;
            }
            String known = part.capture() == null
                    ? part.text()
                    : level(topics, part.capture().first() - 1);
            if (known == null || known.equals("+")) {
                image.add(known);
                return true;
            }
            text.append(known);
        }
        image.add(text.toString());
        return true;
    }

    /**
     * The way back.
     *
     * @param filter matches what the template makes, and nothing else
     * @param template makes of that the topic as it came
     */
    public record Inverse(TopicFilter filter, TopicTemplate template) {}

    /**
     * The way back from what this template makes of the topics that the filter matches. Empty where there is none: every wildcard has to
     * stand in the template once, alone on its level, and {@code #} at its end; and someone has to be able to subscribe to what it makes.
     */
    public Optional<Inverse> inverse(TopicFilter filter) {
        boolean openEnd = filter.level(filter.levelCount() - 1).equals("#");
        List<String> made = new ArrayList<>();
        String[] back = filter.levels().toArray(String[]::new);
        for (List<Part> level : levels) {
            if (level.isEmpty() || level.size() == 1 && level.get(0).capture() == null) {
                made.add(level.isEmpty() ? "" : level.get(0).text());
            } else if (level.size() > 1 || !invert(level.get(0).capture(), filter, made, back)) {
                return Optional.empty();
            }
        }
        boolean told = Stream.of(back).noneMatch(level -> level.equals("+") || level.equals("#"));
        boolean ends = made.indexOf("#") == (openEnd ? made.size() - 1 : -1);
        if (!told || !ends || filter.levels().stream().anyMatch(level -> level.matches(".*[{}].*"))) {
            return Optional.empty();
        }
        return filter(made).map(there -> new Inverse(there, parse(String.join("/", back))));
    }

    /** Appends what a capture makes, and notes where its wildcards stand; false when they cannot be told again. */
    private static boolean invert(Capture capture, TopicFilter filter, List<String> made, String[] back) {
        boolean openEnd = filter.level(filter.levelCount() - 1).equals("#");
        int end = capture.last() == Capture.END ? filter.levelCount() : capture.last();
        int from = capture.from(filter);
        if (end > filter.levelCount() || openEnd && capture.last() != Capture.END && end == filter.levelCount()) {
            return false; // one of the levels that the # stands for
        }
        for (int i = from; i < end; i++) {
            String level = filter.level(i);
            made.add(level);
            if (level.equals("+") || level.equals("#")) {
                if (!back[i].equals(level)) {
                    return false; // a second time
                }
                back[i] = level.equals("#") ? "{#}" : "{" + made.size() + "}";
            }
        }
        return from < end;
    }

    /** A level of these topics, {@code +} when it is not the same in all of them, null when none of them has it. */
    private static String level(TopicFilter topics, int index) {
        int last = topics.levelCount() - 1;
        if (topics.level(last).equals("#") && index >= last) {
            return "+";
        }
        return index <= last ? topics.level(index) : null;
    }

    /** Appends one level of the template; how many levels of the topic its captures took, or -1 when one is not there. */
    private static int append(List<Part> level, TopicFilter filter, Topic topic, StringBuilder out) {
        int taken = 0;
        for (Part part : level) {
            if (part.capture() == null) {
                out.append(part.text());
                continue;
            }
            int to = part.capture().to(topic);
            if (to < 0) {
                return -1;
            }
            int from = part.capture().from(filter);
            for (int i = from; i < to; i++) {
                if (i > from) {
                    out.append('/');
                }
                out.append(topic.level(i));
                taken++;
            }
        }
        return taken;
    }

    private static boolean isOneVariable(List<Part> level) {
        return level.size() == 1
                && level.get(0).capture() != null
                && level.get(0).capture().isVariable();
    }

    private static Optional<Topic> topic(String name) {
        try {
            return Optional.of(Topic.of(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // longer than a topic may be
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
