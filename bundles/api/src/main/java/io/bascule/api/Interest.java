/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.TopicFilter;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is subscribed to in the broker within some range of topics, as it is now, by sessions of every kind, connected or not. Every method may
 * be called from any thread, and none blocks.
 */
@ProviderType
public interface Interest extends AutoCloseable {

    /**
     * The filters that anybody is subscribed to and that overlap the range, each once; of a Shared Subscription the filter behind the name.
     * From here on the next change is told again. After {@link #close()}, or when the broker has stopped, it is what it was then.
     *
     * @param atMost how many, 0 or more
     * @return empty where there are more than that
     */
    Optional<Set<TopicFilter>> filters(int atMost);

    /** Looks no longer. Nothing is told once this has taken effect on the executor. */
    @Override
    void close();
}
