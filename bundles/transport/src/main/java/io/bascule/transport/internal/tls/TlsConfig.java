/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import io.bascule.config.ConfigReader;
import io.bascule.transport.IdentityFiles;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a listener's configuration says of TLS, read; the files that it names are not.
 *
 * @param provider whose TLS it is
 * @param identity for clients that name no host, or one that is not in {@code byHost}
 * @param byHost by the host that a client names (SNI), such as {@code a.example.org} or {@code *.example.org}
 * @param clientAuth whether clients have certificates
 * @param authorities PEM, of those who issue the clients' certificates; empty when those have none
 * @param revocations which of these hold no longer, if anyone says so
 * @param versions by their names in JSSE
 * @param handshakeTimeout from the TCP connection to the end of the handshake
 */
public record TlsConfig(
        SslProvider provider,
        IdentityFiles identity,
        Map<String, IdentityFiles> byHost,
        ClientAuth clientAuth,
        Optional<Path> authorities,
        Optional<Path> revocations,
        List<String> versions,
        Duration handshakeTimeout) {
    private static final String PREFIX = "tls.";
    private static final String CLIENT_AUTH_KEY = "tls.client.auth";
    private static final String SNI = "tls.sni.";
    private static final String HOST = "host";
    private static final Map<String, ClientAuth> CLIENT_AUTH =
            Map.of("none", ClientAuth.NONE, "want", ClientAuth.OPTIONAL, "require", ClientAuth.REQUIRE);
    private static final String PROVIDER_KEY = "tls.provider";
    private static final Map<String, SslProvider> PROVIDERS =
            Map.of("jdk", SslProvider.JDK, "boringssl", SslProvider.OPENSSL);
    private static final String VERSIONS_KEY = "tls.versions";
    private static final String TIMEOUT_KEY = "tls.handshake.timeout";
    private static final Set<String> WITH_DEFAULT = Set.of(CLIENT_AUTH_KEY, PROVIDER_KEY, VERSIONS_KEY, TIMEOUT_KEY);
    private static final List<String> TLS_1_3 = List.of("TLSv1.3");
    private static final List<String> TLS_1_3_AND_1_2 = List.of("TLSv1.3", "TLSv1.2");

    /** Reads all keys of it; what will not do is an error of the reader, and the result is of no use then. */
    public static TlsConfig read(ConfigReader reader) {
        ClientAuth clientAuth = clientAuth(reader);
        Optional<Path> authorities = IdentityFiles.path(reader, "tls.ca");
        Optional<Path> revocations = IdentityFiles.path(reader, "tls.crl");
        if (clientAuth == ClientAuth.NONE) {
            authorities.ifPresent(given -> withoutClientAuth(reader, "tls.ca"));
            revocations.ifPresent(given -> withoutClientAuth(reader, "tls.crl"));
        } else {
            reader.required("tls.ca", "a PEM file with the certificates of those who issue the clients'");
        }
        SslProvider provider = provider(reader);
        if (provider == SslProvider.OPENSSL && !OpenSsl.isAvailable()) {
            reader.error(
                    PROVIDER_KEY,
                    "boringssl is not there: " + OpenSsl.unavailabilityCause().getMessage()
                            + "; allowed is jdk, and boringssl where netty-tcnative is installed, Karaf's feature bascule-boringssl");
        }
        return new TlsConfig(
                provider,
                identity(reader, PREFIX),
                byHost(reader),
                clientAuth,
                authorities,
                revocations,
                versions(reader),
                handshakeTimeout(reader));
    }

    /** Whether nobody comes in without a certificate of an authority that is trusted. */
    public boolean requiresCertificates() {
        return clientAuth == ClientAuth.REQUIRE && authorities.isPresent();
    }

    /**
     * For a protocol without TLS: who names a certificate, or wants one, does not expect to be served in clear. Keys that have a default may be
     * there, since a console writes all of them.
     */
    public static void refuse(ConfigReader reader) {
        provider(reader);
        versions(reader);
        handshakeTimeout(reader);
        if (clientAuth(reader) != ClientAuth.NONE) {
            withoutTls(reader, CLIENT_AUTH_KEY);
        }
        for (String key : reader.startingWith(PREFIX).keySet()) {
            if (!WITH_DEFAULT.contains(PREFIX + key)) {
                withoutTls(reader, PREFIX + key);
            }
        }
    }

    private static void withoutTls(ConfigReader reader, String key) {
        reader.error(key, "is of no use without TLS; allowed is protocol = mqtts or wss beside it");
    }

    private static ClientAuth clientAuth(ConfigReader reader) {
        return reader.choice(CLIENT_AUTH_KEY, CLIENT_AUTH, ClientAuth.NONE);
    }

    private static SslProvider provider(ConfigReader reader) {
        return reader.choice(PROVIDER_KEY, PROVIDERS, SslProvider.JDK);
    }

    private static List<String> versions(ConfigReader reader) {
        return reader.value(VERSIONS_KEY, TLS_1_3, "1.3 or 1.3,1.2", TlsConfig::versions);
    }

    private static Duration handshakeTimeout(ConfigReader reader) {
        return reader.duration(TIMEOUT_KEY, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    private static void withoutClientAuth(ConfigReader reader, String key) {
        reader.error(
                key, "is of no use without tls.client.auth; allowed is tls.client.auth = want or require beside it");
    }

    private static List<String> versions(String text) {
        Set<String> versions = Stream.of(text.split(",", -1)).map(String::trim).collect(Collectors.toSet());
        if (versions.equals(Set.of("1.3"))) {
            return TLS_1_3;
        }
        if (versions.equals(Set.of("1.3", "1.2"))) {
            return TLS_1_3_AND_1_2;
        }
        throw new IllegalArgumentException("\"" + text + "\" are not versions that can be chosen");
    }

    /** Null, and an error, when there is none. */
    private static IdentityFiles identity(ConfigReader reader, String prefix) {
        return IdentityFiles.required(reader, prefix).orElse(null);
    }

    private static Map<String, IdentityFiles> byHost(ConfigReader reader) {
        NavigableMap<String, String> keys = reader.startingWith(SNI);
        Set<String> names = new TreeSet<>();
        for (String key : keys.keySet()) {
            int dot = key.indexOf('.');
            String last = key.substring(dot + 1);
            if (dot < 1 || !last.equals(HOST) && !IdentityFiles.KEYS.contains(last)) {
                reader.error(
                        SNI + key,
                        "is not a key; allowed are " + SNI + "<name>. and " + HOST + ", "
                                + String.join(", ", IdentityFiles.KEYS));
            } else {
                names.add(key.substring(0, dot));
            }
        }
        Map<String, IdentityFiles> byHost = new LinkedHashMap<>();
        for (String name : names) {
            String hostKey = SNI + name + "." + HOST;
            String host = reader.required(hostKey, "a host name, or *. and a domain");
            if (!host.isEmpty() && !HostName.isOne(host)) {
                reader.error(hostKey, "is no host name; allowed is one, or *. and a domain");
            } else if (byHost.put(HostName.normal(host), identity(reader, SNI + name + ".")) != null) {
                reader.error(hostKey, "is the host of another certificate as well; allowed is one for each");
            }
        }
        return byHost;
    }

    /** Every file that it names. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(identity.files());
        byHost.values().forEach(source -> files.addAll(source.files()));
        authorities.ifPresent(files::add);
        revocations.ifPresent(files::add);
        return files;
    }
}
