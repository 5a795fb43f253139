/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Filters as a fleet of devices brings them about. Each device has a topic of eight levels, which three filters match: its own, one for all
 * that the device sends, and one for all devices of its site.
 */
final class Fleet {
    private static final int DEVICES_PER_SITE = 100;
    private static final int SITES_PER_REGION = 50;

    private final int devices;

    private Fleet(int devices) {
        this.devices = devices;
    }

    /** A fleet that brings about this many filters, give or take a few. */
    static Fleet ofFilters(int filters) {
        return new Fleet(Math.max(1, (int) (filters * (long) DEVICES_PER_SITE / (2 * DEVICES_PER_SITE + 1))));
    }

    /** All filters, in the order in which devices would happen to connect. */
    List<TopicFilter> filters() {
        List<TopicFilter> filters = new ArrayList<>(2 * devices + devices / DEVICES_PER_SITE + 1);
        for (int device = 0; device < devices; device++) {
            filters.add(TopicFilter.of(topic(device)));
            filters.add(TopicFilter.of("region/+/site/+/device/" + device + "/#"));
            if (device % DEVICES_PER_SITE == 0) {
                filters.add(TopicFilter.of(site(device) + "/device/+/state/#"));
            }
        }
        shuffle(filters);
        return filters;
    }

    /** Topics of that many devices, in no order. */
    Topic[] topics(int count) {
        SplittableRandom random = new SplittableRandom(1);
        Topic[] topics = new Topic[count];
        for (int i = 0; i < count; i++) {
            topics[i] = Topic.of(topic(random.nextInt(devices)));
        }
        return topics;
    }

    private static String topic(int device) {
        return site(device) + "/device/" + device + "/state/temperature";
    }

    private static String site(int device) {
        int site = device / DEVICES_PER_SITE;
        return "region/" + site / SITES_PER_REGION + "/site/" + site;
    }

    private static <T> void shuffle(List<T> list) {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = list.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            list.set(i, list.set(other, list.get(i)));
        }
    }
}
