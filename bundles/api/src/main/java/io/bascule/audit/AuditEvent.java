/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

/** What the audit log tells of. The names in it stay as they are; there may be more of them. */
public enum AuditEvent {
    /** A client has logged in, as a user or as anonymous. */
    LOGIN_ACCEPTED("login.accepted"),
    /** A client was refused after its CONNECT, or has failed to authenticate again. */
    LOGIN_REFUSED("login.refused"),
    /** The connection of a client that had logged in is over. */
    LOGOUT("logout"),
    /** A message, a due will too, may not be published. */
    DENIED_PUBLISH("denied.publish"),
    /** A will that comes with CONNECT may not be published. */
    DENIED_WILL("denied.will"),
    /** A subscription may not be made. */
    DENIED_SUBSCRIBE("denied.subscribe"),
    /** A message may not be sent to a client. */
    DENIED_RECEIVE("denied.receive"),
    /** Somebody is banned after too many failed logins. */
    BAN_BEGUN("ban.begun"),
    /** The time of a ban has passed. */
    BAN_OVER("ban.over"),
    /** Bans were lifted by a command or a bundle. */
    BAN_LIFTED("ban.lifted"),
    /** A user was added to a file by a command or a bundle. */
    USER_ADDED("user.added"),
    /** A user of a file was given another password by a command or a bundle. */
    USER_PASSWORD("user.password"),
    /** A user was removed from a file by a command or a bundle. */
    USER_REMOVED("user.removed"),
    /** There is a configuration that was not there. */
    CONFIGURATION_ADDED("configuration.added"),
    /** A configuration has other keys or values than before. */
    CONFIGURATION_CHANGED("configuration.changed"),
    /** A configuration is gone. */
    CONFIGURATION_DELETED("configuration.deleted"),
    /** A listener takes connections. */
    LISTENER_OPENED("listener.opened"),
    /** A listener takes no connections, or not any more. */
    LISTENER_SHUT("listener.shut"),
    /** A listener was open and is gone, with its configuration or for an edit. */
    LISTENER_CLOSED("listener.closed"),
    /** A bridge begins, with its configuration or after an edit. */
    BRIDGE_OPENED("bridge.opened"),
    /** A bridge is connected. */
    BRIDGE_CONNECTED("bridge.connected"),
    /** A bridge has lost its connection. */
    BRIDGE_LOST("bridge.lost"),
    /** A bridge cannot connect; once for each reason until it can. */
    BRIDGE_FAILED("bridge.failed"),
    /** A bridge ends, with its configuration, for an edit, or with its bundle. */
    BRIDGE_CLOSED("bridge.closed"),
    /** The configuration of a bridge was deleted; its sessions end after a grace. */
    BRIDGE_DELETED("bridge.deleted"),
    /** The sessions of a deleted bridge are ended before their grace has passed, by a command or a bundle. */
    BRIDGE_PURGED("bridge.purged");

    private final String label;

    AuditEvent(String label) {
        this.label = label;
    }

    /** The name in the log, such as {@code login.refused}. */
    public String label() {
        return label;
    }
}
