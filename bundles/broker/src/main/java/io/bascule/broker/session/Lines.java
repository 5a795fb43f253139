/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.LocalOptions.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** What waits in a session, a line for each class; one alone where there are no classes. */
final class Lines implements Iterable<Outgoing> {
    private static final Priority[] FROM_LOWEST = Priority.values();

    private final Line normal = new Line();
    private Line high; // null until something is of it, as low
    private Line low;
    private int size;

    int size() {
        return size;
    }

    private Line of(Priority priority) {
        return switch (priority) {
            case HIGH -> high;
            case NORMAL -> normal;
            case LOW -> low;
        };
    }

    private Outgoing firstOf(Priority priority) {
        Line line = of(priority);
        return line == null ? null : line.first();
    }

    /** Whose turn it is, null for none. */
    Outgoing first() {
        if (high != null && high.first() != null) {
            return high.first();
        }
        return normal.first() == null && low != null ? low.first() : normal.first();
    }

    /** Who was here first, null for none. */
    Outgoing oldest() {
        Outgoing oldest = normal.first();
        if (high != null) {
            oldest = older(oldest, high.first());
        }
        if (low != null) {
            oldest = older(oldest, low.first());
        }
        return oldest;
    }

    private static Outgoing older(Outgoing one, Outgoing other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.place() < other.place() ? one : other;
    }

    /** The first of the lowest class that is there, if that is this one or a lower one; null for none. */
    Outgoing firstUpTo(Priority priority) {
        for (Priority each : FROM_LOWEST) {
            Outgoing first = each.compareTo(priority) > 0 ? null : firstOf(each);
            if (first != null) {
                return first;
            }
        }
        return null;
    }

    /** The last of the lowest class that is there, if that is lower than this one; null for none. */
    Outgoing lastBelow(Priority priority) {
        for (Priority each : FROM_LOWEST) {
            Line line = each.compareTo(priority) < 0 ? of(each) : null;
            if (line != null && line.last() != null) {
                return line.last();
            }
        }
        return null;
    }

    void add(Outgoing outgoing, Priority priority) {
        if (priority == Priority.HIGH && high == null) {
            high = new Line();
        } else if (priority == Priority.LOW && low == null) {
            low = new Line();
        }
        of(priority).add(outgoing);
        size++;
    }

    /** Takes one out, wherever it is. */
    void remove(Outgoing outgoing) {
        Line its = normal; // any will do for one that is neither the first nor the last
        if (high != null && (high.first() == outgoing || high.last() == outgoing)) {
            its = high;
        } else if (low != null && (low.first() == outgoing || low.last() == outgoing)) {
            its = low;
        }
        its.remove(outgoing);
        size--;
    }

    /** Puts each in the line of its class, which may be another one now. */
    void sort(Function<Outgoing, Priority> classes) {
        List<Outgoing> all = new ArrayList<>(size);
        forEach(all::add);
        all.sort(Comparator.comparingLong(Outgoing::place));
        all.forEach(this::remove);
        all.forEach(each -> add(each, classes.apply(each)));
    }

    /** All in the order of their turns. */
    @Override
    public Iterator<Outgoing> iterator() {
        return new Iterator<>() {
            private Priority priority = Priority.HIGH;
            private Outgoing next = firstFrom();

            private Outgoing firstFrom() {
                while (priority != null) {
                    Outgoing first = firstOf(priority);
                    priority = priority == Priority.LOW ? null : FROM_LOWEST[priority.ordinal() - 1];
                    if (first != null) {
                        return first;
                    }
                }
                return null;
            }

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Outgoing next() {
                Outgoing now = next;
                if (now == null) {
                    throw new NoSuchElementException();
                }
                next = now.behind() == null ? firstFrom() : now.behind();
                return now;
            }
        };
    }
}
