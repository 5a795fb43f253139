/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.security.acl.RuleTree.Applied;

/**
 * What is said of one client: by the rules about everybody, by those about whoever is like it, and by those that bear its names. Immutable,
 * safe for use by several threads.
 */
final class Rights {
    private final RuleTree everybodys;
    private final RuleTree shared;
    private final RuleTree own;

    Rights(RuleTree everybodys, RuleTree shared, RuleTree own) {
        this.everybodys = everybodys;
        this.shared = shared;
        this.own = own;
    }

    /** The rule that says whether the client may publish there; null where none does. */
    Rule publish(Topic topic) {
        return first(everybodys.publish(topic), shared.publish(topic), own.publish(topic));
    }

    /** The rule that says whether the client may be sent what was published there; null where none does. */
    Rule receive(Topic topic) {
        return first(everybodys.receive(topic), shared.receive(topic), own.receive(topic));
    }

    /** The rule that says whether the client may subscribe; null where none does. What comes then is another question, asked each time. */
    Rule subscribe(TopicFilter filter) {
        String[] levels = filter.levels().toArray(String[]::new);
        return first(everybodys.subscribe(levels), shared.subscribe(levels), own.subscribe(levels));
    }

    private static Rule first(Applied one, Applied two, Applied three) {
        Applied first = Applied.earlier(Applied.earlier(one, two), three);
        return first == null ? null : first.rule();
    }
}
