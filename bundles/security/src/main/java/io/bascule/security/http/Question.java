/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.bascule.security.provider.Subject;
import io.bascule.spi.ConnectingClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the other server is asked about a client. */
final class Question {
    private Question() {}

    /**
     * JSON in UTF-8; what the client has not said is not in it.
     *
     * @throws CertificateParsingException where it cannot be said of whom its certificate is
     */
    static byte[] about(ConnectingClient client) throws CertificateParsingException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("clientId", client.clientId());
        client.userName().ifPresent(name -> members.put("userName", name));
        client.password().ifPresent(password -> {
            Optional<String> text = text(password);
            if (text.isPresent()) {
                members.put("password", text.get());
            } else {
                members.put("passwordBase64", Base64.getEncoder().encodeToString(password));
            }
        });
        members.put("version", client.version().toString());
        members.put("listener", client.listener());
        address(client.address()).ifPresent(address -> members.put("address", address));
        if (!client.certificates().isEmpty()) {
            members.put("certificate", Subject.of(client.certificates().get(0)));
        }
        return JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8);
    }

    /** A Password is Binary Data [MQTT-3.1.3.6]: not always text. */
    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The IP address, without the port; a Unix domain socket has none. */
    private static Optional<String> address(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? Optional.of(
                        internet.isUnresolved()
                                ? internet.getHostString()
                                : internet.getAddress().getHostAddress())
                : Optional.empty();
    }
}
