/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.config.ConfigReader;
import io.bascule.config.Sizes;
import io.bascule.transport.ListenerTerms;
import io.bascule.transport.internal.tls.TlsConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The configuration of one listener, read.
 *
 * @param protocol what it speaks
 * @param port 0 lets the system choose
 * @param socket where to listen instead of host and port
 * @param proxies who may connect, if every connection is to begin with a PROXY header
 * @param webSocket where WebSockets are opened, with a protocol that is spoken over them
 * @param authenticators the names of those who say who a client is, empty for all that there are
 * @param authorizers the names of those who say what it may do, empty for all that there are
 * @param maxPacketSize the largest packet accepted after CONNECT, in bytes
 * @param maxConnectSize the largest CONNECT accepted, in bytes
 * @param properties of one packet
 * @param rates how fast one client may send
 * @param connectRate connections that may begin in a second, {@link ConnectRate#UNLIMITED} for any number
 * @param connections that may be open at a time
 * @param connectionsPerAddress those of one address, or of one IPv6 network
 * @param tls of a protocol that has it
 * @param errors why the listener stays shut, empty when it may open
 */
record ListenerConfig(
        Protocol protocol,
        String host,
        int port,
        Optional<UnixSocket> socket,
        Optional<ProxyAddresses> proxies,
        Optional<WebSocketEndpoint> webSocket,
        boolean allowAnonymous,
        Optional<List<String>> authenticators,
        Optional<List<String>> authorizers,
        int maxPacketSize,
        int maxConnectSize,
        PropertyLimits properties,
        ClientRates rates,
        int connectRate,
        int connections,
        int connectionsPerAddress,
        Optional<TlsConfig> tls,
        List<String> errors) {
    /** The largest packet that MQTT can express, with its header. */
    private static final int LARGEST_PACKET = 268_435_460;

    /** In place of names: that nobody is asked, although somebody could be. */
    private static final int DEFAULT_PACKET = 16 * 1024 * 1024;

    private static final int DEFAULT_CONNECT = 256 * 1024;
    private static final int DEFAULT_CONNECTIONS = 100_000;
    /** Enough for all that come through one gateway or load balancer, and no more than a fifth of what there is for all. */
    private static final int DEFAULT_PER_ADDRESS = 20_000;

    private static final String DEFAULT_PATH = "/mqtt";
    private static final String FOR_WEB_SOCKETS = "is for WebSockets; allowed with it is protocol = ws or wss";
    private static final Set<PosixFilePermission> DEFAULT_MODE = UnixSocket.mode("0660");

    private static final int MOST_CONNECTIONS = 10_000_000;
    private static final int HIGHEST_MESSAGE_RATE = 1_000_000;
    private static final long HIGHEST_BYTE_RATE = 1L << 30;
    private static final int HIGHEST_CONNECT_RATE = 1_000_000;

    /** What stands in a file. A key that is of no use there may have its default, since a console writes all that have one. */
    static ListenerConfig read(Map<String, ?> properties) {
        ConfigReader reader = ConfigReader.of(properties);
        Protocol protocol = reader.choice("protocol", Protocol.class, Protocol.MQTT);
        String host = reader.text("host", "127.0.0.1");
        int port = reader.integer("port", protocol.defaultPort(), 0, 65_535);
        Optional<UnixSocket> socket = socket(reader);
        Optional<ProxyAddresses> proxies = proxies(reader);
        // What a proxy lets through comes from anywhere.
        boolean local = proxies.isEmpty() && (socket.isPresent() || isLoopback(host));
        boolean allowAnonymous = reader.flag("allow.anonymous", false);
        Optional<List<String>> authenticators = reader.names("authenticators");
        Optional<List<String>> authorizers = reader.names("authorizers");
        int maxPacketSize = (int) reader.size(Limit.MAX_PACKET_SIZE.key(), DEFAULT_PACKET, 1024, LARGEST_PACKET);
        int maxConnectSize = (int) reader.size(Limit.MAX_CONNECT_SIZE.key(), DEFAULT_CONNECT, 1024, LARGEST_PACKET);
        PropertyLimits propertyLimits = new PropertyLimits(
                reader.integer(Limit.PROPERTIES_MAXIMUM.key(), PropertyLimits.DEFAULT.userProperties(), 0, 1_000_000),
                (int) reader.size(Limit.PROPERTIES_BYTES.key(), PropertyLimits.DEFAULT.bytes(), 1024, LARGEST_PACKET));
        ClientRates rates = new ClientRates(
                reader.integer(Limit.MESSAGE_RATE.key(), ClientRates.ANY.messages(), 0, HIGHEST_MESSAGE_RATE),
                reader.size(Limit.BYTE_RATE.key(), ClientRates.ANY.bytes(), 0, HIGHEST_BYTE_RATE));
        int connectRate = reader.integer(
                Limit.CONNECT_RATE.key(), ConnectRate.UNLIMITED, ConnectRate.UNLIMITED, HIGHEST_CONNECT_RATE);
        int connections = reader.integer(Limit.CONNECTIONS_MAXIMUM.key(), DEFAULT_CONNECTIONS, 1, MOST_CONNECTIONS);
        int perAddress = reader.integer(Limit.CONNECTIONS_PER_ADDRESS.key(), DEFAULT_PER_ADDRESS, 1, MOST_CONNECTIONS);
        Optional<TlsConfig> tls = Optional.empty();
        if (protocol.isSecure()) {
            tls = Optional.of(TlsConfig.read(reader));
        } else {
            TlsConfig.refuse(reader);
        }
        boolean authenticated = authenticators.filter(some -> !some.isEmpty()).isPresent()
                || tls.filter(TlsConfig::requiresCertificates).isPresent();
        if (!allowAnonymous && !authenticated && !local) {
            reader.error(
                    "host",
                    host
                            + " is not a loopback address, and nothing authenticates clients; allowed is a loopback address,"
                            + " authenticators with the names of those who do, tls.client.auth = require, or allow.anonymous = true for a"
                            + " listener that is open to everyone who reaches it");
        }
        return new ListenerConfig(
                protocol,
                host,
                port,
                socket,
                proxies,
                webSocket(reader, protocol, local),
                allowAnonymous,
                authenticators,
                authorizers,
                maxPacketSize,
                maxConnectSize,
                propertyLimits,
                rates,
                connectRate,
                connections,
                perAddress,
                tls,
                reader.errors());
    }

    private static Optional<UnixSocket> socket(ConfigReader reader) {
        String text = reader.value(
                "socket", "", "an absolute path of at most " + UnixSocket.LONGEST_PATH + " bytes", UnixSocket::checked);
        Set<PosixFilePermission> mode =
                reader.value("socket.mode", DEFAULT_MODE, "three digits such as 0660", UnixSocket::mode);
        if (!reader.has("socket")) {
            if (!mode.equals(DEFAULT_MODE)) {
                reader.error("socket.mode", "is for Unix domain sockets; allowed with it is socket");
            }
            return Optional.empty();
        }
        Stream.of("host", "port")
                .filter(reader::has)
                .forEach(key -> reader.error(key, "is for TCP; allowed is either socket or host and port"));
        return Optional.of(new UnixSocket(Path.of(text), mode));
    }

    private static Optional<ProxyAddresses> proxies(ConfigReader reader) {
        boolean expected = reader.flag("proxy.protocol", false);
        ProxyAddresses addresses = reader.value(
                "proxy.addresses",
                ProxyAddresses.parse(ProxyAddresses.LOOPBACK),
                "addresses and networks such as 10.0.0.7, 10.1.0.0/16, separated by commas",
                ProxyAddresses::parse);
        if (!expected
                && !reader.text("proxy.addresses", ProxyAddresses.LOOPBACK).equals(ProxyAddresses.LOOPBACK)) {
            reader.error("proxy.addresses", "is for the PROXY protocol; allowed with it is proxy.protocol = true");
        }
        return expected ? Optional.of(addresses) : Optional.empty();
    }

    private static Optional<WebSocketEndpoint> webSocket(ConfigReader reader, Protocol protocol, boolean local) {
        String path = reader.value("path", DEFAULT_PATH, "a path such as /mqtt", ListenerConfig::path);
        List<String> origins = reader.value(
                "origins", List.of(), "* or origins such as https://example.org, separated by commas", Origins::parse);
        if (protocol.isWebSocket()) {
            return Optional.of(new WebSocketEndpoint(path, new Origins(origins, local)));
        }
        if (!path.equals(DEFAULT_PATH)) {
            reader.error("path", FOR_WEB_SOCKETS);
        }
        if (!origins.isEmpty()) {
            reader.error("origins", FOR_WEB_SOCKETS);
        }
        return Optional.empty();
    }

    private static String path(String text) {
        if (!text.matches("/[!-~&&[^?#]]*")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a path");
        }
        return text;
    }

    /** What the broker is to know of it. */
    ListenerTerms terms(String name) {
        return new ListenerTerms(name, maxPacketSize, allowAnonymous, authenticators, authorizers);
    }

    /** A limit as it would stand in the file. */
    String value(Limit limit) {
        return switch (limit) {
            case BYTE_RATE -> Sizes.format(rates.bytes());
            case CONNECT_RATE -> String.valueOf(connectRate);
            case CONNECTIONS_MAXIMUM -> String.valueOf(connections);
            case CONNECTIONS_PER_ADDRESS -> String.valueOf(connectionsPerAddress);
            case MAX_CONNECT_SIZE -> Sizes.format(maxConnectSize);
            case MAX_PACKET_SIZE -> Sizes.format(maxPacketSize);
            case MESSAGE_RATE -> String.valueOf(rates.messages());
            case PROPERTIES_BYTES -> Sizes.format(properties.bytes());
            case PROPERTIES_MAXIMUM -> String.valueOf(properties.userProperties());
        };
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // fails closed
        }
    }

    /** What any OSGi console draws a form from. */
    @ObjectClassDefinition(
            name = "Bascule listener",
            description =
                    "A TCP port, or a Unix domain socket, on which MQTT clients are served. One file io.bascule.listener-<name>.cfg each.")
    @interface Form {
        @AttributeDefinition(
                description = "What it speaks: mqtt, mqtts, ws or wss.",
                options = {
                    @Option(label = "MQTT over TCP", value = "mqtt"),
                    @Option(label = "MQTT over TLS", value = "mqtts"),
                    @Option(label = "MQTT over WebSocket", value = "ws"),
                    @Option(label = "MQTT over WebSocket over TLS", value = "wss")
                })
        String protocol() default "mqtt";

        @AttributeDefinition(
                description =
                        "The address to listen on; other than loopback only with authenticators, tls.client.auth = require or allow.anonymous ="
                                + " true.")
        String host() default "127.0.0.1";

        @AttributeDefinition(
                description =
                        "The TCP port, 0 to 65535; 0 lets the system choose. Without it 1883 for mqtt, 8883 for mqtts, 8083 for ws, 8084 for wss.",
                min = "0",
                max = "65535")
        int port() default 1883;

        @AttributeDefinition(
                description = "The absolute path of a Unix domain socket to listen on instead of host and port.",
                required = false)
        String socket();

        @AttributeDefinition(description = "Who may connect to that socket, as chmod has it.")
        String socket_mode() default "0660";

        @AttributeDefinition(
                description = "Whether every connection begins with a PROXY header, which says where it comes from.")
        boolean proxy_protocol() default false;

        @AttributeDefinition(
                description = "The addresses and networks of the proxies that may connect then, separated by commas.")
        String proxy_addresses() default "127.0.0.0/8, ::1";

        @AttributeDefinition(description = "With ws or wss: where WebSockets are opened.")
        String path() default "/mqtt";

        @AttributeDefinition(
                description =
                        "With ws or wss: the origins of web pages that may open a WebSocket, separated by commas, * for all; where there are none,"
                                + " pages of the host that they open it on.",
                required = false)
        String origins();

        @AttributeDefinition(
                description = "Whether clients that nobody authenticates may connect from beyond loopback.")
        boolean allow_anonymous() default false;

        @AttributeDefinition(
                description =
                        "The names of those who say who clients are, separated by commas, in the order in which they are asked, or none; without"
                                + " it all that there are. It is shut as long as one of them is not there.",
                required = false)
        String authenticators();

        @AttributeDefinition(
                description =
                        "The names of those who say what clients may do, separated by commas, in the order in which they are asked, or none;"
                                + " without it all that there are. It is shut as long as one of them is not there.",
                required = false)
        String authorizers();

        @AttributeDefinition(description = "The largest packet accepted, 1KiB to 256MiB.")
        String max_packet_size() default "16MiB";

        @AttributeDefinition(description = "The largest CONNECT accepted, 1KiB to 256MiB.")
        String max_connect_size() default "256KiB";

        @AttributeDefinition(
                description = "User Properties that one packet may have, 0 to 1000000.",
                min = "0",
                max = "1000000")
        int properties_maximum() default 64;

        @AttributeDefinition(description = "Bytes that the properties of one packet may take, 1KiB to 256MiB.")
        String properties_bytes() default "64KiB";

        @AttributeDefinition(
                description =
                        "Packets that one client may send in a second, acknowledgements aside, 0 to 1000000, 0 for any number; who sends more waits.",
                min = "0",
                max = "1000000")
        int message_rate() default 0;

        @AttributeDefinition(
                description =
                        "Bytes that one client may send in a second, 0B to 1GiB, 0B for any number; who sends more waits.")
        String byte_rate() default "0B";

        @AttributeDefinition(
                description =
                        "Connections that may begin in a second, 0 to 1000000, 0 for any number; as many at once, others wait up to 10 s.",
                min = "0",
                max = "1000000")
        int connect_rate() default 0;

        @AttributeDefinition(
                description = "Connections that may be open at a time, 1 to 10000000.",
                min = "1",
                max = "10000000")
        int connections_maximum() default 100_000;

        @AttributeDefinition(
                description = "Connections of one IPv4 address or one IPv6 network (/64) among them, 1 to 10000000.",
                min = "1",
                max = "10000000")
        int connections_per_address() default 20_000;

        @AttributeDefinition(
                description = "With mqtts or wss: a PEM file with the certificate and those of its issuers.",
                required = false)
        String tls_certificate();

        @AttributeDefinition(
                description = "With tls.certificate: a PEM file with its private key, best as PKCS#8.",
                required = false)
        String tls_key();

        @AttributeDefinition(
                description = "The password of tls.key, when it is encrypted.",
                type = AttributeType.PASSWORD,
                required = false)
        String tls_key_password();

        @AttributeDefinition(
                description = "With mqtts or wss, in place of tls.certificate and tls.key: a PKCS#12 file with both.",
                required = false)
        String tls_keystore();

        @AttributeDefinition(
                description = "The password of tls.keystore.",
                type = AttributeType.PASSWORD,
                required = false)
        String tls_keystore_password();

        @AttributeDefinition(
                description =
                        "With mqtts or wss: whether clients have certificates: none, want (those that have one) or require.",
                options = {
                    @Option(label = "none", value = "none"),
                    @Option(label = "want", value = "want"),
                    @Option(label = "require", value = "require")
                })
        String tls_client_auth() default "none";

        @AttributeDefinition(
                description = "With want or require: a PEM file with the certificates of those who issue the clients'.",
                required = false)
        String tls_ca();

        @AttributeDefinition(
                description = "With tls.ca: a PEM or DER file that says which certificates have been revoked.",
                required = false)
        String tls_crl();

        @AttributeDefinition(
                description = "With mqtts or wss: whose TLS, jdk or boringssl, which needs bundles of its own.",
                options = {@Option(label = "JDK", value = "jdk"), @Option(label = "BoringSSL", value = "boringssl")})
        String tls_provider() default "jdk";

        @AttributeDefinition(
                description = "With mqtts or wss: the versions of TLS, 1.3 or 1.3,1.2.",
                options = {@Option(label = "1.3", value = "1.3"), @Option(label = "1.3 and 1.2", value = "1.3,1.2")})
        String tls_versions() default "1.3";

        @AttributeDefinition(description = "With mqtts or wss: how long a handshake may take, 1s to 60s.")
        String tls_handshake_timeout() default "10s";
    }
}
