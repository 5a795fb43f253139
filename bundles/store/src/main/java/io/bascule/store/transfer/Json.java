/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * JSON (RFC 8259) in one line, of maps, lists, text, whole numbers and booleans. What is read is what the writer writes, and anything else of
 * JSON but {@code null} and numbers that are not whole.
 */
final class Json {
    private static final int DEEPEST = 16;
    private static final HexFormat HEX = HexFormat.of();

    private final String text;
    private int position;

    private Json(String text) {
        this.text = text;
    }

    // ---------------------------------------------------------------- write

    static String write(Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.entrySet().stream()
                    .map(each -> string((String) each.getKey()) + ":" + write(each.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> elements) {
            return elements.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String string ? string(string) : value.toString();
    }

    private static String string(String value) {
        StringBuilder out = new StringBuilder(value.length() + 16).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7F || c >= 0x80 && c < 0xA0 || Character.isSurrogate(c)) {
                out.append("\\u").append(HEX.toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    // ---------------------------------------------------------------- read

    /** @throws IllegalArgumentException which says what is wrong, and in which column */
    static Map<String, Object> readObject(String line) {
        Json json = new Json(line);
        json.expect('{');
        Map<String, Object> object = json.members(1);
        if (!line.substring(json.position).isBlank()) {
            throw json.wrong("nothing may follow the object");
        }
        return object;
    }

    private Object value(int depth) {
        if (depth > DEEPEST) {
            throw wrong("it is nested too deeply");
        }
        char c = peek();
        if (c == '{') {
            position++;
            return members(depth + 1);
        }
        if (c == '[') {
            position++;
            return elements(depth + 1);
        }
        if (c == '"') {
            position++;
            return string();
        }
        return c == 't' || c == 'f' ? flag() : number();
    }

    private Map<String, Object> members(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (next('}')) {
            return members;
        }
        do {
            expect('"');
            String name = string();
            expect(':');
            if (members.put(name, value(depth)) != null) {
                throw wrong(name + " is there twice");
            }
        } while (next(','));
        expect('}');
        return members;
    }

    private List<Object> elements(int depth) {
        List<Object> elements = new ArrayList<>();
        if (next(']')) {
            return elements;
        }
        do {
            elements.add(value(depth));
        } while (next(','));
        expect(']');
        return elements;
    }

    private Boolean flag() {
        for (String each : List.of("true", "false")) {
            if (text.startsWith(each, position)) {
                position += each.length();
                return Boolean.valueOf(each);
            }
        }
        throw wrong("a value is expected");
    }

    private Long number() {
        int start = position;
        while (position < text.length() && "+-.0123456789eE".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        String digits = text.substring(start, position);
        if (!digits.matches("-?(0|[1-9][0-9]{0,18})")) {
            position = start;
            throw wrong("a whole number, a text, true, false, an object or an array is expected");
        }
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            position = start;
            throw wrong("the number is too large");
        }
    }

    /** Behind the quotation mark that begins it. */
    private String string() {
        StringBuilder value = new StringBuilder();
        int plain = position;
        while (true) {
            char c = at();
            if (c == '"' || c == '\\') {
                value.append(text, plain, position++);
                if (c == '"') {
                    return value.toString();
                }
                value.append(escaped());
                plain = position;
            } else if (c < ' ') {
                throw wrong("a control character in a text is written as \\u00xx");
            } else {
                position++;
            }
        }
    }

    private char escaped() {
        char c = at();
        position++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> throw wrong("there is no \\" + c);
        };
    }

    private char codeUnit() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(at(), 16);
            if (digit < 0) {
                throw wrong("four hexadecimal digits are expected");
            }
            position++;
            value = value << 4 | digit;
        }
        return (char) value;
    }

    // ---------------------------------------------------------------- characters

    private char at() {
        if (position == text.length()) {
            throw wrong("it ends too early");
        }
        return text.charAt(position);
    }

    private char peek() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return at();
    }

    /** Whether this comes next, which is then read. */
    private boolean next(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char wanted) {
        if (!next(wanted)) {
            throw wrong(wanted + " is expected");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("column " + (position + 1) + ": " + what);
    }
}
