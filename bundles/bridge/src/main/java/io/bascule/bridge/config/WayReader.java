/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.config.ConfigReader;
import io.bascule.transport.IdentityFiles;
import io.bascule.transport.Proxy;
import io.bascule.transport.TcpOptions;
import io.bascule.transport.TlsOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what a configuration says of the way to the remote broker: TLS, proxy, socket. */
final class WayReader {
    private static final String TLS = "tls.";
    private static final int LONGEST_PROTOCOL_NAME = 255; // RFC 7301, section 3.1
    private static final int LONGEST_SOCKS_WORD = 255; // RFC 1929, section 2
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})";
    /** What the JDK takes for an address, or refuses without looking it up. */
    private static final Pattern ADDRESS =
            Pattern.compile(OCTET + "([.]" + OCTET + "){3}|(?![.])[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%.+)?");

    private static final Map<String, List<String>> VERSIONS =
            Map.of("1.2", List.of("TLSv1.3", "TLSv1.2"), "1.3", List.of("TLSv1.3"));

    private WayReader() {}

    /** Empty for a server without TLS, beside which no key of it may stand: who names an authority does not expect to talk in clear. */
    static Optional<TlsOptions> tls(ConfigReader config, Server server) {
        if (!server.scheme().isTls()) {
            config.startingWith(TLS)
                    .keySet()
                    .forEach(key -> config.error(
                            TLS + key,
                            "is of no use without TLS; allowed is a server that begins with mqtts:// or wss://"));
            return Optional.empty();
        }
        return Optional.of(new TlsOptions(
                IdentityFiles.path(config, "tls.ca"),
                IdentityFiles.optional(config, TLS),
                config.choice("tls.version.min", VERSIONS, VERSIONS.get("1.2")),
                config.value("tls.alpn", List.of(), "names of protocols, separated by commas", WayReader::alpn),
                config.value("tls.server.name", Optional.empty(), "a host name", text -> Optional.of(host(text))),
                config.flag("tls.verify.hostname", true)));
    }

    private static List<String> alpn(String text) {
        List<String> names = Stream.of(text.split(",", -1)).map(String::strip).toList();
        for (String name : names) {
            if (name.isEmpty()
                    || name.length() > LONGEST_PROTOCOL_NAME
                    || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException("\"" + name + "\" is no name of a protocol");
            }
        }
        return names;
    }

    private static String host(String text) {
        if (!text.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
            throw new IllegalArgumentException("\"" + text + "\" is no host name");
        }
        return text;
    }

    static Optional<Proxy> proxy(ConfigReader config) {
        Optional<String> user = config.text("proxy.user");
        Optional<String> password = config.text("proxy.password");
        Optional<Proxy> proxy = config.value(
                "proxy",
                Optional.empty(),
                "http://<host>:<port> or socks5://<host>:<port>",
                text -> Optional.of(proxy(text)));
        if (!config.has("proxy")) {
            for (String key : List.of("proxy.user", "proxy.password")) {
                if (config.has(key)) {
                    config.error(key, "is of no use without proxy");
                }
            }
        } else if (user.isPresent() != password.isPresent()) {
            config.error("proxy.password", "belongs to proxy.user; allowed is both or neither");
        } else if (proxy.isPresent() && proxy.get().kind() == Proxy.Kind.SOCKS5) {
            Stream.concat(user.stream(), password.stream())
                    .filter(word -> word.length() > LONGEST_SOCKS_WORD)
                    .forEach(word -> config.error(
                            "proxy.user", "or proxy.password has more than 255 characters, which SOCKS cannot say"));
        }
        return proxy.map(found -> new Proxy(
                found.kind(),
                found.host(),
                found.port(),
                user.flatMap(name -> password.map(word -> new Proxy.User(name, word)))));
    }

    /** What it says of a wrong one never repeats it, since there may be a password in it. */
    private static Proxy proxy(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no address", e);
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("has credentials in it; they go into proxy.user and proxy.password");
        }
        boolean hasMore = uri.isOpaque()
                || !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")
                || uri.getRawQuery() != null;
        if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535 || hasMore) {
            throw new IllegalArgumentException("is no kind, host and port");
        }
        Proxy.Kind kind = Stream.of(Proxy.Kind.values())
                .filter(each -> each.name().equalsIgnoreCase(uri.getScheme()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is a proxy of another kind"));
        return new Proxy(kind, uri.getHost().replaceAll("^\\[|\\]$", ""), uri.getPort(), Optional.empty());
    }

    static TcpOptions tcp(ConfigReader config) {
        Optional<InetAddress> from = config.value(
                "bind.address", Optional.empty(), "an IP address of this machine", text -> Optional.of(address(text)));
        return new TcpOptions(
                from,
                duration(
                        config, "tcp.keepalive", Duration.ofSeconds(1), Duration.ofHours(9)), // Linux: 32,767 s at most
                duration(config, "tcp.user.timeout", Duration.ofSeconds(1), Duration.ofDays(1)));
    }

    private static Optional<Duration> duration(ConfigReader config, String key, Duration lowest, Duration highest) {
        if (!config.has(key)) {
            return Optional.empty();
        }
        Duration value = config.duration(key, lowest, lowest, highest);
        if (value.toMillisPart() != 0) {
            config.error(key, "is not a whole number of seconds");
        }
        return Optional.of(value);
    }

    /** No look-up, which would hold up whoever reads this. */
    static InetAddress address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no IP address");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no IP address", e);
        }
    }
}
