/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A session, as the model has it. */
final class Session {
    static final long ATTACHED = -1;
    static final long NEVER = Long.MAX_VALUE;

    final String clientId;
    boolean logged;
    boolean wasKept;
    long expiry;
    int receiveMaximum;
    long awaySince = ATTACHED;
    long expiresAt = NEVER;
    long expiryNumber;
    Will will;
    long willAt = NEVER;
    long willNumber;
    long noted;
    /** Whether any of its subscriptions may be in the log, and the others not yet. */
    boolean partial;

    final Map<String, Sub> subs = new TreeMap<>();
    final Map<String, Sub> loggedSubs = new TreeMap<>();
    final List<Out> out = new ArrayList<>();
    final TreeSet<Integer> in = new TreeSet<>();
    final TreeSet<Integer> loggedIn = new TreeSet<>();
    final Deque<Owed> owed = new ArrayDeque<>();

    Session(String clientId) {
        this.clientId = clientId;
    }

    boolean isConnected() {
        return awaySince == ATTACHED;
    }

    boolean isKept() {
        return expiry > 0;
    }

    Session copy() {
        Session copy = new Session(clientId);
        copy.logged = logged;
        copy.wasKept = wasKept;
        copy.expiry = expiry;
        copy.receiveMaximum = receiveMaximum;
        copy.awaySince = awaySince;
        copy.expiresAt = expiresAt;
        copy.expiryNumber = expiryNumber;
        copy.will = will;
        copy.willAt = willAt;
        copy.willNumber = willNumber;
        copy.noted = noted;
        copy.partial = partial;
        copy.subs.putAll(subs);
        copy.loggedSubs.putAll(loggedSubs);
        out.forEach(each -> copy.out.add(each.copy()));
        copy.in.addAll(in);
        copy.loggedIn.addAll(loggedIn);
        copy.owed.addAll(owed);
        return copy;
    }

    @Override
    public String toString() {
        return clientId + (isConnected() ? " connected" : " away since " + awaySince) + ", expiry " + expiry
                + (logged ? "" : ", unlogged") + ", expires as " + expiryNumber + ", will " + will + " at " + willAt
                + " as " + willNumber + ", subscriptions "
                + subs.values() + ", in the log " + loggedSubs.values() + ", out " + out + ", in " + in
                + ", in the log " + loggedIn + ", owed " + owed;
    }
}
