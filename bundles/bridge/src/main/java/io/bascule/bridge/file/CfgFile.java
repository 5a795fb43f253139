/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of a .cfg file, line by line, as File Install 3.7.4 reads it (Felix's {@code TypedProperties}; a test compares the two). An
 * edit leaves every line as it was that it does not change, to the byte: lines are kept as bytes, one in a char, and only keys and values
 * are decoded. Immutable.
 */
public final class CfgFile {
    /** What has File Install take a file for one with types, when all of its values are so. */
    private static final Pattern TYPED =
            Pattern.compile("\\s*[TILFDXSCBilfdxscb]?(\\[[\\S\\s]*\\]|\\{[\\S\\s]*\\}|\"[\\S\\s]*\")\\s*");

    private static final Pattern LINE = Pattern.compile("([^\r\n]*)(\r\n|\r|\n|$)");
    private final Charset charset;
    private final List<Line> lines;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final boolean typed;

    private record Line(String text, String end) {
        boolean isComment() {
            String trimmed = text.trim();
            return trimmed.isEmpty() || "#!".indexOf(trimmed.charAt(0)) >= 0;
        }

        boolean goesOn() {
            int content = text.length();
            while (content > 0 && text.charAt(content - 1) == '\\') {
                content--;
            }
            return (text.length() - content) % 2 != 0;
        }

        String content() {
            return text.substring(Property.skip(Property.BLANKS, text, 0), text.length() - (goesOn() ? 1 : 0));
        }
    }

    /**
     * A logical line.
     *
     * @param key with its escapes of letters
     * @param value where it begins; not behind a separator where there is none
     */
    private record Property(String key, int value, boolean separated) {
        private static final String SEPARATORS = "=:";
        private static final String BLANKS = " \t\f";

        static Property of(String logical) {
            StringBuilder key = new StringBuilder();
            int at = 0;
            while (at < logical.length() && !isIn(SEPARATORS + BLANKS, logical.charAt(at))) {
                if (logical.charAt(at) == '\\' && at + 1 < logical.length()) {
                    at++;
                    if (!isIn(SEPARATORS + BLANKS, logical.charAt(at))) {
                        key.append('\\');
                    }
                }
                key.append(logical.charAt(at++));
            }
            at = skip(BLANKS, logical, at);
            boolean separated = at < logical.length() && isIn(SEPARATORS, logical.charAt(at));
            return new Property(key.toString(), skip(BLANKS, logical, separated ? at + 1 : at), separated);
        }

        private static int skip(String characters, String text, int from) {
            int at = from;
            while (at < text.length() && isIn(characters, text.charAt(at))) {
                at++;
            }
            return at;
        }

        private static boolean isIn(String characters, char c) {
            return characters.indexOf(c) >= 0;
        }
    }

    /** From the first line to before the last. */
    private record Entry(String key, String value, int first, int last) {}

    /**
     * Something that makes File Install pass over a part of the file, or over all of it, as Configuration Admin does over keys that differ in case
     * alone.
     *
     * @param line where, from 1
     * @param sentence what, without a full stop
     */
    public record Fault(int line, String sentence) {}

    private CfgFile(List<Line> lines, Charset charset) {
        this.lines = List.copyOf(lines);
        this.charset = charset;
        this.typed = read();
    }

    /** The file of these bytes. */
    public static CfgFile of(byte[] content, Charset charset) {
        String text = new String(content, ISO_8859_1);
        List<Line> lines = new ArrayList<>();
        Matcher line = LINE.matcher(text);
        while (line.find() && !line.group().isEmpty()) {
            lines.add(new Line(line.group(1), line.group(2)));
        }
        return new CfgFile(lines, charset);
    }

    /** Reads all of it; whether it is typed. */
    private boolean read() {
        NavigableMap<String, Entry> keys =
                new TreeMap<>(String.CASE_INSENSITIVE_ORDER); // as Configuration Admin has them
        StringBuilder logical = new StringBuilder();
        int first = -1;
        boolean allTyped = true;
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.isComment()) {
                continue; // also between the lines of one value
            }
            first = first < 0 ? i : first;
            logical.append(line.content());
            if (line.goesOn()) {
                continue;
            }
            String value = logical.substring(Property.of(logical.toString()).value());
            allTyped &= TYPED.matcher(value).matches();
            entry(logical.toString(), first, i + 1).ifPresent(entry -> check(entry, keys));
            logical.setLength(0);
            first = -1;
        }
        if (first >= 0) {
            faults.add(new Fault(first + 1, "ends with \\ and nothing follows, so that it is passed over"));
        }
        return allTyped && !entries.isEmpty();
    }

    private Optional<Entry> entry(String logical, int first, int last) {
        Property property = Property.of(logical);
        try {
            String key = key(property);
            String value = Escapes.undone(decode(logical.substring(property.value())));
            Entry entry = new Entry(key, value, first, last);
            entries.add(entry);
            return Optional.of(entry);
        } catch (IllegalArgumentException e) {
            readNothing(first, e.getMessage());
            return Optional.empty();
        }
    }

    private void check(Entry entry, NavigableMap<String, Entry> before) {
        Entry other = before.put(entry.key(), entry);
        if (entry.key().isEmpty()) {
            readNothing(entry.first(), "has no key");
        } else if (other != null && other.key().equals(entry.key())) {
            warnings.add("line " + (entry.first() + 1) + " gives " + entry.key() + " again, after line "
                    + (other.first() + 1) + "; the later one counts");
        } else if (other != null) {
            readNothing(
                    entry.first(),
                    entry.key() + " is there in another case, as " + other.key() + " in line " + (other.first() + 1));
        }
    }

    private void readNothing(int index, String why) {
        faults.add(new Fault(index + 1, why + "; nothing of the file is read"));
    }

    private String key(Property property) {
        return Escapes.undone(decode(property.key()));
    }

    private String decode(String text) {
        return new String(text.getBytes(ISO_8859_1), charset);
    }

    private String encode(String text) {
        return new String(text.getBytes(charset), ISO_8859_1);
    }

    /** Every key with its value, with placeholders as they stand; of several lines for a key the last counts. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        entries.forEach(entry -> values.put(entry.key(), entry.value()));
        return values;
    }

    /** Where the line that counts for a key begins, from 1. */
    public Optional<Integer> lineOf(String key) {
        return entry(key).map(entry -> entry.first() + 1);
    }

    private Optional<Entry> entry(String key) {
        return entries.stream().filter(entry -> entry.key().equals(key)).reduce((one, other) -> other);
    }

    /** Whether it is in Felix's notation with types ({@code key = "value"} throughout), of which neither keys nor edits are to be had. */
    public boolean isTyped() {
        return typed;
    }

    /** What is wrong with it whatever the keys mean. */
    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    /** What is probably not meant, one sentence each without a full stop. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The same with these values changed or added, in their order at its end, and these keys removed. */
    public CfgFile with(Map<String, String> changes, Set<String> removals) {
        List<Line> edited = new ArrayList<>(lines);
        List<String> added = new ArrayList<>();
        Map<Integer, String> replaced = new LinkedHashMap<>();
        changes.forEach((key, value) -> entry(key)
                .ifPresentOrElse(
                        entry -> replaced.put(entry.first(), replacement(entry, value)),
                        () -> added.add(line(key, value))));
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            String replacement = replaced.get(entry.first());
            if (replacement != null || removals.contains(entry.key())) {
                String end = lines.get(entry.last() - 1).end();
                List<Line> range = edited.subList(entry.first(), entry.last());
                range.clear();
                if (replacement != null) {
                    range.add(new Line(replacement, end));
                }
            }
        }
        String end = lines.isEmpty() || lines.get(0).end().isEmpty()
                ? "\n"
                : lines.get(0).end();
        int last = edited.size() - 1;
        if (!added.isEmpty() && last >= 0 && edited.get(last).end().isEmpty()) {
            edited.set(last, new Line(edited.get(last).text(), end));
        }
        added.forEach(line -> edited.add(new Line(line, end)));
        return new CfgFile(edited, charset);
    }

    /** The line of an entry with another value, behind what stands before that now, where it can. */
    private String replacement(Entry entry, String value) {
        String line = lines.get(entry.first()).text();
        int indent = Property.skip(Property.BLANKS, line, 0);
        Property property = Property.of(line.substring(indent));
        String before = line.substring(0, indent + property.value());
        return property.separated() && key(property).equals(entry.key())
                ? before + encode(Escapes.value(value, charset))
                : line(entry.key(), value);
    }

    private String line(String key, String value) {
        return encode(Escapes.key(key, charset) + " = " + Escapes.value(value, charset));
    }

    /** What is to be written. */
    public byte[] bytes() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()).append(line.end()));
        return text.toString().getBytes(ISO_8859_1);
    }
}
