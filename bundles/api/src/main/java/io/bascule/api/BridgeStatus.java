/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A bridge at one moment.
 *
 * @param name from its configuration's file name
 * @param state one word for how it stands
 * @param since when it came into this state
 * @param paused the directions in which nothing crosses for now, by {@link Bridge#pause}
 * @param server the address, as configured, of the remote broker that is connected, or tried next
 * @param remoteAddress what it is connected to, an IP address and a port
 * @param roundTrip how long the remote broker took to answer the last PINGREQ, or CONNECT where there was none yet
 * @param clientId the client id it uses at the remote broker
 * @param protocol the protocol version in force, such as {@code 5.0}
 * @param lastError what went wrong last, in words
 * @param configurationError why the configuration that was asked for is not in force
 * @param warnings what its configuration would better avoid, one sentence each
 * @param queue the local session: what waits to be forwarded
 * @param routes in the order of their names; {@code -} stands for what no route takes
 */
public record BridgeStatus(
        String name,
        State state,
        Instant since,
        Set<Bridge.Direction> paused,
        String server,
        Optional<String> remoteAddress,
        Optional<Duration> roundTrip,
        String clientId,
        String protocol,
        Optional<String> lastError,
        Optional<String> configurationError,
        List<String> warnings,
        QueueInfo queue,
        List<Route> routes) {
    /** What the client ids of the bridges' sessions in this broker begin with. */
    public static final String LOCAL_PREFIX = "bridge:";

    /** The client id of its session in this broker, in which waits what it is to forward. */
    public String localClientId() {
        return LOCAL_PREFIX + name;
    }

    /** One word for how a bridge stands. */
    public enum State {
        /** Its configuration says so, with {@code enabled = false}: no connection is made. */
        DISABLED,
        /** No configuration that was ever valid. */
        CONFIG_INVALID,
        /** A connection is being made. */
        CONNECTING,
        /** Messages flow. */
        CONNECTED,
        /** Connected, but something does not cross, or nothing has been acknowledged for 10 s; the last error says what. */
        DEGRADED,
        /** Waiting before the next attempt. */
        BACKOFF,
        /** Not connected, because it is lazy and too little waits to be forwarded. */
        IDLE,
        /**
         * Stopped, by {@link Bridge#stop} or {@link Bridge#drain} or because it is deactivated, or not started yet, where its configuration leaves
         * that to somebody.
         */
        STOPPED;

        /** Whether there is a connection over which messages flow, or should. */
        public boolean isConnected() {
            return this == CONNECTED || this == DEGRADED;
        }
    }

    /**
     * A route and its books: received = forwarded + waiting + dropped.
     *
     * @param name as configured
     * @param direction {@code forward} or {@code subscribe}
     * @param rule filter, template and options as configured
     * @param received messages that came into it
     * @param forwarded messages that the other side has taken
     * @param dropped messages given up, by reason
     */
    public record Route(
            String name, String direction, String rule, long received, long forwarded, Map<String, Long> dropped) {}
}
