/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.resource.Lease;
import io.bascule.spi.Credentials;
import java.time.Duration;

/**
 * A second connection that is made before the first is left, whose place it then takes. To the same remote broker nothing is said over it,
 * since that would close the first for it [MQTT-3.1.4-3]; it is to stand for a moment. Another one is to accept the bridge. On the event loop
 * alone.
 */
final class Reserve implements Attempt.Events {
    /** With TLS 1.3 the other end refuses a certificate after this end takes the handshake to be over (RFC 8446, section 2). */
    private static final Duration PROBATION = Duration.ofMillis(500);

    private final Lasting link;
    private final Attempt attempt;
    private final Attempt.Events course;
    private final Replacement replacement;
    private final Runnable proved;
    private final boolean isElsewhere;
    private Lease probation;
    private boolean stands;
    private boolean promoted;
    private boolean over;

    /**
     * To this remote broker; does nothing yet.
     *
     * @param course hears of it when it is promoted
     * @param proved is called when the connection has gone well
     */
    Reserve(Lasting link, RemoteBroker broker, Attempt.Events course, Replacement replacement, Runnable proved) {
        this.link = link;
        this.course = course;
        this.replacement = replacement;
        this.proved = proved;
        this.isElsewhere = broker != link.remotes().current();
        this.attempt = new Attempt(link, broker, this);
    }

    /** Connects. */
    void prepare() {
        attempt.prepare();
    }

    /** The same with other credentials than these, where there are others. */
    void prepareUnlessGiven(Credentials inUse) {
        attempt.prepareUnlessGiven(inUse, () -> {
            if (!over) {
                over = true;
                replacement.isNoOther(this);
            }
        });
    }

    /** Whether there is a connection, which may not have stood for long. */
    boolean stands() {
        return stands && !over;
    }

    /** Where it leads. */
    RemoteBroker broker() {
        return attempt.broker();
    }

    /** Whether it leads to another remote broker than the one that it is beside. */
    boolean isElsewhere() {
        return isElsewhere;
    }

    /** From now on it is the link's connection. */
    Attempt promote() {
        promoted = true;
        close();
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
        if (over) {
            return;
        }
        if (promoted) {
            course.prepared();
        } else if (isElsewhere) {
            attempt.begin();
        } else {
            stands = true;
            probation = link.eventLoop().schedule(link.scope(), PROBATION, proved);
        }
    }

    @Override
    public void accepted() {
        if (promoted) {
            course.accepted();
        } else if (!over) {
            stands = true;
            proved.run();
        }
    }

    @Override
    public void joined() {
        course.joined();
    }

    @Override
    public void changed() {
        course.changed();
    }

    @Override
    public void expiring() {
        course.expiring();
    }

    @Override
    public void ended() {
        if (promoted) {
            course.ended();
        }
    }

    @Override
    public void lost(String why, boolean ofUse, boolean otherwise) {
        if (promoted) {
            course.lost(why, ofUse, otherwise);
        } else if (!over) {
            over = true;
            close();
            replacement.lost(this, why);
        }
    }
}
