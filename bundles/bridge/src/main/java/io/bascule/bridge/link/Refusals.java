/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Subscription;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.util.List;

/** Hears of each subscription that a broker does not grant. */
interface Refusals {

    void refused(TopicFilter filter, ReasonCode reason);

    /** Says which of these were not granted. */
    default void check(List<Subscription> subscriptions, List<ReasonCode> reasons) {
        for (int i = 0; i < subscriptions.size(); i++) {
            ReasonCode reason = i < reasons.size() ? reasons.get(i) : ReasonCode.PROTOCOL_ERROR;
            if (reason.isFailure()) {
                refused(subscriptions.get(i).filter(), reason);
            }
        }
    }
}
