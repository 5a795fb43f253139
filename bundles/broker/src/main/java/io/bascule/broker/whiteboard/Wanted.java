/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.whiteboard;

import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageSubscriber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.ServiceReference;

/**
 * What a service wants to receive, as its properties say.
 *
 * @param filters at least one
 * @param maximumQos the highest QoS to receive with
 */
record Wanted(Set<TopicFilter> filters, QoS maximumQos) {
    private static final String ALLOWED_FILTERS =
            "allowed is a topic filter such as plant/#, or several: a String, a String[] or a collection of strings";

    /**
     * Reads the properties.
     *
     * @throws IllegalArgumentException when they will not do; the message says all that is wrong, and what is allowed
     */
    static Wanted of(ServiceReference<MessageSubscriber> reference) {
        List<String> errors = new ArrayList<>();
        Set<TopicFilter> filters = filters(reference.getProperty(MessageSubscriber.TOPIC_FILTER), errors);
        QoS maximumQos = maximumQos(reference.getProperty(MessageSubscriber.MAXIMUM_QOS), errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
        return new Wanted(filters, maximumQos);
    }

    private static Set<TopicFilter> filters(Object value, List<String> errors) {
        Set<TopicFilter> filters = new LinkedHashSet<>();
        Collection<?> texts = value instanceof String[] array
                ? Arrays.asList(array)
                : value instanceof Collection<?> collection ? collection : value == null ? List.of() : List.of(value);
        if (texts.isEmpty()) {
            errors.add(MessageSubscriber.TOPIC_FILTER + (value == null ? " is missing" : " is empty") + "; "
                    + ALLOWED_FILTERS);
        }
        for (Object each : texts) {
            if (each instanceof String text) {
                try {
                    filters.add(TopicFilter.of(text));
                } catch (IllegalArgumentException e) {
                    errors.add(MessageSubscriber.TOPIC_FILTER + " is not a topic filter: " + e.getMessage());
                }
            } else {
                errors.add(MessageSubscriber.TOPIC_FILTER + " is " + described(each) + "; " + ALLOWED_FILTERS);
            }
        }
        return filters;
    }

    private static QoS maximumQos(Object value, List<String> errors) {
        boolean isLevel = value instanceof Integer || value instanceof String;
        switch (isLevel ? value.toString() : value == null ? "2" : "") {
            case "0":
                return QoS.AT_MOST_ONCE;
            case "1":
                return QoS.AT_LEAST_ONCE;
            case "2":
                return QoS.EXACTLY_ONCE;
            default:
                errors.add(MessageSubscriber.MAXIMUM_QOS + " is " + described(value)
                        + "; allowed is 0, 1 or 2, an Integer or a String");
                return QoS.AT_MOST_ONCE;
        }
    }

    private static String described(Object value) {
        return value == null ? "null" : value + " of type " + value.getClass().getName();
    }

    /** As subscriptions; what is retained comes for a filter that is new. */
    List<Subscription> subscriptions() {
        return filters.stream()
                .map(filter -> new Subscription(filter, maximumQos, false, false, RetainHandling.SEND_IF_NEW, 0))
                .toList();
    }
}
