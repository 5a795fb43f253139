/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.api.AccessTest;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Client;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers by the ACL file that is in force; it abstains where no line says anything.
 */
final class AclAuthorizer implements Authorizer, AccessTest {
    private final String name;
    private final Supplier<Optional<AclFile>> file;
    private final LongAdder denied = new LongAdder();

    /** @param file what is in force */
    AclAuthorizer(String name, Supplier<Optional<AclFile>> file) {
        this.name = name;
        this.file = file;
    }

    @Override
    public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
        return decision(rights(client).publish(topic));
    }

    @Override
    public Decision mayReceive(Client client, Topic topic) {
        return decision(rights(client).receive(topic));
    }

    @Override
    public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
        return decision(rights(client).subscribe(filter));
    }

    private Decision decision(Rule rule) {
        if (rule != null && rule.allow()) {
            return Decision.ALLOW;
        }
        denied.increment();
        return rule == null ? Decision.ABSTAIN : Decision.DENY;
    }

    private Rights rights(Client client) {
        return file.get().orElseThrow().rightsOf(client);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Answer publish(Client client, Topic topic) {
        return answer(client, rights -> rights.publish(topic));
    }

    @Override
    public Answer receive(Client client, Topic topic) {
        return answer(client, rights -> rights.receive(topic));
    }

    @Override
    public Answer subscribe(Client client, TopicFilter filter) {
        return answer(client, rights -> rights.subscribe(filter));
    }

    private Answer answer(Client client, Function<Rights, Rule> question) {
        Optional<Rule> rule =
                file.get().map(inForce -> inForce.rightsOf(client)).map(question);
        return new Answer(
                rule.map(Rule::allow).orElse(false), rule.map(each -> "line " + each.line() + ": " + each.text()));
    }

    /** How many rules there are, and how often they did not allow something. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("rules", file.get().map(acl -> (long) acl.size()).orElse(0L));
        figures.put("denied", denied.sum());
        return figures;
    }
}
