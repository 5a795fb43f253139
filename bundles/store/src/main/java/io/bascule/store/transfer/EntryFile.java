/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Reads a file of entries, and sees to it that they make sense together: a session is there before what it is to receive, and once; what is on
 * its way is there under each of its Packet Identifiers; nothing is missing at the end.
 */
public final class EntryFile {
    /** More characters than the largest message takes. */
    static final int LONGEST_LINE = 384 << 20;

    private final Map<String, Session> sessions = new HashMap<>();
    private final Set<String> retained = new HashSet<>();
    private final Target target;
    private long line;
    private long messages;
    private boolean ended;

    /** Takes what was read. */
    public interface Target {
        void session(Entry.Session session) throws IOException;

        void message(Entry.Queued message) throws IOException;

        void retained(Entry.Retained message) throws IOException;
    }

    /** Where it is, and which Packet Identifiers lack a message. */
    private record Session(long line, BitSet open) {}

    private EntryFile(Target target) {
        this.target = target;
    }

    /**
     * Reads all of it.
     *
     * @param wanted asked for each line
     * @throws IOException which names the line, the field and what is allowed, or says why the file cannot be read
     * @throws CancellationException when it is not wanted any more
     */
    public static void read(Path file, Target target, BooleanSupplier wanted) throws IOException {
        EntryFile reading = new EntryFile(target);
        try (BufferedReader from = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()))) {
            for (String each = reading.next(from); each != null; each = reading.next(from)) {
                if (!wanted.getAsBoolean()) {
                    throw new CancellationException("nobody wants it any more");
                }
                reading.accept(each);
            }
            reading.finish();
        } catch (CharacterCodingException e) {
            throw new IOException("line " + reading.line + ": it is not in UTF-8");
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file);
        } catch (IllegalArgumentException e) {
            throw new IOException("line " + reading.line + ": " + e.getMessage());
        }
    }

    /** Null at the end. */
    private String next(Reader from) throws IOException {
        line++;
        StringBuilder text = new StringBuilder();
        int c = from.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = from.read()) {
            if (text.length() == LONGEST_LINE) {
                throw new IllegalArgumentException("it is too long for a message");
            }
            text.append((char) c);
        }
        return text.toString();
    }

    private void accept(String text) throws IOException {
        Entry entry = EntryReader.entry(text);
        if (entry instanceof Entry.Head != (line == 1)) {
            throw new IllegalArgumentException(
                    "format: allowed is " + EntryReader.FORMAT + ", in the first line alone");
        }
        if (ended) {
            throw new IllegalArgumentException("nothing may follow the line of type " + EntryReader.END);
        }
        if (entry instanceof Entry.Head head && head.version() != EntryReader.VERSION) {
            throw new IllegalArgumentException("version: allowed is " + EntryReader.VERSION);
        } else if (entry instanceof Entry.Session session) {
            check(session);
            target.session(session);
        } else if (entry instanceof Entry.Queued message) {
            check(message);
            messages++;
            target.message(message);
        } else if (entry instanceof Entry.Retained message) {
            check(message);
            target.retained(message);
        } else if (entry instanceof Entry.End end) {
            check(end);
            ended = true;
        }
    }

    private void check(Entry.Session session) {
        BitSet open = new BitSet();
        for (int i = 0; i < session.inFlight().size(); i++) {
            int packetId = session.inFlight().get(i).packetId();
            if (open.get(packetId)) {
                throw new IllegalArgumentException("inFlight[" + i + "].packetId: " + packetId + " is there twice");
            }
            open.set(packetId);
        }
        Session before = sessions.put(session.clientId(), new Session(line, open));
        if (before != null) {
            throw new IllegalArgumentException(
                    "clientId: the session " + session.clientId() + " is in line " + before.line() + " already");
        }
    }

    private void check(Entry.Queued message) {
        for (int i = 0; i < message.receivers().size(); i++) {
            Entry.Receiver receiver = message.receivers().get(i);
            Session session = sessions.get(receiver.clientId());
            if (session == null) {
                throw new IllegalArgumentException(
                        "receivers[" + i + "].clientId: no line before has a session " + receiver.clientId());
            }
            int packetId = receiver.packetId();
            if (packetId != 0 && !session.open().get(packetId)) {
                throw new IllegalArgumentException("receivers[" + i + "].packetId: allowed is what inFlight of line "
                        + session.line() + " has and no other message");
            }
            session.open().clear(packetId);
        }
    }

    private void check(Entry.Retained message) {
        String topic = message.message().topic().name();
        if (!retained.add(topic)) {
            throw new IllegalArgumentException("topic: a line before has a retained message of " + topic);
        }
        if (message.message().payload().length == 0) {
            throw new IllegalArgumentException("payload: allowed is one that is not empty");
        }
    }

    private void check(Entry.End end) {
        check("sessions", end.sessions(), sessions.size());
        check("messages", end.messages(), messages);
        check("retained", end.retained(), retained.size());
        sessions.forEach((clientId, session) -> {
            if (!session.open().isEmpty()) {
                throw new IllegalArgumentException("there is no message with packetId "
                        + session.open().nextSetBit(0) + " for the session " + clientId + ", as inFlight of line "
                        + session.line() + " says");
            }
        });
    }

    private static void check(String field, long said, long found) {
        if (said != found) {
            throw new IllegalArgumentException(field + ": the file has " + found);
        }
    }

    private void finish() {
        if (!ended) {
            throw new IllegalArgumentException("the file is cut short: its last line is of type " + EntryReader.END);
        }
    }
}
