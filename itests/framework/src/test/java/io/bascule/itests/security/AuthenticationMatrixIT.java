/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Broker;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.statements.Cve;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Test;

/** Every user name with every password, in both versions, over TCP and over WebSocket: who comes in. */
public class AuthenticationMatrixIT extends SecurityContract {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int CLEAN_START = 0x02;
    /** The connection was closed instead of an answer. */
    private static final int CLOSED = -1;

    private static final String HANDSHAKE = String.join(
            "\r\n",
            "GET /mqtt HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Protocol: mqtt",
            "",
            "");

    /** Which of them is sent; empty where it is not. */
    private enum Name {
        RIGHT("alice"),
        OF_NOBODY("eve"),
        EMPTY(""),
        NONE(null);

        private final Optional<String> sent;

        Name(String sent) {
            this.sent = Optional.ofNullable(sent);
        }
    }

    private enum Word {
        RIGHT(Canary.secret("wonder land")),
        WRONG("wonder"),
        EMPTY(""),
        NONE(null);

        private final Optional<String> sent;

        Word(String sent) {
            this.sent = Optional.ofNullable(sent);
        }
    }

    /** One way to knock. */
    private record Knock(Version version, boolean webSocket, Name name, Word word) {

        /** The code of CONNACK that it is to be answered with. */
        int expected() {
            boolean mqtt5 = version == Version.MQTT_5;
            if (name == Name.RIGHT && word == Word.RIGHT) {
                return 0;
            } else if (name != Name.NONE) {
                return mqtt5 ? 0x86 : 4;
            } else if (word != Word.NONE && !mqtt5) {
                return CLOSED; // [MQTT-3.1.2-22] of 3.1.1
            }
            return mqtt5 ? 0x87 : 5;
        }
    }

    /** Who fails to log in is told so late, and banned: not here. */
    private void forgive() throws Exception {
        Map<String, String> patient = Map.of("login.ban", "0s", "connect.timeout", "1s");
        configureSingleton("io.bascule.broker", patient);
        eventually(
                "the broker has it",
                () -> service(Broker.class).limits().stream()
                        .anyMatch(limit -> limit.name().equals("connect.timeout")
                                && limit.value().equals("1s")));
        awaitOpen("main");
    }

    @After
    public void forgiveNoMore() throws Exception {
        configureSingleton("io.bascule.broker", Map.of());
    }

    @Test(timeout = 300_000)
    @Cve("CVE-2016-9877")
    public void theRightPasswordOfTheRightUserAlone() throws Exception {
        forgive();
        Path file = folder.resolve("users");
        MosquittoPasswd.set(file, "alice", Canary.secret("wonder land"));
        MosquittoPasswd.set(file, "bob", "wonder");
        serve(PASSWORDS, "plant", file);
        configureListener("named", Map.of("port", "0", "authenticators", "plant"));
        configureListener("web", Map.of("port", "0", "authenticators", "plant", "protocol", "ws"));
        int tcp = awaitOpen("named");
        int web = awaitOpen("web");

        List<Knock> knocks = new ArrayList<>();
        for (Version version : List.of(Version.MQTT_3_1_1, Version.MQTT_5)) {
            for (boolean webSocket : new boolean[] {false, true}) {
                Stream.of(Name.values())
                        .flatMap(
                                name -> Stream.of(Word.values()).map(word -> new Knock(version, webSocket, name, word)))
                        .forEach(knocks::add);
            }
        }
        for (Knock knock : knocks) {
            assertThat(answer(knock, knock.webSocket ? web : tcp))
                    .as("%s", knock)
                    .isEqualTo(knock.expected());
        }
        assertThat(knocks).hasSize(2 * 2 * 4 * 4);
    }

    private static int answer(Knock knock, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] connect = connect(knock);
            if (knock.webSocket) {
                socket.getOutputStream().write(HANDSHAKE.getBytes(UTF_8));
                awaitEndOfHeaders(in);
                socket.getOutputStream().write(frame(connect));
                if (in.readUnsignedByte() != 0x82) {
                    return CLOSED;
                }
                in.readUnsignedByte(); // its length
            } else {
                socket.getOutputStream().write(connect);
            }
            assertThat(in.readUnsignedByte()).isEqualTo(0x20);
            in.readUnsignedByte();
            in.readUnsignedByte();
            return in.readUnsignedByte();
        } catch (EOFException e) {
            return CLOSED;
        }
    }

    private static void awaitEndOfHeaders(DataInputStream in) throws IOException {
        StringBuilder headers = new StringBuilder();
        while (headers.indexOf("\r\n\r\n") < 0) {
            headers.append((char) in.readUnsignedByte());
        }
        assertThat(headers.toString()).startsWith("HTTP/1.1 101 ");
    }

    /** One of a client, whose mask is zero, and which is shorter than 126 bytes. */
    private static byte[] frame(byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0x82);
        bytes.write(0x80 | payload.length);
        bytes.write(new byte[Integer.BYTES]);
        bytes.write(payload);
        return bytes.toByteArray();
    }

    private static byte[] connect(Knock knock) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.writeByte(knock.version.level());
        body.writeByte(CLEAN_START
                | (knock.name.sent.isPresent() ? USER_NAME : 0)
                | (knock.word.sent.isPresent() ? PASSWORD : 0));
        body.writeShort(0);
        if (knock.version == Version.MQTT_5) {
            body.writeByte(0); // no properties
        }
        body.writeUTF("knocking");
        if (knock.name.sent.isPresent()) {
            body.writeUTF(knock.name.sent.get());
        }
        if (knock.word.sent.isPresent()) {
            body.writeUTF(knock.word.sent.get());
        }
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x10);
        packet.write(bytes.size());
        bytes.writeTo(packet);
        return packet.toByteArray();
    }
}
