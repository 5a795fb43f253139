/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The fields of a JSON object, read one by one. What is not allowed is an {@link IllegalArgumentException} that names the field and says what
 * is.
 */
final class Fields {
    private static final String BASE64 = "Base64";

    private final String path;
    private final Map<String, Object> members;
    private final Set<String> known = new HashSet<>();

    /** @param path what stands before the names in messages: nothing, or where the object is and a dot */
    Fields(String path, Map<String, Object> members) {
        this.path = path;
        this.members = members;
    }

    private Optional<Object> find(String name) {
        known.add(name);
        return Optional.ofNullable(members.get(name));
    }

    IllegalArgumentException wrong(String name, String what) {
        return new IllegalArgumentException(path + name + ": " + what);
    }

    private <T> T given(String name, Optional<T> value) {
        return value.orElseThrow(() -> wrong(name, "it is missing"));
    }

    private <T> Optional<T> typed(String name, Class<T> type, String what) {
        Optional<Object> value = find(name);
        if (value.isPresent() && !type.isInstance(value.get())) {
            throw wrong(name, "allowed is " + what);
        }
        return value.map(type::cast);
    }

    /** What this makes of a text, where that is there. */
    <T> Optional<T> optional(String name, Function<String, T> made) {
        Optional<String> text = typed(name, String.class, "a text");
        try {
            return text.map(made);
        } catch (IllegalArgumentException e) {
            throw wrong(name, e.getMessage());
        }
    }

    <T> T required(String name, Function<String, T> made) {
        return given(name, optional(name, made));
    }

    <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
        return optional(
                name,
                text -> Arrays.stream(type.getEnumConstants())
                        .filter(each -> each.name().equals(text))
                        .findAny()
                        .orElseThrow(() -> new IllegalArgumentException("allowed is "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", ")))));
    }

    boolean flag(String name) {
        return typed(name, Boolean.class, "true or false").orElse(false);
    }

    OptionalLong optional(String name, long least, long most) {
        String what = "a whole number from " + least + " to " + most;
        Optional<Long> value = typed(name, Long.class, what);
        if (value.isPresent() && (value.get() < least || value.get() > most)) {
            throw wrong(name, "allowed is " + what);
        }
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    long required(String name, long least, long most) {
        OptionalLong value = optional(name, least, most);
        return value.orElseThrow(() -> wrong(name, "it is missing"));
    }

    /** Bytes: as text in the field of this name, or with {@code Base64} behind it. */
    Optional<byte[]> bytes(String name) {
        Optional<byte[]> text = optional(name, Fields::utf8);
        Optional<byte[]> coded = optional(name + BASE64, Base64.getDecoder()::decode);
        if (text.isPresent() && coded.isPresent()) {
            throw wrong(name, "allowed is either this or " + name + BASE64);
        }
        return text.or(() -> coded);
    }

    private static byte[] utf8(String text) {
        if (!isUtf8(text)) {
            throw new IllegalArgumentException("it has half a surrogate pair");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static boolean isUtf8(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    byte[] requiredBytes(String name) {
        return bytes(name).orElseThrow(() -> wrong(name, "it is missing, and so is " + name + BASE64));
    }

    /** The elements of an array, none where it is not there. */
    private <T> List<T> elements(String name, Class<T> type, String what) {
        List<T> elements = new ArrayList<>();
        for (Object each : typed(name, List.class, "an array of " + what).orElse(List.of())) {
            if (!type.isInstance(each)) {
                throw wrong(name, "allowed is an array of " + what);
            }
            elements.add(type.cast(each));
        }
        return elements;
    }

    List<String> texts(String name) {
        return elements(name, String.class, "texts");
    }

    Optional<List<String>> optionalTexts(String name) {
        return find(name).map(there -> texts(name));
    }

    int[] numbers(String name, int least, int most) {
        String what = "whole numbers from " + least + " to " + most;
        List<Long> numbers = elements(name, Long.class, what);
        if (numbers.stream().anyMatch(each -> each < least || each > most)) {
            throw wrong(name, "allowed is an array of " + what);
        }
        return numbers.stream().mapToInt(Long::intValue).toArray();
    }

    @SuppressWarnings("unchecked") // the reader makes no other
    private Fields inner(String where, Object object) {
        return new Fields(path + where + ".", (Map<String, Object>) object);
    }

    /** What this makes of each object of an array. */
    <T> List<T> objects(String name, Function<Fields, T> made) {
        List<T> objects = new ArrayList<>();
        for (Object each : elements(name, Map.class, "objects")) {
            objects.add(whole(inner(name + "[" + objects.size() + "]", each), made));
        }
        return objects;
    }

    <T> Optional<T> object(String name, Function<Fields, T> made) {
        return typed(name, Map.class, "an object").map(each -> whole(inner(name, each), made));
    }

    /** What this makes of an object, all of which it must know. */
    static <T> T whole(Fields fields, Function<Fields, T> made) {
        T value = made.apply(fields);
        fields.end();
        return value;
    }

    private void end() {
        for (String each : members.keySet()) {
            if (!known.contains(each)) {
                throw wrong(each, "there is no such field; allowed is " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }
}
