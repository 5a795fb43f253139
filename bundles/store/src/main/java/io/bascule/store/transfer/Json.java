/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * JSON (RFC 8259) in one line, of maps, lists, text, whole numbers and booleans. What is read is what the writer writes, and anything else of
 * JSON but {@code null} and numbers that are not whole.
 */
final class Json {
    private static final int DEEPEST = 16;

    /** Ends of messages that name options of the library, or its own way of telling a place. */
    private static final Pattern FOR_PROGRAMMERS = Pattern.compile("(: enable `| \\((for|not) ).*");

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            // The other pools leave their buffers to threads that are not ours, such as a console's.
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            // Names are what a file says: a table of them outlives it.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(EntryFile.LONGEST_LINE)
                    .build())
            .characterEscapes(new Escapes())
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private Json() {}

    // ---------------------------------------------------------------- write

    static void write(Map<String, Object> object, Writer to) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(to)) {
            write(object, json);
        }
    }

    private static void write(Object value, JsonGenerator to) throws IOException {
        if (value instanceof Map<?, ?> members) {
            to.writeStartObject();
            for (Map.Entry<?, ?> each : members.entrySet()) {
                to.writeFieldName((String) each.getKey());
                write(each.getValue(), to);
            }
            to.writeEndObject();
        } else if (value instanceof List<?> elements) {
            to.writeStartArray();
            for (Object each : elements) {
                write(each, to);
            }
            to.writeEndArray();
        } else {
            to.writePOJO(value);
        }
    }

    // ---------------------------------------------------------------- read

    /** @throws IllegalArgumentException which says what is wrong, and in which column */
    static Map<String, Object> readObject(String line) {
        try (JsonParser from = JSON.createParser(line.toCharArray())) {
            return readObject(line, from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> readObject(String line, JsonParser from) throws IOException {
        try {
            if (from.nextToken() != JsonToken.START_OBJECT) {
                throw wrong(from.currentTokenLocation(), "{ is expected");
            }
            Map<String, Object> object = members(from);
            JsonLocation end = from.currentLocation();
            if (!line.substring((int) end.getCharOffset()).isBlank()) {
                throw wrong(end, "nothing may follow the object");
            }
            return object;
        } catch (JsonEOFException e) {
            throw wrong(e.getLocation(), "it ends too early");
        } catch (StreamConstraintsException e) {
            throw wrong(from.currentLocation(), "it is nested too deeply, or this name or number is too long");
        } catch (JsonProcessingException e) {
            throw wrong(
                    e.getLocation(),
                    FOR_PROGRAMMERS.matcher(e.getOriginalMessage()).replaceFirst(""));
        }
    }

    private static Object value(JsonParser from) throws IOException {
        return switch (from.currentToken()) {
            case START_OBJECT -> members(from);
            case START_ARRAY -> elements(from);
            case VALUE_STRING -> from.getText();
            case VALUE_NUMBER_INT -> from.getLongValue();
            case VALUE_TRUE, VALUE_FALSE -> from.getBooleanValue();
            default ->
                throw wrong(
                        from.currentTokenLocation(),
                        "a whole number, a text, true, false, an object or an array is expected");
        };
    }

    private static Map<String, Object> members(JsonParser from) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        for (String name = from.nextFieldName(); name != null; name = from.nextFieldName()) {
            from.nextToken();
            if (members.put(name, value(from)) != null) {
                throw wrong(from.currentLocation(), name + " is there twice");
            }
        }
        return members;
    }

    private static List<Object> elements(JsonParser from) throws IOException {
        List<Object> elements = new ArrayList<>();
        while (from.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(from));
        }
        return elements;
    }

    private static IllegalArgumentException wrong(JsonLocation where, String what) {
        // Where there is no token, its offset is negative.
        return new IllegalArgumentException("column " + (Math.max(0, where.getCharOffset()) + 1) + ": " + what);
    }

    /** Of what a terminal would obey, and of what UTF-8 has not, halves of surrogate pairs, beside what JSON asks for. */
    private static final class Escapes extends CharacterEscapes {
        private static final long serialVersionUID = 1;
        private static final char DELETE = 0x7F;
        private static final char LAST_CONTROL = 0x9F;
        private static final HexFormat HEX = HexFormat.of();

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[DELETE] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return c <= LAST_CONTROL || Character.isSurrogate((char) c)
                    ? new SerializedString("\\u" + HEX.toHexDigits((char) c))
                    : null;
        }
    }
}
