/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one route has brought to its other side, by the topics of the side that it comes from. What is on its way is certain of nothing until it has
 * come, and then only if nothing was sent behind it.
 *
 * <p>Changed on the link's event loop alone, read from anywhere.
 */
public final class Values {
    private final Remembered owner;
    /** Concurrent only so that it may be gone through in turns; changed with the lock of the owner. */
    private final Map<String, Value> byTopic = new ConcurrentHashMap<>();
    /** How many names of a remote broker are kept, which may have another one with every start of either. */
    private static final int MOST_NAMES = 16;

    private static final int LONGEST_NAME = 64;

    /**
     * Of a forward route the id that this broker had when it was compared; empty where it was not since this broker may have lost what was retained
     * here. Of a subscribe route the names that the remote broker had on the way of what it has brought, with spaces between them.
     */
    private String brokerId = "";

    Values(Remembered owner) {
        this.owner = owner;
    }

    Map<String, Value> byTopic() {
        return byTopic;
    }

    String brokerId() {
        synchronized (owner) {
            return brokerId;
        }
    }

    void brokerId(String whenCompared) {
        brokerId = whenCompared;
    }

    void localSessionBegun(String now) {
        if (!brokerId.isEmpty() && !now.equals(brokerId)) {
            brokerId = ""; // kept as well: the session is no new one for who activates the bridge next
            owner.changedMore();
        }
    }

    /** Whether what is not retained here any more may have been lost, and not deleted. */
    public boolean mayBeLostHere() {
        synchronized (owner) {
            return brokerId.isEmpty();
        }
    }

    /** It was compared with what is retained in the broker of this id. */
    public void compared(String now) {
        synchronized (owner) {
            if (!now.equals(brokerId)) {
                brokerId = now;
                owner.changedMore();
            }
        }
    }

    /** The topics at which the other side has something, perhaps. */
    public List<String> topics() {
        return List.copyOf(byTopic.keySet());
    }

    /** Whether the other side has this, or will have when what is on its way has come. */
    public boolean has(String topic, Digest digest) {
        synchronized (owner) {
            Value value = byTopic.get(topic);
            if (value == null) {
                return false;
            }
            return value.sending == null
                    ? value.isOf(digest)
                    : value.sending.digest != null && value.sending.digest.isSame(digest);
        }
    }

    /** Whether the other side has something at this topic that nothing on its way deletes. */
    public boolean hasAny(String topic) {
        synchronized (owner) {
            Value value = byTopic.get(topic);
            return value != null && (value.sending == null || value.sending.digest != null);
        }
    }

    /** What the route has brought to this topic last; empty where that is not known. */
    public Optional<Digest> get(String topic) {
        synchronized (owner) {
            Value value = byTopic.get(topic);
            return value == null || !value.certain ? Optional.empty() : Optional.of(value.digest);
        }
    }

    // ---------------------------------------------------------------- sent, and to be acknowledged

    /**
     * Whether the file says that the other side has something else than this, which is about to be sent; null for a deletion. After a crash that would be
     * believed: {@link Remembered#doubt} is to come before.
     */
    public boolean isOtherInFile(String topic, Digest digest) {
        synchronized (owner) {
            Value value = byTopic.get(topic);
            return value != null && owner.isInFile(value) && (digest == null || !value.isOf(digest));
        }
    }

    /** This, or a deletion where it is null, is about to be sent, which may take hours: what is on its way is not what will be there. */
    public void next(String topic, Digest digest) {
        synchronized (owner) {
            Value value = byTopic.get(topic);
            if (value != null && (digest == null || !value.isOf(digest))) {
                value.certain = false;
                value.sending = null;
            }
        }
    }

