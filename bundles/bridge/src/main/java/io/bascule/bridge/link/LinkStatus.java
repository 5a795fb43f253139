/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.BridgeStatus;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Server;
import io.bascule.mqtt.MqttVersion;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts together how a link stands, for others; from any thread. */
final class LinkStatus {
    /** Without an acknowledgement for so long a connection is shown to be doubtful. */
    private static final Duration SLOW = Duration.ofSeconds(10);

    private final Lasting link;
    private volatile Optional<Connected> connected = Optional.empty();

    /** What there is to say of a connection over which messages flow. */
    private record Connected(
            Server server, SocketAddress remoteAddress, MqttVersion version, Pulse pulse, Supplier<Duration> silence) {}

    LinkStatus(Lasting link) {
        this.link = link;
    }

    /**
     * Messages flow over this connection.
     *
     * @param silence for how long no acknowledgement has come although one is to come, over this one or one beside it; from any thread
     */
    void connected(
            Server server, SocketAddress remoteAddress, MqttVersion version, Pulse pulse, Supplier<Duration> silence) {
        connected = Optional.of(new Connected(server, remoteAddress, version, pulse, silence));
    }

    /** They do no more. */
    void disconnected() {
        connected = Optional.empty();
    }

    /** How it stands, with what the component knows beside it. */
    BridgeStatus status(Optional<String> configurationError, List<String> warnings) {
        BridgeDefinition definition = link.definition();
        Optional<Connected> connected = this.connected; // of one moment, with the server that it is about
        Standing.Snapshot now = link.standing().snapshot();
        Optional<String> doubt = doubt(now);
        List<BridgeStatus.Route> routes = new ArrayList<>(link.forward().status());
        routes.addAll(link.subscribe().status());
        return new BridgeStatus(
                definition.name(),
                doubt.isPresent() ? BridgeStatus.State.DEGRADED : shown(now.state(), connected),
                now.since(),
                link.pauses().all(),
                connected
                        .map(Connected::server)
                        .orElseGet(link.remotes()::server)
                        .toString(),
                connected.map(connection -> text(connection.remoteAddress())),
                connected.flatMap(connection -> connection.pulse().roundTrip()),
                definition.clientId(),
                connected
                        .map(connection -> connection.version().toString())
                        .orElseGet(() -> definition.protocols().stream()
                                .map(MqttVersion::toString)
                                .collect(Collectors.joining(" or "))),
                doubt.or(this::missing).or(() -> deaf(now)).or(now::lastError),
                configurationError,
                Stream.of(
                                link.wayOut().problem().stream(),
                                link.budget().flatMap(Budget::problem).stream(),
                                link.loops().warnings().stream(),
                                warnings.stream())
                        .flatMap(Function.identity())
                        .toList(),
                link.local().queue(),
                routes);
    }

    /** For a moment the one is known and the other is not: of several servers it would be another one that is said to be connected. */
    private static BridgeStatus.State shown(LinkState state, Optional<Connected> connected) {
        return state == LinkState.CONNECTED && connected.isEmpty() ? BridgeStatus.State.CONNECTING : state.shown();
    }

    /** What is wrong although there is a connection. */
    private Optional<String> doubt(Standing.Snapshot now) {
        if (now.state() != LinkState.CONNECTED) {
            return Optional.empty();
        }
        return connected
                .map(connection -> connection.silence().get())
                .filter(silence -> silence.compareTo(SLOW) >= 0)
                .map(silence -> "no acknowledgement for " + silence.toSeconds() + "s")
                .or(this::missing)
                .or(this::denied)
                .or(now::refusal);
    }

    /** Nothing is decided meanwhile, so that messages wait, whether there is a connection or not yet. */
    private Optional<String> missing() {
        List<String> names = link.local().missingAuthorizers();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("nobody can say what the bridge may do, and messages wait: missing is the authorizer "
                        + String.join(", ", names));
    }

    /** What an idle bridge does not hear of nothing will wait for. */
    private Optional<String> deaf(Standing.Snapshot now) {
        return now.state() == LinkState.IDLE ? denied() : Optional.empty();
    }

    private Optional<String> denied() {
        return link.standing().denied().stream()
                .findFirst()
                .map(filter -> "the bridge may not receive " + filter + " from this broker");
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress internet && !internet.isUnresolved()
                ? (internet.getAddress() instanceof Inet6Address
                                ? "[" + internet.getAddress().getHostAddress() + "]"
                                : internet.getAddress().getHostAddress())
                        + ":" + internet.getPort()
                : address.toString();
    }
}
