/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import io.bascule.config.ConfigReader;
import io.bascule.security.provider.ProviderServices;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;

/**
 * The configuration of a provider that asks another server, read.
 *
 * @param pid of the configuration
 * @param ranking of its service: the highest is asked first
 * @param url whom it asks; empty where there is an error
 * @param authorization the value of the request's header Authorization
 * @param timeout from the question to the end of the answer
 * @param maximumRequests at a time
 * @param cacheTtl how long {@code allow} counts; zero for not at all
 * @param errors one sentence each; where there is one, the provider does not serve
 */
record HttpConfig(
        String pid,
        int ranking,
        Optional<URI> url,
        Optional<String> authorization,
        Duration timeout,
        int maximumRequests,
        Duration cacheTtl,
        List<String> errors) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
    /** Less than the default of the broker's {@code connect.timeout}. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(9);

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]", Pattern.CASE_INSENSITIVE);

    /** Reads the properties of a component, with every error that is in them. */
    static HttpConfig read(Map<String, ?> properties) {
        ConfigReader reader = ConfigReader.of(properties);
        reader.required("url", "an https:// URL");
        boolean plain = reader.flag("allow.plain", false);
        return new HttpConfig(
                String.valueOf(properties.get(Constants.SERVICE_PID)),
                reader.integer("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                reader.value(
                        "url",
                        Optional.empty(),
                        "an https:// URL, or an http:// one of loopback",
                        text -> Optional.of(url(text, plain))),
                reader.value(
                        "authorization",
                        Optional.empty(),
                        "what a header of HTTP may have as its value",
                        text -> Optional.of(header(text))),
                reader.duration("timeout", DEFAULT_TIMEOUT, Duration.ofMillis(100), LONGEST_TIMEOUT),
                reader.integer("max.requests", 64, 1, 10_000),
                reader.duration("cache.ttl", Duration.ZERO, Duration.ZERO, Duration.ofHours(1)),
                reader.errors());
    }

    // What is wrong is said without the text: there may be secrets in it.

    private static URI url(String text, boolean allowPlain) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL", e);
        }
        boolean plain = "http".equalsIgnoreCase(url.getScheme());
        if (!plain && !"https".equalsIgnoreCase(url.getScheme())) {
            throw new IllegalArgumentException("begins neither with https:// nor with http://");
        }
        if (url.getHost() == null) {
            throw new IllegalArgumentException("has no host");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("has a user or a fragment in it");
        }
        if (plain && !allowPlain && !LOOPBACK.matcher(url.getHost()).matches()) {
            throw new IllegalArgumentException(
                    "sends passwords in clear text to another machine, unless it is https or allow.plain is true");
        }
        return url;
    }

    private static String header(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("has other characters than those of ASCII");
        }
        return text;
    }

    /** From its configuration's file name. */
    String name() {
        return ProviderServices.nameOf(pid);
    }

    /** Without what may be secret in it. */
    @Override
    public String toString() {
        return "http " + name();
    }
}
