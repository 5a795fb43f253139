/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.Server;
import io.bascule.spi.Credentials;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to take the place of the connection that a link has: one that is made of what connections are made of now, or one to a server that is
 * preferred. There is one {@link Reserve} at a time. On the event loop alone.
 */
final class Replacement {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final Lasting link;
    private final Course course;
    private final Failback failback;
    private Reserve reserve;

    Replacement(Lasting link, Course course) {
        this.link = link;
        this.course = course;
        this.failback = new Failback(link, this::goBackTo);
    }

    /** Messages flow over the first connection. */
    void connected() {
        failback.connected();
    }

    /** They do no more. */
    void disconnected() {
        failback.disconnected();
    }

    /** The other server that the second connection leads to, if any. */
    Optional<Server> elsewhere() {
        return isElsewhere() ? Optional.of(reserve.broker().server()) : Optional.empty();
    }

    private boolean isElsewhere() {
        return reserve != null && reserve.isElsewhere();
    }

    /**
     * The second connection becomes the first; empty where there is none that can, and then there is none at all.
     *
     * @param reconnecting whether the first was left for it
     */
    Optional<Attempt> promote(boolean reconnecting) {
        boolean can = reserve != null && (reserve.stands() || reserve.isElsewhere() && !reconnecting);
        if (!can) {
            dismiss();
            return Optional.empty();
        }
        Attempt promoted = reserve.promote();
        if (reserve.isElsewhere()) {
            link.remotes().turnTo(promoted.broker());
        }
        reserve = null;
        return Optional.of(promoted);
    }

    /** There is to be none. */
    void dismiss() {
        if (reserve != null) {
            reserve.dismiss();
            reserve = null;
        }
    }

    /** Makes one to the same server, with what connections are made of now. */
    void renew() {
        renewal().prepare();
    }

    /** The same where there are other credentials than these; one that is being made asks for them as well. */
    void renew(Credentials inUse) {
        if (reserve == null || isElsewhere()) {
            renewal().prepareUnlessGiven(inUse);
        }
    }

    private Reserve renewal() {
        boolean wasLooking = isElsewhere();
        dismiss();
        if (wasLooking) {
            failback.connected();
        }
        reserve = new Reserve(link, link.remotes().current(), course, this, this::changeOver);
        return reserve;
    }

    /** The second connection would be made of what the first is made of. */
    void isNoOther(Reserve unmade) {
        if (reserve == unmade) {
            reserve = null;
            course.keepCredentials();
        }
    }

    private void changeOver() {
        if (course.isStaying()) {
            LOG.info("bridge {} changes over to a second connection", link.name());
            course.reconnect();
        }
    }

    /** Another server is preferred to the one that is connected, and may be there again. */
    private void goBackTo(RemoteBroker preferred) {
        if (reserve == null && course.isStaying()) {
            reserve = new Reserve(link, preferred, course, this, this::goBack);
            reserve.prepare();
        } else {
            failback.connected(); // once whatever there is to do is done
        }
    }

    private void goBack() {
        if (!course.isStaying()) {
            return; // whatever is made next takes it, or dismisses it
        }
        Reserve accepted = reserve;
        course.quieten(() -> {
            if (reserve != accepted) {
                return false; // it is not there any more
            }
            LOG.info("bridge {} goes back to {}", link.name(), accepted.broker().server());
            failback.returning();
            return true;
        });
    }

    /** The second connection has not come about, or not stood. */
    void lost(Reserve lost, String why) {
        if (reserve != lost) {
            return;
        }
        reserve = null;
        if (lost.isElsewhere()) {
            LOG.debug("bridge {}: a server that is preferred is not there: {}", link.name(), why);
            if (link.standing().state() == LinkState.CONNECTED) {
                failback.next();
            }
        } else {
            link.standing().failed(why, "the connection that there is stays");
        }
    }
}
