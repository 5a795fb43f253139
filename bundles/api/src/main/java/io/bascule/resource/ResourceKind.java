/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.resource;

/** What a component can hold: the columns of the residue table. */
public enum ResourceKind {
    /** A network connection or the attempt at one. */
    CONNECTION("connection"),
    /** A bound server socket. */
    SOCKET("socket"),
    /** A task or timer on an event loop. */
    TASK("task"),
    /** A group of event loops with its threads. */
    EVENT_LOOP("event loop"),
    /** A thread of its own. */
    THREAD("thread"),
    /** A pool of threads that may block. */
    THREAD_POOL("thread pool"),
    /** A handle on a session of the broker, with its queue. */
    SESSION("session"),
    /** A subscription, and so nodes of the subscription tree. */
    SUBSCRIPTION("subscription"),
    /** A registered OSGi service. */
    SERVICE("service"),
    /** A registered MBean. */
    MBEAN("MBean"),
    /** A registered metric. */
    METRIC("metric"),
    /** Somebody who is shown what passes. */
    TRACE("trace"),
    /** An open file or a temporary one. */
    FILE("file");

    private final String label;

    ResourceKind(String label) {
        this.label = label;
    }

    /** The word for people, in the singular. */
    public String label() {
        return label;
    }
}
