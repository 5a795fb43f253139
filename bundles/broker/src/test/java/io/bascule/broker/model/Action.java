/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

/**
 * Something that happens to a broker. Who connects is named; otherwise a number stands for one of those who are connected, so that most
 * sequences do something, also after others were taken out of them.
 */
sealed interface Action {

    /** CONNECT, also of somebody who is connected already; 3.1.1 has no expiry, no delay and no Receive Maximum. */
    record Connect(int client, boolean v5, boolean clean, long expiry, int receiveMaximum, Will will)
            implements Action {}

    /** A will of a CONNECT, or null. */
    record Will(String topic, int qos, boolean retain, long delay) {}

    /** DISCONNECT, with another expiry where that is not negative. */
    record Disconnect(int one, boolean withWill, long expiry) implements Action {}

    /** The connection is lost. */
    record Cut(int one) implements Action {}

    record Subscribe(
            int one, String filter, int qos, boolean noLocal, boolean asPublished, int handling, int identifier)
            implements Action {}

    record Unsubscribe(int one, String filter) implements Action {}

    /** PUBLISH, with an expiry where that is not 0. */
    record Publish(int one, String topic, int qos, boolean retain, boolean empty, long expiry) implements Action {}

    /** Answers so many of the packets that wait for an answer. */
    record Answer(int one, int count) implements Action {}

    /** PUBREL for all that PUBREC has come for. */
    record Release(int one) implements Action {}

    /** Time goes by. */
    record Pass(int seconds) implements Action {}

    /** From now on nothing is written to the disk. */
    record Hold() implements Action {}

    /** Everything is, and from now on at once. */
    record Commit() implements Action {}

    record Compact(int steps) implements Action {}

    /** The broker is stopped and started again after so many seconds. */
    record Stop(int seconds) implements Action {}

    /** The process ends, and begins again after so many seconds. */
    record Kill(int seconds) implements Action {}

    /** The power goes, after so many operations on the disk, and is there again after so many seconds. */
    record PowerCut(int operations, int seconds) implements Action {}
}
