/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the audit log says until it is closed: the framework's log is what this JVM prints. */
final class AuditLines implements AutoCloseable {
    private static final String BEGIN = "[io.bascule.audit] INFO : {";
    private static final JsonFactory JSON = new JsonFactory();

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    AuditLines() {
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
    }

    /** The lines so far, without what the log has in front of them. */
    List<String> lines() {
        return Arrays.stream(printed.toString(StandardCharsets.UTF_8).split("\n"))
                .filter(line -> line.contains(BEGIN))
                .map(line -> line.substring(line.indexOf(BEGIN) + BEGIN.length() - 1))
                .map(String::stripTrailing)
                .toList();
    }

    /** The same, read: the members of each object, lists as text such as {@code [a, b]}. */
    List<Map<String, String>> entries() {
        return lines().stream().map(AuditLines::read).toList();
    }

    static Map<String, String> read(String line) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                members.put(name, parser.nextToken() == JsonToken.START_ARRAY ? list(parser) : parser.getText());
            }
            if (parser.nextToken() != null) {
                throw new AssertionError("more than an object: " + line);
            }
            return members;
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + line, e);
        }
    }

    private static String list(JsonParser parser) throws IOException {
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(parser.getText());
        }
        return values.toString();
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
    }
}
