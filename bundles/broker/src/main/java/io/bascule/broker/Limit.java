/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

/** What clients and sessions are held to, by the key of the broker's configuration. */
public enum Limit {
    CLIENT_ID_LENGTH("client.id.length"),
    CONNECT_TIMEOUT("connect.timeout"),
    INFLIGHT_MAXIMUM("inflight.maximum"),
    KEEPALIVE_MAXIMUM("keepalive.maximum"),
    LOGIN_FAILURES("login.failures"),
    LOGIN_FAILURES_ADDRESS("login.failures.address"),
    MAXIMUM_QOS("maximum.qos"),
    QUEUE_BYTES("queue.bytes"),
    QUEUE_MESSAGES("queue.messages"),
    QUEUES_MEMORY("queues.memory"),
    RECEIVE_MAXIMUM("receive.maximum"),
    RETAIN_AVAILABLE("retain.available"),
    RETAINED_BYTES("retained.bytes"),
    RETAINED_MESSAGES("retained.messages"),
    SESSION_EXPIRY_MAXIMUM("session.expiry.maximum"),
    SESSIONS_MAXIMUM("sessions.maximum"),
    SUBSCRIPTIONS_MAXIMUM("subscriptions.maximum"),
    TOPIC_ALIAS_MAXIMUM("topic.alias.maximum"),
    TOPIC_LENGTH("topic.length"),
    TOPIC_LEVELS("topic.levels");

    private final String key;

    Limit(String key) {
        this.key = key;
    }

    /** The key in the configuration. */
    public String key() {
        return key;
    }
}
