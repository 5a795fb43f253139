/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.support.InFramework;
import org.junit.Test;

/** Bridges of a host without File Install, edited at its console. */
public class HostConfigurationIT extends InFramework {

    @Test(timeout = 60_000)
    public void configurationAdminIsEditedWhereThereAreNoFiles() {
        assertThat(console("mqtt:bridge-add b server=mqtt://far.invalid 'forward.out=out/# -> far/{#}'"))
                .isEqualTo("Added the bridge b.");
        assertThat(console("mqtt:bridge-set b keepalive=30s 'forward.more=more/#' --unset forward.out"))
                .isEqualTo("Changed keepalive, forward.more, forward.out of the bridge b.");
        assertThat(bridge("b").orElseThrow().routes())
                .extracting(BridgeStatus.Route::rule)
                .containsExactly("more/#");
        assertThat(console("mqtt:bridge-diff b")).isEqualTo("Nothing differs.");
        assertThatThrownBy(() -> console("mqtt:bridge-set b keepalive=30"))
                .hasMessageStartingWith("The bridge b is not changed: keepalive: \"30\" has no unit");

        assertThat(console("mqtt:bridge-remove b"))
                .startsWith("Removed the bridge b. Its sessions, with 0 messages, end at ");
        assertThat(bridge("b")).isEmpty();
    }
}
