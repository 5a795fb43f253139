/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.resource.Lease;
import java.time.Duration;

/**
 * A second connection that is made before the first is left: nothing is said over it, since the remote broker would close the first for it
 * [MQTT-3.1.4-3]. When it has stood for a moment it takes the place of the first. On the event loop alone.
 */
final class Reserve implements Attempt.Events {
    /** With TLS 1.3 the other end refuses a certificate after this end takes the handshake to be over (RFC 8446, section 2). */
    private static final Duration PROBATION = Duration.ofMillis(500);

    private final Lasting link;
    private final Attempt attempt;
    private final Course course;
    private final Runnable proved;
    private Lease probation;
    private boolean promoted;
    private boolean over;

    /** Connects; {@code proved} is called when that has gone well. */
    Reserve(Lasting link, Course course, Runnable proved) {
        this.link = link;
        this.course = course;
        this.proved = proved;
        this.attempt = new Attempt(link, this);
        attempt.prepare();
    }

    /** Whether there is a connection, which may not have stood for long. */
    boolean stands() {
        return probation != null && !over;
    }

    /** From now on it is the link's connection. */
    Attempt promote() {
        promoted = true;
        probation.close();
        return attempt;
    }

    /** It is not wanted any more. */
    void dismiss() {
        if (!over && !promoted) {
            over = true;
            close();
            attempt.close("there is no use for a second connection");
        }
    }

    private void close() {
        if (probation != null) {
            probation.close();
        }
    }

    @Override
    public void prepared() {
        if (!over) {
            probation = link.eventLoop().schedule(link.scope(), PROBATION, proved);
        }
    }

    @Override
    public void joined() {
        course.joined();
    }

    @Override
    public void expiring() {
        course.expiring();
    }

    @Override
    public void lost(String why, boolean ofUse, boolean otherwise) {
        if (promoted) {
            course.lost(why, ofUse, otherwise);
        } else if (!over) {
            over = true;
            close();
            course.reserveLost(this, why);
        }
    }
}
