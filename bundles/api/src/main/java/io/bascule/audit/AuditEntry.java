/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

import io.bascule.log.Addresses;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.Client;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;

/**
 * One line of the audit log: a JSON object (RFC 8259) in US-ASCII. Whatever else stands in a value is escaped, so that nobody forges a line by
 * what he calls himself, in whichever character set the log is written or shown. A value has {@value #LONGEST} characters at most, the rest is
 * cut off and {@code …} in its place; a list {@value #MOST} values.
 *
 * <p>JSON is written by hand, since this bundle needs no other and each value is a text, a number or a list of texts.
 */
public final class AuditEntry {
    private static final int LONGEST = 256;
    private static final int MOST = 64;
    private static final String CUT = "…";

    private final StringBuilder json = new StringBuilder(256);

    AuditEntry(Instant time, String event) {
        json.append('{');
        member("time").text(time.truncatedTo(ChronoUnit.MILLIS).toString());
        member("event").text(event);
    }

    /** Who the client is, and where it comes from; what is not known of it is left out. */
    public AuditEntry who(Client client) {
        client.listener().ifPresent(this::listener);
        client(client.clientId()).user(client.identity().userName());
        client.address().ifPresent(this::address);
        return this;
    }

    /** The name of a listener. */
    public AuditEntry listener(String name) {
        return with("listener", name);
    }

    /** A client id; left out where it is empty. */
    public AuditEntry client(String clientId) {
        return clientId.isEmpty() ? this : with("client", clientId);
    }

    /** A user name; left out where there is none. */
    public AuditEntry user(Optional<String> userName) {
        userName.ifPresent(name -> with("user", name));
        return this;
    }

    /** What somebody is called of whom it is not said whether it is a user or a client. */
    public AuditEntry name(String name) {
        return with("name", name);
    }

    /** Where somebody comes from, or where a listener is. */
    public AuditEntry address(SocketAddress address) {
        return address(Addresses.text(address));
    }

    /** The same in words, such as a network. */
    public AuditEntry address(String address) {
        return with("address", address);
    }

    /** The name of a bridge. */
    public AuditEntry bridge(String name) {
        return with("bridge", name);
    }

    /** The name of a provider of security, whose file it is. */
    public AuditEntry provider(String name) {
        return with("provider", name);
    }

    /** A topic or a topic filter. */
    public AuditEntry topic(String topic) {
        return with("topic", topic);
    }

    /** A Reason Code of MQTT 5.0, such as {@code NOT_AUTHORIZED}; which of them is said to clients of any version. */
    public AuditEntry reason(ReasonCode reason) {
        return with("reason", reason.name());
    }

    /** Why, in half a sentence for people that is no secret. */
    public AuditEntry why(String why) {
        return with("why", why);
    }

    /** Until when it lasts. */
    public AuditEntry until(Instant time) {
        return with("until", time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** The PID of a configuration. */
    public AuditEntry pid(String pid) {
        return with("pid", pid);
    }

    /** Keys of a configuration of which something is so, such as {@code added}; left out where there are none. */
    public AuditEntry keys(String what, Collection<String> keys) {
        if (keys.isEmpty()) {
            return this;
        }
        member(what);
        char separator = '[';
        Iterator<String> each = keys.iterator();
        for (int i = 0; i < MOST && each.hasNext(); i++) {
            json.append(separator);
            text(each.next());
            separator = ',';
        }
        if (each.hasNext()) {
            json.append(separator);
            text(CUT);
        }
        json.append(']');
        return this;
    }

    /** How many. */
    public AuditEntry count(long count) {
        member("count").json.append(count);
        return this;
    }

    /** The event that others are counted of. */
    AuditEntry of(AuditEvent event) {
        return with("of", event.label());
    }

    private AuditEntry with(String name, String value) {
        member(name).text(value);
        return this;
    }

    private AuditEntry member(String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        json.append('"').append(name).append("\":");
        return this;
    }

    private void text(String value) {
        json.append('"');
        int end = Math.min(value.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            append(value.charAt(i));
        }
        if (end < value.length()) {
            append(CUT.charAt(0));
        }
        json.append('"');
    }

    private void append(char c) {
        if (c == '"' || c == '\\') {
            json.append('\\').append(c);
        } else if (c >= ' ' && c <= '~') {
            json.append(c);
        } else {
            json.append(String.format("\\u%04x", (int) c));
        }
    }

    /** The line, without its end. */
    String line() {
        return json + "}";
    }
}