    /**
     * This, or a deletion where it is null, has been sent; empty where nothing changes by that, or where no more is remembered.
     *
     * @param order {@link Sending#IN_ORDER}, or the order in which it is taken with others, and beside all else
     */
    public Optional<Sending> sent(String topic, Digest digest, Object order) {
        synchronized (owner) {
            Sending sending = new Sending(topic, digest, order);
            Value value = byTopic.get(topic);
            if (value == null && digest != null) {
                value = owner.add(this, topic);
            }
            if (value == null || digest != null && value.isOf(digest)) {
                return sending.comesLate() ? Optional.of(sending) : Optional.empty(); // something may be sent behind it
            }
            if (owner.isInFile(value)) { // written since it was asked about: another has overtaken this one
                owner.doubt(this, List.of(topic), () -> {});
            }
            value.certain = false;
            value.sending = sending;
            return Optional.of(sending);
        }
    }

    /** Whether it is on its way, and nothing was sent behind it. */
    public boolean isGoing(Sending sending) {
        synchronized (owner) {
            Value value = byTopic.get(sending.topic);
            return value != null && value.sending == sending;
        }
    }

    /** The other side has it, as it was sent. */
    public void arrived(Sending sending) {
        synchronized (owner) {
            Value value = byTopic.get(sending.topic);
            if (value == null || value.sending != sending) {
                passed(sending, value);
                return;
            }
            value.sending = null;
            if (sending.digest == null) {
                owner.remove(this, sending.topic);
            } else {
                set(value, sending.digest);
            }
        }
    }

    private void set(Value value, Digest digest) {
        value.digest = digest;
        value.certain = true;
        value.changedAtNanos = owner.nanoTime();
        owner.changed();
    }

    /** Whether the other side has it is not known, and will not be. */
    public void lost(Sending sending) {
        synchronized (owner) {
            Value value = byTopic.get(sending.topic);
            if (value != null && value.sending == sending) {
                value.sending = null;
            } else {
                passed(sending, value);
            }
        }
    }

    /** Something else was sent behind it, or has come from there, or nothing has changed by it. */
    private void passed(Sending sending, Value value) {
        if (!sending.comesLate() || isAsItWas(sending, value)) {
            return;
        }
        if (value == null) {
            owner.add(this, sending.topic);
        } else {
            owner.doubt(this, List.of(sending.topic), () -> {});
        }
    }

    /** Whether there is what it has left there, or what comes behind it for certain. */
    private static boolean isAsItWas(Sending sending, Value value) {
        if (value == null) {
            return sending.digest == null;
        }
        return value.sending != null && value.sending.order == sending.order
                || sending.digest != null && value.isOf(sending.digest);
    }

    // ---------------------------------------------------------------- brought here

    /** The remote broker has this name on the way of what the route brings. */
    public void cameFrom(String name) {
        synchronized (owner) {
            if (name.length() <= LONGEST_NAME && name.indexOf(' ') < 0 && !hasComeFrom(name)) {
                List<String> names =
                        new ArrayList<>(List.of((brokerId + " " + name).strip().split(" ")));
                brokerId = String.join(" ", names.subList(Math.max(0, names.size() - MOST_NAMES), names.size()));
                owner.changedMore();
            }
        }
    }

    /** Whether it had this name on the way of something. */
    public boolean hasComeFrom(String name) {
        synchronized (owner) {
            return List.of(brokerId.split(" ")).contains(name);
        }
    }

    /** It has come from the other end, and is published here. */
    public void brought(String topic, Digest digest) {
        synchronized (owner) {
            Value value = byTopic.get(topic);
            if (value == null) {
                value = owner.add(this, topic);
            }
            if (value != null && !value.isOf(digest)) {
                value.image = Value.NOWHERE; // what the file has is compared with what is here, and does no harm
                set(value, digest);
            }
        }
    }

    /** Something else has taken its place at the other side, or nothing. What is on its way may come behind that. */
    public void replaced(String topic) {
        synchronized (owner) {
            Value value = byTopic.get(topic);
            if (value != null && value.sending != null) {
                owner.doubt(this, List.of(topic), () -> {});
            } else {
                forget(topic);
            }
        }
    }

    /** The other side has nothing there any more, or nothing that is remembered. */
    public void forget(String topic) {
        synchronized (owner) {
            if (byTopic.containsKey(topic)) {
                owner.remove(this, topic);
            }
        }
    }
}
